/** Messages that the carrier took and then tells of, as a shard hears it. */
import { apiRows, type TestShard } from './shards';

/** Rows that the carrier took, so that receipts may come. */
export async function submitted({ shard }: Pick<TestShard, 'shard'>, count: number, row: object = {}): Promise<void> {
  await shard.acceptMessages(JSON.stringify(apiRows(count, undefined, row)), Date.now(), null);
  await shard.claim(1, 0, '[]');
  const results = Array.from({ length: count }, (_, at) => ({
    row: at + 1,
    outcome: { kind: 'submitted', carrierIds: [`c${at}`], network: null },
  }));
  await shard.settle(1, JSON.stringify(results));
}

/** @param from number of the first row */
export const receipts = (count: number, status = 'delivered', errorCode = 0, from = 1): string =>
  JSON.stringify(
    Array.from({ length: count }, (_, at) => ({
      row: at + from,
      carrierId: `c${at + from - 1}`,
      status,
      errorCode,
      network: '46000',
      receivedAt: Date.parse('2026-11-23T03:00:00Z'),
    })),
  );
