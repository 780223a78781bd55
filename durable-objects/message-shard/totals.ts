/** What a shard says of itself: absolute, so that saying it twice changes nothing. */
import type { ShardTotals } from '../../schema/protocol/message-shard';
import type { MessageState } from '../../schema/states';
import type { ShardState } from './shard-state';

/** Accepted rows in a chunk, or on their way back into one: released at least once and not waiting for another try. */
function queuedOf(state: ShardState, accepted: number): number {
  const neverReleased = state.lastRow - state.progress.releasedTo;
  return Math.max(0, accepted - neverReleased - state.waits.retries.waiting);
}

/** Nothing left to release, claim or wait for. */
export function isDone(state: ShardState): boolean {
  const { phase } = state.progress;
  if (phase === 'new' || phase === 'accepting' || phase === 'stopping') return false;
  return state.tallies.countOf('accepted') === 0 && state.tallies.countOf('submitted') === 0;
}

export function totalsOf(state: ShardState): ShardTotals {
  const byState: Partial<Record<MessageState, number>> = {};
  let parts = 0;
  let all = 0;
  for (const { classId, state: of, messages } of state.tallies.cells()) {
    const one = state.classes.of(classId);
    all += messages;
    parts += messages * one.parts;
    if (messages !== 0) byState[of] = (byState[of] ?? 0) + messages;
  }
  // After a stop nothing is queued any more, though what was claimed may still be answered.
  const accepted = byState.accepted ?? 0;
  const queued = queuedOf(state, accepted);
  if (queued > 0) byState.queued = queued;
  if (accepted - queued > 0) byState.accepted = accepted - queued;
  else delete byState.accepted;
  return { rows: all, byState, costMicros: state.tallies.costMicros, parts, done: isDone(state), version: state.version };
}
