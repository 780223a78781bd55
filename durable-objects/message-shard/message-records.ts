/** The part of a row that changes, read and written many at a time. */
import type { CarrierAccountId } from '../../schema/ids';
import { MESSAGE_LIFETIME_MS } from '../../schema/limits';
import { MESSAGE_STATES, messageStateCode, type MessageState } from '../../schema/states';
import { rawRows, run } from '../kit/storage';
import type { ShardState } from './shard-state';
import { HOUR_MS } from '../../workers/rules/platform-day';
import { TASK_HOUR } from './tallies';

export interface MessageRecord {
  readonly row: number;
  readonly classId: number;
  readonly parts: number;
  readonly state: MessageState;
  readonly error: string | null;
  readonly network: string | null;
  readonly acceptedAt: number | null;
  readonly submittedAt: number | null;
  readonly finalAt: number | null;
  /** The carrier's ids, one a part; [] while unknown. */
  readonly carrierIds: readonly string[];
}

/** A file holds the rows, or is about to: what changes from now on is noted beside them. */
export const isArchived = ({ progress: { phase } }: ShardState): boolean => phase === 'sealing' || phase === 'sealed';
export const stateOf = (code: number): MessageState => MESSAGE_STATES[code] ?? 'unknown';
export const hourOf = (acceptedAt: number | null): number => (acceptedAt === null ? TASK_HOUR : Math.floor(acceptedAt / HOUR_MS) * HOUR_MS);

/** The record of a row that went through this account, or last tried to; null: nobody can say. */
export function through({ classes }: ShardState, record: MessageRecord, account: CarrierAccountId | '' | null): MessageRecord {
  if (account === null) return record;
  const classId = classes.through(record.classId, account).id;
  return classId === record.classId ? record : { ...record, classId };
}

type Stored = [number, number, number, string | null, string | null, number | null, number | null, number | null, string | null];

export function readRecords(state: ShardState, rowNumbers: readonly number[]): Map<number, MessageRecord> {
  const found = rawRows(
    state.sql,
    `SELECT row, class, state, error, network, accepted_at, submitted_at, final_at, carrier_ids
     FROM messages WHERE row IN (SELECT value FROM json_each(?))`,
    JSON.stringify(rowNumbers),
  ) as Stored[];
  const records = new Map<number, MessageRecord>();
  for (const [row, classId, code, error, network, acceptedAt, submittedAt, finalAt, ids] of found) {
    const { parts } = state.classes.of(classId);
    const carrierIds = ids === null ? [] : ids.split(',');
    records.set(row, { row, classId, parts, state: stateOf(code), error, network, acceptedAt, submittedAt, finalAt, carrierIds });
  }
  return records;
}

/** Writes what differs from `before` and moves the counts along. */
export function writeRecords(state: ShardState, before: ReadonlyMap<number, MessageRecord>, after: Iterable<MessageRecord>): number {
  const changed: (string | number | null)[][] = [];
  const written: MessageRecord[] = [];
  const moved: [row: number, state: MessageState][] = [];
  for (const record of after) {
    const old = before.get(record.row);
    if (!old || old === record) continue;
    const { row, classId, error, network, submittedAt, finalAt, carrierIds } = record;
    const ids = carrierIds.length === 0 ? null : carrierIds.join(',');
    written.push(record);
    changed.push([row, classId, messageStateCode(record.state), error, network, submittedAt, finalAt, ids]);
    if (old.state === record.state && old.classId === classId && old.error === error) continue;
    if (old.state !== record.state) moved.push([row, record.state]);
    if (record.state === 'submitted' && state.progress.expireAt === null)
      state.advance({ expireAt: (submittedAt ?? 0) + MESSAGE_LIFETIME_MS });
    const hour = hourOf(record.acceptedAt);
    state.tallies.add(hour, old.classId, old.state, old.error, -1);
    state.tallies.add(hour, classId, record.state, error, 1);
  }
  if (changed.length === 0) return 0;
  run(
    state.sql,
    `UPDATE messages SET class = c.value ->> 1, state = c.value ->> 2, error = c.value ->> 3, network = c.value ->> 4,
       submitted_at = c.value ->> 5, final_at = c.value ->> 6, carrier_ids = c.value ->> 7
     FROM json_each(?) AS c WHERE messages.row = c.value ->> 0`,
    JSON.stringify(changed),
  );
  state.announcements.note(state, moved);
  if (isArchived(state)) state.archive.patch(written);
  return changed.length;
}
