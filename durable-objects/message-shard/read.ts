/** Rows of a shard as the log shows them. */
import type { Iso2 } from '../../schema/ids';
import { encodeMessageId } from '../../schema/message-id';
import type { LogRow, OwnContent, ShardFilter, ShardSettings } from '../../schema/protocol/message-shard';
import { messageStateCode, type MessageState } from '../../schema/states';
import { count } from '../../workers/gateways/meter';
import { rawRows } from '../kit/storage';
import { contentOf } from './claim';
import { stateOf } from './message-records';
import type { ShardState } from './shard-state';

export interface RowCondition {
  readonly where: string;
  readonly bindings: readonly (string | number)[];
}

const ACCEPTED = messageStateCode('accepted');
const WAITING = 'row IN (SELECT row FROM retries WHERE due_at IS NOT NULL)';

/** @returns null when no row of this shard can match */
export function conditionOf(state: ShardState, filter: ShardFilter): RowCondition | null {
  const { settings, progress } = state;
  if (!settings || progress.startedAt === null) return null;
  const wheres: string[] = [];
  const bindings: (string | number)[] = [];
  const also = (where: string, ...values: (string | number)[]): void => {
    wheres.push(where);
    bindings.push(...values);
  };
  if (filter.to !== undefined) {
    if (!/^\d{1,15}$/.test(filter.to)) return null;
    also('recipient = ?', Number(filter.to));
  }
  if (filter.states !== undefined && filter.states.length > 0) also(...ofStates(filter.states, progress.releasedTo));
  if (filter.countries !== undefined && filter.countries.length > 0) {
    const wanted = new Set<Iso2>(filter.countries);
    const ids = state.classes.all().filter(({ country }) => wanted.has(country));
    if (ids.length === 0) return null;
    also('class IN (SELECT value FROM json_each(?))', JSON.stringify(ids.map(({ id }) => id)));
  }
  if (settings.origin === 'api') {
    if (filter.from !== undefined) also("content ->> 'sender' = ?", filter.from);
    if (filter.receivedFrom !== undefined) also('accepted_at >= ?', filter.receivedFrom);
    if (filter.receivedUntil !== undefined) also('accepted_at < ?', filter.receivedUntil);
  } else {
    const { startedAt } = progress;
    if (filter.from !== undefined && filter.from !== settings.sender) return null;
    if (filter.receivedFrom !== undefined && startedAt < filter.receivedFrom) return null;
    if (filter.receivedUntil !== undefined && startedAt >= filter.receivedUntil) return null;
  }
  return { where: wheres.map((where) => `(${where})`).join(' AND ') || 'true', bindings };
}

/** `queued` is not stored: an accepted row that was released and does not wait for another try. */
function ofStates(states: readonly MessageState[], releasedTo: number): [string, ...(string | number)[]] {
  const stored = states.filter((state) => state !== 'queued' && state !== 'accepted').map(messageStateCode);
  const wheres = ['state IN (SELECT value FROM json_each(?))'];
  const bindings: (string | number)[] = [JSON.stringify(stored)];
  if (states.includes('accepted')) {
    wheres.push(`state = ? AND (row > ? OR ${WAITING})`);
    bindings.push(ACCEPTED, releasedTo);
  }
  if (states.includes('queued')) {
    wheres.push(`state = ? AND row <= ? AND NOT ${WAITING}`);
    bindings.push(ACCEPTED, releasedTo);
  }
  return [wheres.map((where) => `(${where})`).join(' OR '), ...bindings];
}

type Stored = [
  row: number,
  recipient: number,
  classId: number,
  state: number,
  error: string | null,
  network: string | null,
  acceptedAt: number | null,
  submittedAt: number | null,
  finalAt: number | null,
  content: string | null,
  waiting: number,
];
const COLUMNS = `row, recipient, class, state, error, network, accepted_at, submitted_at, final_at, content, ${WAITING}`;

export function pageOf(state: ShardState, filter: ShardFilter, before: number | null, limit: number): LogRow[] {
  const condition = conditionOf(state, filter);
  if (!condition || !state.settings) return [];
  const { settings } = state;
  const found = rawRows(
    state.sql,
    `SELECT ${COLUMNS} FROM messages WHERE row < ? AND ${condition.where} ORDER BY row DESC LIMIT ?`,
    before ?? state.lastRow + 1,
    ...condition.bindings,
    limit,
  ) as Stored[];
  return found.map((stored) => logRow(state, settings, stored));
}

/** Text of one answer: a call may carry 32 MiB, and a character takes up to three bytes. */
const TEXT_MAX = 4 * 1024 * 1024;
/** Rows looked at in one call, so that a filter that matches nothing does not hold the object up. */
export const ROWS_LOOKED_AT = 200_000;

/** Oldest first, from wherever the last call stopped; fewer rows than asked for when they are long. */
export function rowsAfter(
  state: ShardState,
  filter: ShardFilter,
  after: number,
  maxRows: number,
): { readonly rows: LogRow[]; readonly next: number | null } {
  const condition = conditionOf(state, filter);
  if (!condition || !state.settings) return { rows: [], next: null };
  const { settings } = state;
  const until = after + ROWS_LOOKED_AT;
  const cursor = state.sql.exec(
    `SELECT ${COLUMNS} FROM messages WHERE row > ? AND row <= ? AND ${condition.where} ORDER BY row LIMIT ?`,
    after,
    until,
    ...condition.bindings,
    maxRows,
  );
  const found: LogRow[] = [];
  let last = after;
  let text = 0;
  for (const stored of cursor.raw() as Iterable<Stored>) {
    const row = logRow(state, settings, stored);
    found.push(row);
    last = stored[0];
    text += row.body.length;
    if (text > TEXT_MAX) break;
  }
  count('objectRowsRead', cursor.rowsRead);
  const reached = found.length === maxRows || text > TEXT_MAX ? last : until;
  return { rows: found, next: reached >= state.lastRow ? null : reached };
}

export function findRow(state: ShardState, row: number): LogRow | null {
  if (!state.settings || state.progress.startedAt === null) return null;
  const [found] = rawRows(state.sql, `SELECT ${COLUMNS} FROM messages WHERE row = ?`, row) as Stored[];
  return found ? logRow(state, state.settings, found) : null;
}

/** Rows by their numbers, with what API messages say for themselves. */
export function findRows(
  state: ShardState,
  numbers: readonly number[],
): { readonly number: number; readonly row: LogRow; readonly own: Partial<OwnContent> }[] {
  const { settings } = state;
  if (!settings) return [];
  const query = `SELECT ${COLUMNS} FROM messages WHERE row IN (SELECT value FROM json_each(?)) ORDER BY row`;
  return (rawRows(state.sql, query, JSON.stringify(numbers)) as Stored[]).map((stored) => ({
    number: stored[0],
    row: logRow(state, settings, stored),
    own: settings.origin === 'api' ? (JSON.parse(stored[9] ?? '{}') as Partial<OwnContent>) : {},
  }));
}

function logRow(state: ShardState, settings: ShardSettings, stored: Stored): LogRow {
  const [row, recipient, classId, code, error, network, acceptedAt, submittedAt, finalAt, content, waiting] = stored;
  const { country, parts, price } = state.classes.of(classId);
  const { text, from, ref } = contentOf(settings, content);
  const isQueued = code === ACCEPTED && row <= state.progress.releasedTo && waiting === 0;
  return {
    id: encodeMessageId(settings.shard, row),
    task: settings.task,
    taskName: settings.taskName,
    key: settings.key,
    kind: settings.traffic,
    receivedAt: acceptedAt ?? state.progress.startedAt ?? 0,
    submittedAt,
    finalAt,
    country,
    from,
    to: String(recipient),
    state: isQueued ? 'queued' : stateOf(code),
    error,
    network,
    parts,
    priceMicros: price,
    body: text,
    ref,
  };
}
