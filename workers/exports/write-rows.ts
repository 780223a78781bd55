/** From rows to parts in R2: reads the log oldest first, from a checkpoint, until the rows or the step's time are over. */
import { EXPORT_PART_BYTES } from '../../schema/limits';
import type { ShardNumber } from '../../schema/ids';
import { exportKey } from '../../schema/storage-keys';
import type { Gateways } from '../gateways';
import type { ExportRow } from '../gateways/stores/exports';
import { liveShards } from '../messages/search-live-shards';
import type { LogSource } from '../messages/search-source';
import type { ExportCheckpoint, ExportPosition } from '../rules/export-checkpoint';
import { logHeader } from '../rules/log-lines';
import { BatchSize } from './batch-size';
import { packCarry, unpackCarry } from './carry';
import type { HeldExport } from './held-export';
import { PackedLines } from './packed-lines';
import { PartWriter } from './part-writer';
import type { ExportPlan } from './plan';

type WriteGateways = Pick<Gateways, 'tenant' | 'objects' | 'files'>;

/** Below every row number. */
const BEFORE_ALL_ROWS = -1;
const EMPTY: ExportCheckpoint = {
  phase: 'reading',
  multipart: null,
  etags: [],
  carry: { kind: 'inline', base64: '' },
  position: null,
  rows: 0,
  bytes: 0,
  stored: 0,
  members: [],
};
/** Shards asked at once for their number of rows, and asked at all: beyond that the bar grows with the file. */
const COUNTS_AT_ONCE = 6;
const SHARDS_COUNTED = 1_000;

/** What the bytes have reached; a checkpoint is made from it when they are stored. */
type Reached = Pick<ExportCheckpoint, 'position' | 'rows' | 'bytes'> & { readonly members: number };

/** @returns what the file is once its parts are joined; null when `deadlineAt` came first: the checkpoint then says where to go on */
export async function writeRows(
  gateways: WriteGateways,
  held: HeldExport,
  row: ExportRow,
  plan: ExportPlan,
  deadlineAt: number,
): Promise<ExportCheckpoint | null> {
  const { files } = gateways;
  const { tenantId: tenant, id } = row;
  const key = exportKey(tenant, id);
  const source = liveShards(gateways, tenant);
  const filter = { ...plan.request.filter, receivedUntil: plan.until };
  const from = held.done ?? EMPTY;
  if (held.done === null) held.expect(await countRows(source, filter));

  let { multipart, position, rows, bytes } = from;
  const members = [...from.members];
  const checkpoint = async (reached: Reached, etags: readonly string[], carry: Uint8Array): Promise<ExportCheckpoint> => ({
    phase: 'reading',
    multipart,
    etags: [...etags],
    carry: await packCarry(files, tenant, id, carry),
    stored: etags.length * EXPORT_PART_BYTES + carry.byteLength,
    ...reached,
    members: members.slice(0, reached.members),
  });
  const parts = new PartWriter<Reached>(
    {
      async store(number, part) {
        if (multipart === null) {
          multipart = await files.beginParts(key);
          // Known to the row before the first part, so that whoever cancels can drop it.
          await held.save({ ...(held.done ?? EMPTY), multipart });
        }
        return (await files.writePart(key, multipart, number, part)).etag;
      },
      async stored({ etags, carry, place }) {
        await held.save(await checkpoint(place, etags, carry));
      },
    },
    EXPORT_PART_BYTES,
    from.etags,
    await unpackCarry(files, from.carry),
  );
  const lines = new PackedLines();
  const reached = (): Reached => ({ position, rows, bytes, members: members.length });
  /** After it, everything read so far is with the parts. */
  const packLines = async (): Promise<void> => {
    if (lines.waiting === 0) return;
    const { plain, packed } = lines.take();
    members.push(plain, packed.byteLength);
    await parts.write(packed, reached());
  };
  const add = (more: Uint8Array): void => {
    lines.add(more);
    bytes += more.byteLength;
  };

  if (bytes === 0) add(logHeader(plan.format.locale, plan.request.bom));
  const size = new BatchSize(held.failures > 0);
  for await (const segment of source.oldest(filter, position && shardBelow(position))) {
    let after: number | null = (position?.shard === segment.shard ? position.after : null) ?? BEFORE_ALL_ROWS;
    while (after !== null) {
      const batch = await segment.lines(after, size.rows, plan.format);
      size.saw(batch.rows, batch.bytes.byteLength);
      add(batch.bytes);
      rows += batch.rows;
      after = batch.next;
      position = { startedAt: segment.startedAt, shard: segment.shard, after };
      if (lines.isFull) await packLines();
      await held.progress(rows, bytes);
      if (Date.now() < deadlineAt) continue;
      await packLines();
      const { etags, carry } = await parts.settle();
      await held.handOver(await checkpoint(reached(), etags, carry));
      return null;
    }
  }
  await packLines();
  const { etags, carry: last } = await parts.settle();
  const whole = { ...reached(), stored: parts.bytes, multipart, carry: EMPTY.carry, members };
  if (multipart === null) {
    held.wrote(rows, bytes);
    // Whoever has lost the lease must not write over the file of another step.
    await held.renew();
    await files.write(key, last);
    return { ...whole, phase: 'reading', etags: [] };
  }
  const lastEtags = last.byteLength === 0 ? [] : [(await files.writePart(key, multipart, etags.length + 1, last)).etag];
  const joining: ExportCheckpoint = { ...whole, phase: 'joining', etags: [...etags, ...lastEtags] };
  await held.save(joining);
  return joining;
}

/** A shard that is not done comes first again: it is the first one above the number below its own. */
const shardBelow = ({ startedAt, shard, after }: ExportPosition): { startedAt: number; shard: ShardNumber } => ({
  startedAt,
  shard: after === null ? shard : ((shard - 1) as ShardNumber),
});

/** An upper bound for the progress bar. */
async function countRows(source: LogSource, filter: Parameters<LogSource['oldest']>[0]): Promise<number> {
  let total = 0;
  let shards = 0;
  let asked: Promise<number>[] = [];
  const collect = async (): Promise<void> => {
    for (const rows of await Promise.all(asked)) total += rows;
    asked = [];
  };
  for await (const segment of source.oldest(filter, null)) {
    shards += 1;
    if (shards > SHARDS_COUNTED) break;
    asked.push(segment.rowsAtMost());
    if (asked.length === COUNTS_AT_ONCE) await collect();
  }
  await collect();
  return total;
}
