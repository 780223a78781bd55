/** Where the kinds that export messages read them, and how they go on in it. */
import { z } from 'zod';
import type { ShardNumber, TenantId } from '../../../schema/ids';
import type { Dataset } from '../../../schema/states';
import { logSegments } from '../../messages/log-segments';
import type { LogSegment, LogSource } from '../../messages/search-source';
import type { BatchSize } from '../batch-size';
import type { KindGateways, LineBatch, RowSource } from '../kind';

/** Behind row `after` of `shard`, or behind the whole shard when `after` is null. */
const LogPlace = z.object({
  startedAt: z.number().int(),
  shard: z
    .number()
    .int()
    .positive()
    .transform((n) => n as ShardNumber),
  after: z.number().int().nullable(),
});

type Filter = Parameters<LogSource['oldest']>[0];
type ReadBatch = (
  segment: LogSegment,
  after: number,
  maxRows: number,
) => Promise<Omit<LineBatch, 'place'> & { readonly next: number | null }>;

/** Below every row number. */
const BEFORE_ALL_ROWS = -1;
/** Segments asked at once for their number of rows, and asked at all: beyond that the bar grows with the file. */
const COUNTS_AT_ONCE = 6;
const SEGMENTS_COUNTED = 1_000;

/** Oldest first, by (start of the segment, shard, row). */
export function messagesOf(gateways: KindGateways, tenant: TenantId, dataset: Dataset, filter: Filter, read: ReadBatch): RowSource {
  const source = logSegments(gateways, tenant, dataset);
  return {
    rowsAtMost: () => countRows(source, filter),
    async *batches(from, size) {
      const place = from === null ? null : LogPlace.parse(from);
      for await (const segment of source.oldest(filter, place && shardBelow(place))) {
        const { startedAt, shard } = segment;
        const first = place?.shard === shard ? place.after : null;
        yield* segmentBatches(segment, startedAt, shard, first ?? BEFORE_ALL_ROWS, size, read);
      }
    },
  };
}

async function* segmentBatches(
  segment: LogSegment,
  startedAt: number,
  shard: ShardNumber,
  first: number,
  size: BatchSize,
  read: ReadBatch,
): AsyncGenerator<LineBatch> {
  for (let after: number | null = first; after !== null;) {
    const { next, ...batch }: Awaited<ReturnType<ReadBatch>> = await read(segment, after, size.rows);
    after = next;
    yield { ...batch, place: { startedAt, shard, after } };
  }
}

/** A shard that is not done comes first again: it is the first one above the number below its own. */
const shardBelow = ({ startedAt, shard, after }: z.infer<typeof LogPlace>): { startedAt: number; shard: ShardNumber } => ({
  startedAt,
  shard: after === null ? shard : ((shard - 1) as ShardNumber),
});

/** An upper bound for the progress bar. */
async function countRows(source: LogSource, filter: Filter): Promise<number> {
  let total = 0;
  let segments = 0;
  let asked: Promise<number>[] = [];
  const collect = async (): Promise<void> => {
    for (const rows of await Promise.all(asked)) total += rows;
    asked = [];
  };
  for await (const segment of source.oldest(filter, null)) {
    segments += 1;
    if (segments > SEGMENTS_COUNTED) break;
    asked.push(segment.rowsAtMost());
    if (asked.length === COUNTS_AT_ONCE) await collect();
  }
  await collect();
  return total;
}
