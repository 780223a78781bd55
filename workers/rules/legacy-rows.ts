/** Rows of the csv files that the legacy import takes (docs/legacy-import.md): columns by name, in any order, every refusal with its column. */
import type { Iso2, KeyId, TaskId } from '../../schema/ids';
import { LEGACY_UNTIL_AT, TEXT_MAX_CHARACTERS } from '../../schema/limits';
import {
  FINAL_MESSAGE_STATES,
  TRAFFIC_KINDS,
  type LegacyFileKind,
  type LegacyRefusalReason,
  type MessageState,
  type TrafficKind,
} from '../../schema/states';
import { isIso2 } from './countries';
import { parseLocal } from './local-time';
import { parseMoney } from './money';
import { parsePhone } from './phone';

/** The old platform's clock, for times that do not say their offset. */
const OLD_ZONE = 'Asia/Shanghai';
const WITH_OFFSET = /(?:Z|[+-]\d\d:?\d\d)$/;
const ID = /^[\x21-\x7e]{1,100}$/;
const NAME_MAX = 200;
const PARTS_MAX = 255;

const REQUIRED = { messages: ['id', 'received_at', 'to', 'status'], tasks: ['id', 'name', 'created_at'] } as const;
const KNOWN = {
  messages: [
    ...REQUIRED.messages,
    'submitted_at',
    'final_at',
    'country',
    'from',
    'error',
    'network',
    'parts',
    'price',
    'kind',
    'key',
    'task_id',
    'task_name',
    'body',
  ],
  tasks: [...REQUIRED.tasks, 'user', 'started_at', 'status', 'messages', 'sent', 'delivered', 'failed', 'cost'],
} as const;

export interface LegacyMessage {
  readonly id: string;
  readonly receivedAt: number;
  readonly submittedAt: number | null;
  readonly finalAt: number | null;
  readonly country: Iso2;
  readonly from: string;
  readonly to: string;
  readonly state: MessageState;
  readonly error: string | null;
  readonly network: string | null;
  readonly parts: number;
  readonly priceMicros: number;
  readonly kind: TrafficKind;
  readonly key: KeyId;
  readonly task: TaskId | null;
  readonly taskName: string | null;
  readonly body: string;
}
export interface LegacyTask {
  readonly id: string;
  readonly name: string;
  readonly userName: string;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly state: string;
  readonly messages: number;
  readonly sent: number;
  readonly delivered: number;
  readonly failed: number;
  readonly costMicros: number;
}

export interface LegacyRefusal {
  readonly column: string;
  readonly reason: LegacyRefusalReason;
}

type Cells = ReadonlyMap<string, string>;

/** Leaves a row at its first fault. */
class Refused extends Error {
  readonly refusal: LegacyRefusal;
  constructor(column: string, reason: LegacyRefusal['reason']) {
    super(reason);
    this.refusal = { column, reason };
  }
}

/** @returns the names of the columns in their order, or what is wrong with them */
export function readLegacyHeader(kind: LegacyFileKind, cells: readonly string[]): { columns: readonly string[] } | LegacyRefusal {
  const columns = cells.map((cell) => cell.trim().toLowerCase());
  const known: readonly string[] = KNOWN[kind];
  const unknown = columns.find((name) => !known.includes(name));
  if (unknown !== undefined) return { column: unknown, reason: 'invalid' };
  const twice = columns.find((name, at) => columns.indexOf(name) !== at);
  if (twice !== undefined) return { column: twice, reason: 'duplicate' };
  const missing = REQUIRED[kind].find((name) => !columns.includes(name));
  return missing === undefined ? { columns } : { column: missing, reason: 'missing' };
}

function rowOf<Row>(columns: readonly string[], cells: readonly string[], read: (row: Cells) => Row): Row | LegacyRefusal {
  if (cells.length > columns.length) return { column: columns.at(-1) ?? '', reason: 'too_many_cells' };
  try {
    return read(new Map(columns.map((name, at) => [name, cells[at] ?? ''])));
  } catch (thrown) {
    if (thrown instanceof Refused) return thrown.refusal;
    throw thrown;
  }
}

export const isRefusal = (row: object): row is LegacyRefusal => 'reason' in row;

export const readLegacyMessage = (columns: readonly string[], cells: readonly string[]): LegacyMessage | LegacyRefusal =>
  rowOf(columns, cells, (row) => {
    const phone = parsePhone(text(row, 'to', 64));
    const country = text(row, 'country', 2).toUpperCase();
    if (!/^\d{7,15}$/.test(phone.valid ? phone.digits : digitsOf(row))) throw new Refused('to', 'invalid');
    if (country !== '' && !isIso2(country)) throw new Refused('country', 'invalid');
    if (country === '' && !phone.valid) throw new Refused('country', 'missing');
    const task = text(row, 'task_id', NAME_MAX);
    return {
      id: idOf(row),
      receivedAt: pastTime(row, 'received_at') ?? refuse('received_at', 'missing'),
      submittedAt: time(row, 'submitted_at'),
      finalAt: time(row, 'final_at'),
      country: (country === '' && phone.valid ? phone.country : country) as Iso2,
      from: text(row, 'from', 20),
      to: phone.valid ? phone.digits : digitsOf(row),
      state: stateOf(row),
      error: text(row, 'error', NAME_MAX) || null,
      network: text(row, 'network', 20) || null,
      parts: count(row, 'parts', 1, PARTS_MAX),
      priceMicros: money(row, 'price'),
      kind: kindOf(row),
      key: text(row, 'key', 64) as KeyId,
      task: task === '' ? null : (task as TaskId),
      taskName: text(row, 'task_name', NAME_MAX) || null,
      body: text(row, 'body', TEXT_MAX_CHARACTERS, false),
    };
  });

export const readLegacyTask = (columns: readonly string[], cells: readonly string[]): LegacyTask | LegacyRefusal =>
  rowOf(columns, cells, (row) => ({
    id: idOf(row),
    name: text(row, 'name', NAME_MAX) || refuse('name', 'missing'),
    userName: text(row, 'user', NAME_MAX),
    createdAt: pastTime(row, 'created_at') ?? refuse('created_at', 'missing'),
    startedAt: time(row, 'started_at'),
    state: text(row, 'status', NAME_MAX),
    messages: count(row, 'messages', 0),
    sent: count(row, 'sent', 0),
    delivered: count(row, 'delivered', 0),
    failed: count(row, 'failed', 0),
    costMicros: money(row, 'cost'),
  }));

function refuse(column: string, reason: LegacyRefusal['reason']): never {
  throw new Refused(column, reason);
}

function text(row: Cells, column: string, max: number, trims = true): string {
  const cell = row.get(column) ?? '';
  const value = trims ? cell.trim() : cell;
  return value.length > max ? refuse(column, 'too_long') : value;
}

/** Numbers that nobody has any more are still what was sent to. */
const digitsOf = (row: Cells): string => (row.get('to') ?? '').replace(/^\s*(?:\+|00)/, '').replace(/[\s()-]/g, '');

function idOf(row: Cells): string {
  const id = text(row, 'id', 100) || refuse('id', 'missing');
  return ID.test(id) ? id : refuse('id', 'invalid');
}

function time(row: Cells, column: string): number | null {
  const value = text(row, column, 40);
  if (value === '') return null;
  const at = WITH_OFFSET.test(value) ? Date.parse(value) : parseLocal(value.replace(' ', 'T'), OLD_ZONE);
  return at === null || Number.isNaN(at) ? refuse(column, 'invalid') : at;
}

/** Before the cut-off: what came after it is in the log of today. */
function pastTime(row: Cells, column: string): number | null {
  const at = time(row, column);
  return at !== null && at >= LEGACY_UNTIL_AT ? refuse(column, 'not_before_july_2021') : at;
}

function count(row: Cells, column: string, least: 0 | 1, most = Number.MAX_SAFE_INTEGER): number {
  const value = text(row, column, 16);
  if (value === '') return least;
  const number = /^\d+$/.test(value) ? Number(value) : Number.NaN;
  return number >= least && number <= most ? number : refuse(column, 'invalid');
}

function money(row: Cells, column: string): number {
  const value = text(row, column, 32);
  return value === '' ? 0 : (parseMoney(value) ?? refuse(column, 'invalid'));
}

function stateOf(row: Cells): MessageState {
  const word = (text(row, 'status', 20) || refuse('status', 'missing')).toLowerCase();
  const state = FINAL_MESSAGE_STATES.find((known) => known === word);
  if (state) return state;
  return refuse('status', ['accepted', 'queued', 'submitted'].includes(word) ? 'not_final' : 'invalid');
}

function kindOf(row: Cells): TrafficKind {
  const word = text(row, 'kind', 20).toLowerCase();
  return word === '' ? 'marketing' : (TRAFFIC_KINDS.find((known) => known === word) ?? refuse('kind', 'invalid'));
}
