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

export async function applyReceipts(
  { objects }: Pick<Gateways, 'objects'>,
  shard: ShardNumber,
  receipts: readonly RowReceipt[],
): Promise<{ applied: number; ignored: number }> {
  return await objects.shard(shard).applyReceipts(JSON.stringify(receipts));
}
