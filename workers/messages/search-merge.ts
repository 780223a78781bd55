/** One page of the log, merged from as many segments as can contribute to it and no more. */
import type { LogFilter } from '../../schema/console';
import type { LogRow } from '../../schema/protocol/message-shard';
import { decodeMessageId } from '../../schema/message-id';
import { ABOVE_ALL_ROWS, newerFirst, type LogPosition } from '../rules/log-cursor';
import type { LogSegment, LogSource } from './search-source';

/** Segments asked at once: as many as are likely to fill the page, which is one or two mostly and many where rows are rare. */
const WAVE_MAX = 48;
/** What nobody knows of is taken for half a page. */
const UNKNOWN_SHARE = 0.5;

export interface LogPage {
  readonly rows: readonly LogRow[];
  /** Where the next page goes on; null when nothing can follow. */
  readonly next: LogPosition | null;
}

interface Found {
  readonly row: LogRow;
  readonly at: LogPosition;
}

const topOf = (segment: LogSegment): LogPosition => ({ receivedAt: segment.untilAt, shard: segment.shard, row: ABOVE_ALL_ROWS });
const isNewer = (a: LogPosition, b: LogPosition): boolean => newerFirst(a, b) < 0;

/**
 * @param before null = from the newest row on
 * @param deadlineAt ms UTC: after it the page ends where the search stands, so that a rare row in thousands of shards does not hold the
 * reader up. Such a page may be short or empty and still have a next one.
 */
export async function mergePage(
  source: LogSource,
  filter: LogFilter,
  before: LogPosition | null,
  limit: number,
  deadlineAt: number,
): Promise<LogPage> {
  const segments = source.newest(filter, before)[Symbol.asyncIterator]();
  let found: Found[] = [];
  let lastOfPage: LogPosition | undefined;
  /** Rows that the next wave should bring: more each time, for what was likely did not come true. */
  let wanted = limit;
  let isFirst = true;
  let pending = await segments.next();
  while (!pending.done) {
    const top = topOf(pending.value);
    // Segments come latest first: when this one can't reach into the page, none of the rest can.
    if (lastOfPage && isNewer(lastOfPage, top)) break;
    if (!isFirst && Date.now() > deadlineAt && hasMoved(pending.value, before)) {
      return { rows: found.filter(({ at }) => isNewer(at, top)).map(({ row }) => row), next: top };
    }
    isFirst = false;
    const wave: LogSegment[] = [];
    for (let likely = 0; !pending.done && likely < wanted && wave.length < WAVE_MAX; pending = await segments.next()) {
      wave.push(pending.value);
      likely += pending.value.likelyRows ?? limit * UNKNOWN_SHARE;
    }
    wanted *= 2;
    const pages = await Promise.all(wave.map((segment) => segment.page(before, limit + 1)));
    found = [...found, ...pages.flat().flatMap(placed)].sort((a, b) => newerFirst(a.at, b.at)).slice(0, limit + 1);
    lastOfPage = found[limit - 1]?.at;
  }
  const more = found.length > limit || (lastOfPage !== undefined && !pending.done);
  return { rows: found.slice(0, limit).map(({ row }) => row), next: more && lastOfPage ? lastOfPage : null };
}

/** Ending the page here must bring the reader on, not back to a time at which many shards still wait to be asked. */
const hasMoved = (segment: LogSegment, before: LogPosition | null): boolean =>
  before === null || (isNewer(before, topOf(segment)) && (segment.untilAt < before.receivedAt || segment.startedAt === segment.untilAt));

function placed(row: LogRow): Found[] {
  const home = decodeMessageId(row.id);
  return home ? [{ row, at: { receivedAt: row.receivedAt, shard: home.shard, row: home.row } }] : [];
}
