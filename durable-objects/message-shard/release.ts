/** Which rows go out next, once the carrier's pace allows them. */
import type { CarrierAccountId } from '../../schema/ids';
import { CHUNK_MESSAGES, LEASE_MS } from '../../schema/limits';
import type { Chunk } from './chunks';
import type { ShardState } from './shard-state';

/** Chunks of one shard that may lie in the queue unbegun: enough for the next batches, few enough to pause at once. */
const CHUNKS_AHEAD = 8;
/** Released several at a time: each release is a call to the pacer, a transaction and a call to the queue. */
const CHUNKS_LOW = CHUNKS_AHEAD / 2;
/** With this many rows waiting for another try the carrier is in trouble: no fresh rows until some got through. */
const RETRIES_BEFORE_FRESH = 1_000;

/**
 * Rows up to this one may be released: those of a task once they were held against the mainland frequency caps. API messages were judged by
 * their key, and a test key reaches nobody.
 */
export const judgedRows = ({ settings, progress, lastRow }: ShardState): number =>
  settings?.origin === 'task' && !settings.test ? Math.max(progress.judgedTo, progress.releasedTo) : lastRow;

/** Messages that could be released now if the pace allowed it. */
export function releasable(state: ShardState, now: number): number {
  const { chunks, waits, progress, lastRow } = state;
  if (progress.phase !== 'running') return 0;
  if (chunks.waiting > CHUNKS_LOW) return 0;
  const room = CHUNKS_AHEAD - chunks.waiting;
  const free = chunks.free().reduce((sum, { count }) => sum + count, 0);
  const { retries } = waits;
  const due = retries.nextAt !== null && retries.nextAt <= now ? waits.countDue(now) : 0;
  const judged = judgedRows(state);
  // With none left that was judged, the next ones are judged first.
  const judgedTo = judged > progress.releasedTo ? judged : lastRow;
  const fresh = retries.waiting < RETRIES_BEFORE_FRESH ? judgedTo - progress.releasedTo : 0;
  return Math.min(room * CHUNK_MESSAGES, free + due + fresh);
}

/**
 * Leases up to `granted` messages as chunks that go through `account`: what came back first, then what is to be tried again, then rows never released.
 * @returns the chunks to queue
 */
export function releaseRows(state: ShardState, account: CarrierAccountId | '', granted: number, now: number): number[] {
  const released: number[] = [];
  const deadline = now + LEASE_MS;
  let left = granted;
  /** Leases `count` rows of a place from its `at`-th on, in chunks. */
  const lease = (place: Place, at: number, count: number): void => {
    for (let from = at; from < at + count; from += CHUNK_MESSAGES) {
      released.push(addChunk(state, place, from, Math.min(CHUNK_MESSAGES, at + count - from), deadline, account));
    }
    left -= count;
  };
  for (const chunk of state.chunks.free()) {
    const count = Math.min(chunk.count, left);
    if (count === 0) break;
    state.chunks.remove(chunk);
    lease(chunk, 0, count);
    if (count < chunk.count) addChunk(state, chunk, count, chunk.count - count, null, null);
  }
  const due = state.waits.takeDue(now, left).sort((a, b) => a - b);
  lease({ first: due[0] ?? 0, list: due }, 0, due.length);
  if (state.waits.retries.waiting >= RETRIES_BEFORE_FRESH) return released;
  const { releasedTo } = state.progress;
  const fresh = Math.min(left, judgedRows(state) - releasedTo);
  lease({ first: releasedTo + 1, list: null }, 0, fresh);
  if (fresh > 0) state.advance({ releasedTo: releasedTo + fresh });
  return released;
}

type Place = Pick<Chunk, 'first' | 'list'>;

/** @returns the new chunk's number, which no queue message has borne before */
export function addChunk(
  state: ShardState,
  { first, list }: Place,
  from: number,
  count: number,
  deadline: number | null,
  account: Chunk['account'],
): number {
  const number = state.progress.nextChunk;
  state.advance({ nextChunk: number + 1 });
  state.chunks.add(number, { first: first + from, count, list: list === null ? null : list.slice(from, from + count) }, deadline, account);
  return number;
}
