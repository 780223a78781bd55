/** Verified receipts into their shards: one call a shard, whatever the batch holds. */
import type { ShardNumber } from '../../schema/ids';
import type { ReceiptJob } from '../../schema/jobs';
import { decodeMessageId } from '../../schema/message-id';
import type { RowReceipt } from '../../schema/protocol/message-shard';
import type { Gateways } from '../gateways';

export interface ReceiptsOfShard<Source> {
  readonly shard: ShardNumber;
  readonly receipts: RowReceipt[];
  /** What these came from, so that the caller can say which of them are done. */
  readonly sources: Source[];
}

/** Groups by shard. `strays` name no message of ours: acknowledged, or the carrier would send them for a day. */
export function receiptsByShard<Source>(jobs: readonly (readonly [Source, ReceiptJob])[]): {
  groups: ReceiptsOfShard<Source>[];
  strays: Source[];
} {
  const groups = new Map<ShardNumber, ReceiptsOfShard<Source>>();
  const strays: Source[] = [];
  for (const [source, { ref, carrierId, status, errorCode, network, receivedAt }] of jobs) {
    const home = decodeMessageId(ref);
    if (!home || home.shard < 1 || home.row < 1) {
      strays.push(source);
      continue;
    }
    let group = groups.get(home.shard);
    if (!group) groups.set(home.shard, (group = { shard: home.shard, receipts: [], sources: [] }));
    group.receipts.push({ row: home.row, carrierId, status, errorCode, network, receivedAt });
    group.sources.push(source);
  }
  return { groups: [...groups.values()], strays };
}

/**
 * One receipt straight into its row, before the carrier is answered: from then on it cannot be lost, and it costs one object request instead
 * of a queue's three operations. A shard that does not take it now (being moved, overloaded) gets it from the queue.
 * @returns whether it names a message of ours
 */
export async function takeReceipt(gateways: Pick<Gateways, 'objects' | 'queues'>, job: ReceiptJob): Promise<boolean> {
  const [home] = receiptsByShard([[job, job]]).groups;
  if (!home) return false;
  try {
    await applyReceipts(gateways, home.shard, home.receipts);
  } catch (thrown) {
    console.error(JSON.stringify({ receipts: 'shard', unexpected: thrown instanceof Error ? thrown.name : typeof thrown }));
    await gateways.queues.receipts([job]);
  }
  return true;
}

export async function applyReceipts(
  { objects }: Pick<Gateways, 'objects'>,
  shard: ShardNumber,
  receipts: readonly RowReceipt[],
): Promise<{ applied: number; ignored: number }> {
  return await objects.shard(shard).applyReceipts(JSON.stringify(receipts));
}
