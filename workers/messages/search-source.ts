/**
 * Where the log is read from. The log is a set of segments: each holds the rows of one shard in order and knows when they were
 * received: a live shard answers for its own rows, a sealed one is read from its archive file under the same number.
 */
import type { LogFilter } from '../../schema/console';
import type { ShardNumber } from '../../schema/ids';
import type { LineFormat, LogRow } from '../../schema/protocol/message-shard';
import type { LogPosition } from '../rules/log-cursor';

/** Times are inclusive, ms UTC. Within a segment a later row was never received earlier. */
export interface SegmentPlace {
  readonly shard: ShardNumber;
  /** When the shard began; the same before and after it is sealed. */
  readonly startedAt: number;
  /** No row was received later than this. */
  readonly untilAt: number;
  /** About how many of its rows match; null = nobody knows before it is asked. */
  readonly likelyRows: number | null;
}

interface SegmentLines {
  readonly bytes: Uint8Array;
  readonly isOwn: boolean;
  readonly rows: number;
  /** Where to go on; null at the segment's end. */
  readonly next: number | null;
}

export interface LogSegment extends SegmentPlace {
  /** Matching rows below `before`, newest first. */
  page(before: LogPosition | null, limit: number): Promise<readonly LogRow[]>;
  /** Matching rows above row number `after`, oldest first; `next` is null at the segment's end. A batch may be short or empty and not the last. */
  rows(after: number, maxRows: number): Promise<{ readonly rows: readonly LogRow[]; readonly next: number | null }>;
  /** The same rows as csv lines. Bytes that are not the answer's own are good until the next call to any segment of the same source: their buffer is used again. */
  lines(after: number, maxRows: number, format: LineFormat): Promise<SegmentLines>;
  /** At least as many as match. */
  rowsAtMost(): Promise<number>;
}

/** Segments that may hold rows of one filter of one tenant. */
export interface LogSource {
  /** Ordered by (untilAt, shard), latest first; those wholly above `before` are left out. */
  newest(filter: LogFilter, before: LogPosition | null): AsyncIterable<LogSegment>;
  /** Ordered by (startedAt, shard), earliest first, above `after`. The same for the same arguments, as long as the filter ends in the past. */
  oldest(filter: LogFilter, after: Pick<LogSegment, 'startedAt' | 'shard'> | null): AsyncIterable<LogSegment>;
}
