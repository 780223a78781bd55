/** What a shard says of itself: absolute, so that saying it twice changes nothing. */
import type { Iso2 } from '../../schema/ids';
import type { ShardTotals } from '../../schema/protocol/message-shard';
import { FREE_MESSAGE_STATES, type MessageState } from '../../schema/states';
import type { ShardState } from './shard-state';
import { HOUR_MS, TASK_HOUR } from './tallies';

const isFree = (state: MessageState): boolean => FREE_MESSAGE_STATES.some((free) => free === state);

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
  let costMicros = 0;
  let parts = 0;
  let all = 0;
  for (const { classId, state: of, messages } of state.tallies.cells()) {
    const one = state.classes.of(classId);
    all += messages;
    parts += messages * one.parts;
    if (!isFree(of)) costMicros += messages * one.price;
    if (messages !== 0) byState[of] = (byState[of] ?? 0) + messages;
  }
  // After a stop nothing is queued any more, though what was claimed may still be answered.
  const accepted = byState.accepted ?? 0;
  const queued = queuedOf(state, accepted);
  if (queued > 0) byState.queued = queued;
  if (accepted - queued > 0) byState.accepted = accepted - queued;
  else delete byState.accepted;
  return { rows: all, byState, costMicros, parts, done: isDone(state), version: state.version };
}

export interface HourTotals {
  /** UTC hour of acceptance, ms. */
  readonly hourAt: number;
  readonly country: Iso2;
  /** `accepted` holds what is queued as well. */
  readonly state: MessageState;
  readonly messages: number;
  readonly parts: number;
  readonly costMicros: number;
}

/** Zeros included: they overwrite what was there before. Empty until a task has started, for its rows belong to no hour yet. */
export function totalsByHour(state: ShardState): HourTotals[] {
  const startedAt = state.progress.startedAt ?? 0;
  const cells = new Map<string, HourTotals>();
  for (const { hour, classId, state: of, messages } of state.tallies.cells()) {
    const { country, parts, price } = state.classes.of(classId);
    const hourAt = hour === TASK_HOUR ? Math.floor(startedAt / HOUR_MS) * HOUR_MS : hour;
    const name = `${hourAt} ${country} ${of}`;
    const known = cells.get(name);
    cells.set(name, {
      hourAt,
      country,
      state: of,
      messages: (known?.messages ?? 0) + messages,
      parts: (known?.parts ?? 0) + messages * parts,
      costMicros: (known?.costMicros ?? 0) + (isFree(of) ? 0 : messages * price),
    });
  }
  return [...cells.values()];
}
