/** Which rows go out next, once the carrier's pace allows them. */
import { CHUNK_MESSAGES, LEASE_MS } from '../../schema/limits';
import type { ShardState } from './shard-state';

/** Chunks of one shard that may lie in the queue unbegun: enough for the next batches, few enough to pause at once. */
export const CHUNKS_AHEAD = 8;
/** With this many rows waiting for another try the carrier is in trouble: no fresh rows until some got through. */
const RETRIES_BEFORE_FRESH = 1_000;

/** Messages that could be released now if the pace allowed it. */
export function releasable(state: ShardState, now: number): number {
  const { chunks, waits, progress, lastRow } = state;
  if (progress.phase !== 'running') return 0;
  const room = CHUNKS_AHEAD - chunks.waiting;
  if (room <= 0) return 0;
  const free = chunks.free().reduce((sum, { count }) => sum + count, 0);
  const { retries } = waits;
  const due = retries.nextAt !== null && retries.nextAt <= now ? retries.waiting : 0;
  const fresh = retries.waiting < RETRIES_BEFORE_FRESH ? lastRow - progress.releasedTo : 0;
  return Math.min(room * CHUNK_MESSAGES, free + due + fresh);
}

/**
 * Leases up to `granted` messages as chunks: what came back first, then what is to be tried again, then rows never released.
 * @returns the chunks to queue
 */
export function releaseRows(state: ShardState, granted: number, now: number): number[] {
  const released: number[] = [];
  const deadline = now + LEASE_MS;
  let left = granted;
  const lease = (first: number, count: number, list: readonly number[] | null): void => {
    const number = state.progress.nextChunk;
    state.advance({ nextChunk: number + 1 });
    state.chunks.add(number, { first, count, list }, deadline);
    released.push(number);
    left -= count;
  };
  for (const chunk of state.chunks.free()) {
    if (left <= 0) break;
    const { first, list } = chunk;
    const count = Math.min(chunk.count, left);
    state.chunks.remove(chunk);
    for (let at = 0; at < count; at += CHUNK_MESSAGES) {
      const size = Math.min(CHUNK_MESSAGES, count - at);
      lease(first + at, size, list === null ? null : list.slice(at, at + size));
    }
    if (count < chunk.count) {
      const number = state.progress.nextChunk;
      state.advance({ nextChunk: number + 1 });
      state.chunks.add(number, { first: first + count, count: chunk.count - count, list: list === null ? null : list.slice(count) }, null);
    }
  }
  const due = state.waits.takeDue(now, left);
  for (let at = 0; at < due.length; at += CHUNK_MESSAGES) {
    const list = due.slice(at, at + CHUNK_MESSAGES).sort((a, b) => a - b);
    lease(list[0] ?? 0, list.length, list);
  }
  if (state.waits.retries.waiting >= RETRIES_BEFORE_FRESH) return released;
  let { releasedTo } = state.progress;
  while (left > 0 && releasedTo < state.lastRow) {
    const count = Math.min(CHUNK_MESSAGES, left, state.lastRow - releasedTo);
    lease(releasedTo + 1, count, null);
    releasedTo += count;
  }
  state.advance({ releasedTo });
  return released;
}
