/** Work that goes through all rows of a shard, one slice an alarm: cancelling after a stop, and expiring what waited too long. */
import { MESSAGE_LIFETIME_MS } from '../../schema/limits';
import { messageStateCode, type MessageState } from '../../schema/states';
import { rawRows, rows, run } from '../kit/storage';
import { hourOf, readRecords, writeRecords } from './message-records';
import { ANSWER_LOST, isUnanswered } from './result-rules';
import type { ShardState } from './shard-state';

const ROWS_PER_SLICE = 20_000;
const EXPIRY_EVERY_MS = 60 * 60 * 1_000;
const ACCEPTED = messageStateCode('accepted');
const SUBMITTED = messageStateCode('submitted');

/** @returns whether more is left */
export function cancelSlice(state: ShardState, now: number): boolean {
  if (state.progress.phase !== 'stopping') return false;
  const after = state.progress.walkAfter ?? 0;
  const until = after + ROWS_PER_SLICE;
  // Rows that were claimed are with the carrier, or will be in a moment: they finish.
  const where = 'row > ? AND row <= ? AND state = ? AND row NOT IN (SELECT value FROM json_each(?))';
  changeAll(state, where, [after, until, ACCEPTED, JSON.stringify(state.chunks.pendingRows())], 'accepted', 'cancelled', null, now);
  if (until < state.lastRow) {
    state.advance({ walkAfter: until });
    return true;
  }
  for (const chunk of state.chunks.free()) state.chunks.remove(chunk);
  state.waits.forgetAllRetries();
  state.advance({ walkAfter: null });
  state.turn('stopped');
  return false;
}

/** One message that waits for its time. @returns false when it does not */
export function cancelScheduled(state: ShardState, row: number, now: number): boolean {
  if (!state.waits.unschedule(row)) return false;
  const before = readRecords(state, [row]);
  writeRecords(
    state,
    before,
    [...before.values()].map((record) => ({ ...record, state: 'cancelled', finalAt: now }) as const),
  );
  return true;
}

/** Rows submitted MESSAGE_LIFETIME_MS ago without a receipt since: the carrier has given up on them, so they are `unknown`. */
export function expireSlice(state: ShardState, now: number): boolean {
  const { expireAt, phase } = state.progress;
  if (expireAt === null || expireAt > now || phase === 'stopping') return false;
  const after = state.progress.walkAfter ?? 0;
  const until = after + ROWS_PER_SLICE;
  const oldest = now - MESSAGE_LIFETIME_MS;
  const where = 'row > ? AND row <= ? AND state = ? AND submitted_at <= ?';
  changeAll(state, where, [after, until, SUBMITTED, oldest], 'submitted', 'unknown', 'no_receipt', now);
  if (until < state.lastRow) {
    state.advance({ walkAfter: until });
    return true;
  }
  const [left] = rows<{ at: number | null }>(state.sql, 'SELECT min(submitted_at) AS at FROM messages WHERE state = ?', SUBMITTED);
  const next = left?.at ?? null;
  state.advance({ walkAfter: null, expireAt: next === null ? null : Math.max(next + MESSAGE_LIFETIME_MS, now + EXPIRY_EVERY_MS) });
  return false;
}

function changeAll(
  state: ShardState,
  where: string,
  bindings: (string | number)[],
  from: MessageState,
  to: MessageState,
  error: string | null,
  now: number,
): void {
  const counted = rawRows(
    state.sql,
    `SELECT class, accepted_at, count(*) FROM messages WHERE ${where} GROUP BY class, accepted_at`,
    ...bindings,
  );
  for (const [classId, acceptedAt, messages] of counted as [number, number | null, number][]) {
    state.tallies.add(hourOf(acceptedAt), classId, from, null, -messages);
    state.tallies.add(hourOf(acceptedAt), classId, to, error, messages);
  }
  if (counted.length === 0) return;
  state.announcements.noteAll(state, to, where, bindings);
  run(state.sql, `UPDATE messages SET state = ?, error = ?, final_at = ? WHERE ${where}`, messageStateCode(to), error, now, ...bindings);
}

const OVERDUE_PER_SLICE = 1_000;

/** Lost answers whose receipt did not come in time. @returns whether more is left */
export function giveUpUnanswered(state: ShardState, now: number): boolean {
  const overdue = state.waits.overdue(now, OVERDUE_PER_SLICE);
  if (overdue.length === 0) return false;
  const before = readRecords(state, overdue);
  const lost = [...before.values()].filter(isUnanswered);
  writeRecords(
    state,
    before,
    lost.map((record) => ({ ...record, state: 'unknown', error: ANSWER_LOST, finalAt: now }) as const),
  );
  state.waits.stopAwaiting(overdue);
  return overdue.length === OVERDUE_PER_SLICE;
}
