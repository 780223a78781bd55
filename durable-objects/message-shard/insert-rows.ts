/** New rows, counted, and those that are final from the start. */
import type { AcceptedRow, OwnContent } from '../../schema/protocol/message-shard';
import { run } from '../kit/storage';
import { hourOf, readRecords, writeRecords } from './message-records';
import type { ShardState } from './shard-state';
import { TASK_HOUR } from './tallies';

const INSERT = 'INSERT INTO messages (row, recipient, class, accepted_at, content)';
const senderOf = (content: string | null): string => (JSON.parse(content ?? '{}') as Partial<OwnContent>).sender ?? '';

/** @param acceptedAt null for rows of a task, which share the time of its start */
export function insertRows(state: ShardState, messages: readonly AcceptedRow[], acceptedAt: number | null): void {
  if (messages.length === 0) return;
  const perClass = new Map<number, number>();
  const blocked: [row: number, reason: string][] = [];
  const values: [recipient: number, classId: number, content: string | null][] = [];
  const ownSender = state.settings?.origin === 'api' ? senderOf : () => '';
  /** A call often says the same to all, and a file often goes to one country. Values of a file's row are no text yet: SQLite makes it, as for many rows. */
  let isUniform = !Array.isArray(messages[0]?.[4]);
  let previous: AcceptedRow | null = null;
  let previousSender = '';
  let sender = '';
  let classId = 0;
  for (const message of messages) {
    const [recipient, country, parts, price, content, reason] = message;
    const isOtherContent = previous === null || previous[4] !== content;
    if (isOtherContent) sender = ownSender(content);
    const isOtherClass =
      previous === null || previous[1] !== country || previous[2] !== parts || previous[3] !== price || previousSender !== sender;
    if (isOtherClass) classId = state.classes.find(country, parts, price, sender).id;
    if (previous !== null && (isOtherContent || isOtherClass)) isUniform = false;
    previous = message;
    previousSender = sender;
    perClass.set(classId, (perClass.get(classId) ?? 0) + 1);
    values.push([recipient, classId, content]);
    if (reason) blocked.push([state.lastRow + values.length, reason]);
  }
  if (isUniform) {
    // A plain list costs SQLite half of what tuples do.
    const recipients = JSON.stringify(values.map(([recipient]) => recipient));
    const [, , content] = values[0] ?? [0, 0, null];
    run(
      state.sql,
      `${INSERT} SELECT ? + key, value, ?, ?, ? FROM json_each(?)`,
      state.lastRow + 1,
      classId,
      acceptedAt,
      content,
      recipients,
    );
  } else {
    const query = `${INSERT} SELECT ? + key, value ->> 0, value ->> 1, ?, value ->> 2 FROM json_each(?)`;
    run(state.sql, query, state.lastRow + 1, acceptedAt, JSON.stringify(values));
  }
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
