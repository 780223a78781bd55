/** New rows, counted, and those that are final from the start. */
import { BOUND_CHARACTERS } from '../../schema/limits';
import type { ApiRow, OwnContent, TaskRow } from '../../schema/protocol/message-shard';
import { jsonSlices } from '../../workers/rules/json-slices';
import { run } from '../kit/storage';
import { hourOf, readRecords, writeRecords } from './message-records';
import type { ShardState } from './shard-state';
import { TASK_HOUR } from './tallies';

const INSERT = 'INSERT INTO messages (row, recipient, class, accepted_at, content)';
const senderOf = (content: string): string => (JSON.parse(content) as Partial<OwnContent>).sender ?? '';

/** @param acceptedAt null for rows of a task, which share the time of its start */
export function insertRows(state: ShardState, messages: readonly (TaskRow | ApiRow)[], acceptedAt: number | null): void {
  if (messages.length === 0) return;
  const perClass = new Map<number, number>();
  const blocked: [row: number, reason: string][] = [];
  const values: RowValues[] = [];
  // A call often says the same to all, and a file often goes to one country.
  let saysTheSame = true;
  let isOneClass = true;
  let previous: TaskRow | ApiRow | null = null;
  let previousSender = '';
  let sender = '';
  let classId = 0;
  for (const message of messages) {
    const [recipient, country, parts, price, content, reason] = message;
    const isOtherContent = previous === null || previous[4] !== content;
    // Rows of a task have that of their shard.
    if (isOtherContent) sender = typeof content === 'string' ? senderOf(content) : '';
    const isOtherClass =
      previous === null || previous[1] !== country || previous[2] !== parts || previous[3] !== price || previousSender !== sender;
    if (isOtherClass) classId = state.classes.find(country, parts, price, sender).id;
    if (previous !== null && isOtherContent) saysTheSame = false;
    if (previous !== null && isOtherClass) isOneClass = false;
    previous = message;
    previousSender = sender;
    perClass.set(classId, (perClass.get(classId) ?? 0) + 1);
    values.push([recipient, classId, content]);
    if (reason) blocked.push([state.lastRow + values.length, reason]);
  }
  const first = messages[0]?.[4] ?? null;
  // Values of a file's row are no text yet: SQLite makes it, one row as many.
  const shared = saysTheSame && (first === null || typeof first === 'string') ? { content: first } : null;
  insertValues(state, state.lastRow + 1, values, acceptedAt, shared, isOneClass);
  const hour = acceptedAt === null ? TASK_HOUR : hourOf(acceptedAt);
  for (const [id, messagesOfClass] of perClass) state.tallies.add(hour, id, 'accepted', null, messagesOfClass);
  state.lastRow += messages.length;
  blockRows(state, blocked, acceptedAt);
}

type RowValues = readonly [recipient: number, classId: number, content: ApiRow[4] | TaskRow[4]];

/** What all rows share is bound once: a plain list costs SQLite half of what tuples do, and a text that is said to many is not read for each. */
function insertValues(
  { sql }: ShardState,
  firstRow: number,
  values: readonly RowValues[],
  acceptedAt: number | null,
  shared: { readonly content: string | null } | null,
  isOneClass: boolean,
): void {
  if (shared && isOneClass) {
    const query = `${INSERT} SELECT ? + key, value, ?, ?, ? FROM json_each(?)`;
    run(sql, query, firstRow, values[0]?.[1] ?? 0, acceptedAt, shared.content, JSON.stringify(values.map(([recipient]) => recipient)));
  } else if (shared) {
    const query = `${INSERT} SELECT ? + key, value ->> 0, value ->> 1, ?, ? FROM json_each(?)`;
    run(sql, query, firstRow, acceptedAt, shared.content, JSON.stringify(values.map(([recipient, ofClass]) => [recipient, ofClass])));
  } else {
    const query = `${INSERT} SELECT ? + key, value ->> 0, value ->> 1, ?, value ->> 2 FROM json_each(?)`;
    for (const { first, json } of jsonSlices(values, BOUND_CHARACTERS)) run(sql, query, firstRow + first, acceptedAt, json);
  }
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
