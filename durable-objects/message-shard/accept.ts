/** Rows come in: those of a task by range, those of the API by call. Nothing is lost or doubled by a repeat. */
import {
  NO_CHUNK,
  type AcceptedRow,
  type AcceptOptions,
  type MessagesAccepted,
  type OwnContent,
  type RangeAccepted,
} from '../../schema/protocol/message-shard';
import { LEASE_MS, OUTBOX_RECHECK_MS, ROWS_PER_SHARD } from '../../schema/limits';
import { rawRows, rows, run } from '../kit/storage';
import { hourOf, readRecords, writeRecords } from './message-records';
import { NumberSet } from './number-set';
import { addChunk } from './release';
import type { ShardState } from './shard-state';
import { TASK_HOUR } from './tallies';

/** @param slices JSON arrays of AcceptedRow */
export function acceptRange(state: ShardState, range: number, slices: readonly string[]): RangeAccepted {
  const [known] = rows<{ answer: string }>(state.sql, 'SELECT answer FROM ranges WHERE range = ?', range);
  if (known) return JSON.parse(known.answer) as RangeAccepted;
  // Rows after the start would never be counted by the task, and nobody may bring a discarded revision back.
  if (state.progress.phase !== 'accepting') return { inserted: 0, duplicates: [] };
  const recipients = (state.recipients ??= recipientsSoFar(state));
  const duplicates: number[] = [];
  let inserted = 0;
  let position = 0;
  for (const slice of slices) {
    const fresh: AcceptedRow[] = [];
    for (const row of JSON.parse(slice) as AcceptedRow[]) {
      if (recipients.add(row[0])) fresh.push(row);
      else duplicates.push(position);
      position += 1;
    }
    inserted += fresh.length;
    insertRows(state, fresh, null);
  }
  const answer: RangeAccepted = { inserted, duplicates };
  run(state.sql, 'INSERT INTO ranges VALUES (?, ?)', range, JSON.stringify(answer));
  return answer;
}

function recipientsSoFar({ sql }: ShardState): NumberSet {
  const set = new NumberSet();
  for (const [recipient] of rawRows(sql, 'SELECT recipient FROM messages')) set.add(recipient as number);
  return set;
}

export function acceptedBefore(state: ShardState, repeatKey: string): MessagesAccepted | null {
  const [known] = rows<{ answer: string }>(state.sql, 'SELECT answer FROM repeats WHERE key = ?', repeatKey);
  return known ? (JSON.parse(known.answer) as MessagesAccepted) : null;
}

/** API messages: one chunk, leased at once, because its caller queues it; or, with a time, rows that wait for it. */
export function acceptMessages(
  state: ShardState,
  rowsJson: string,
  acceptedAt: number,
  repeatKey: string | null,
  { notBefore, hold }: AcceptOptions,
): MessagesAccepted | { readonly full: true } {
  const known = repeatKey === null ? null : acceptedBefore(state, repeatKey);
  if (known) {
    // Whoever repeats has perhaps held the money again.
    if (hold !== undefined) state.holds.add(hold);
    return known;
  }
  if (state.progress.phase !== 'running') return { full: true };
  const messages = JSON.parse(rowsJson) as AcceptedRow[];
  if (state.lastRow > 0 && state.lastRow + messages.length > ROWS_PER_SHARD) return { full: true };
  // Clocks of two Workers differ; rows of a shard stand in order of time, because readers rely on it.
  state.lastAcceptedAt = Math.max(state.lastAcceptedAt, acceptedAt);
  const firstRow = state.lastRow + 1;
  const count = messages.length;
  insertRows(state, messages, state.lastAcceptedAt);
  state.advance({ releasedTo: state.lastRow });
  if (hold !== undefined) state.holds.add(hold);
  const toSend = messages.flatMap(([, , , , , blocked], at) => (blocked ? [] : [firstRow + at]));
  const answer: MessagesAccepted = { firstRow, count, chunk: release(state, toSend, notBefore) };
  if (repeatKey !== null) run(state.sql, 'INSERT INTO repeats VALUES (?, ?)', repeatKey, JSON.stringify(answer));
  return answer;
}

/** @returns the chunk to queue */
function release(state: ShardState, toSend: readonly number[], notBefore: number | undefined): number {
  const [first] = toSend;
  if (first === undefined) return NO_CHUNK;
  if (notBefore !== undefined) {
    state.waits.schedule(toSend, notBefore);
    return NO_CHUNK;
  }
  const isRun = toSend.at(-1) === first + toSend.length - 1;
  const recheckMs = state.settings?.traffic === 'transactional' ? OUTBOX_RECHECK_MS : LEASE_MS;
  return addChunk(state, { first, list: isRun ? null : toSend }, 0, toSend.length, Date.now() + recheckMs, null);
}

const senderOf = (content: string | null): string => (JSON.parse(content ?? '{}') as Partial<OwnContent>).sender ?? '';

/** @param acceptedAt null for rows of a task, which share the time of its start */
function insertRows(state: ShardState, messages: readonly AcceptedRow[], acceptedAt: number | null): void {
  if (messages.length === 0) return;
  const perClass = new Map<number, number>();
  const blocked: [row: number, reason: string][] = [];
  const values: [recipient: number, classId: number, content: string | null][] = [];
  const ownSender = state.settings?.origin === 'api' ? senderOf : () => '';
  let previous: AcceptedRow | null = null;
  let previousSender = '';
  let classId = 0;
  for (const message of messages) {
    const [recipient, country, parts, price, content, reason] = message;
    const sender = ownSender(content);
    if (previous === null || previous[1] !== country || previous[2] !== parts || previous[3] !== price || previousSender !== sender) {
      classId = state.classes.find(country, parts, price, sender).id;
      previous = message;
      previousSender = sender;
    }
    perClass.set(classId, (perClass.get(classId) ?? 0) + 1);
    values.push([recipient, classId, content]);
    if (reason) blocked.push([state.lastRow + values.length, reason]);
  }
  run(
    state.sql,
    `INSERT INTO messages (row, recipient, class, accepted_at, content)
     SELECT ? + key, value ->> 0, value ->> 1, ?, value ->> 2 FROM json_each(?)`,
    state.lastRow + 1,
    acceptedAt,
    JSON.stringify(values),
  );
  const hour = acceptedAt === null ? TASK_HOUR : hourOf(acceptedAt);
  for (const [id, messagesOfClass] of perClass) state.tallies.add(hour, id, 'accepted', null, messagesOfClass);
  state.lastRow += messages.length;
  blockRows(state, blocked, acceptedAt);
}

/** Rows that are final from the start. */
function blockRows(state: ShardState, blocked: readonly (readonly [row: number, reason: string])[], at: number | null): void {
  if (blocked.length === 0) return;
  const reasons = new Map(blocked);
  const before = readRecords(state, [...reasons.keys()]);
  writeRecords(
    state,
    before,
    [...before.values()].map((record) => ({ ...record, state: 'blocked', error: reasons.get(record.row) ?? null, finalAt: at }) as const),
  );
}
