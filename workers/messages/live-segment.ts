/** A live shard as a segment of the log: it answers for its own rows, until it says that it was sealed. */
import type { ShardFilter } from '../../schema/protocol/message-shard';
import { isSealed, type Sealed } from '../../schema/protocol/message-shard';
import type { Objects } from '../gateways/objects';
import { belowPosition } from './segment-filter';
import type { LogSegment, SegmentPlace } from './search-source';

/** @param sealed the same segment in the archive: row numbers are the same there, so whatever was begun goes on */
export function liveSegment(objects: Objects, place: SegmentPlace, filter: ShardFilter, sealed: () => LogSegment): LogSegment {
  const { shard } = place;
  let archived: LogSegment | null = null;
  /** Asks the shard, or once it is sealed the archive. */
  const ask = async <Answer extends object>(
    live: () => Promise<Answer | Sealed>,
    later: (segment: LogSegment) => Promise<Answer>,
  ): Promise<Answer> => {
    if (!archived) {
      const answer = await live();
      if (!isSealed(answer)) return answer;
      archived = sealed();
    }
    return await later(archived);
  };
  return {
    ...place,
    page: (before, limit) =>
      ask(
        () => objects.shard(shard).page(belowPosition(filter, shard, before), before?.shard === shard ? before.row : null, limit),
        (segment) => segment.page(before, limit),
      ),
    rows: (after, maxRows) =>
      ask(
        () => objects.shard(shard).rowsAfter(filter, after, maxRows),
        (segment) => segment.rows(after, maxRows),
      ),
    lines: (after, maxRows, format) =>
      ask(
        async () => {
          const answer = await objects.shard(shard).exportLines(filter, after, maxRows, format);
          return isSealed(answer) ? answer : { ...answer, isOwn: true };
        },
        (segment) => segment.lines(after, maxRows, format),
      ),
    rowsAtMost: async () => (await objects.shard(shard).totals()).rows,
  };
}
