/**
 * The log filter as a link or a form writes it (`?kind=marketing&state=failed&state=expired&receivedFrom=2026-11-01`) → LogFilter.
 * Empty values are no filter, so that a form may send all its fields.
 */
import type { LogFilter } from '../../schema/console';
import { AppError, type FieldError } from '../../schema/errors';
import type { Iso2, KeyId, TaskId, UserId } from '../../schema/ids';
import { MESSAGE_STATES, TRAFFIC_KINDS, type MessageState } from '../../schema/states';
import { parseLocal } from './local-time';
import { parsePhone } from './phone';

/** Longest text of a filter; nothing that it could name is longer. */
const TEXT_MAX = 200;
const WHOLE_MS = /^\d{1,15}$/;
const COUNTRY = /^[A-Z]{2}$/;
const DAY_ONLY = /^\d{4}-\d\d-\d\d$/;
const DAY_MS = 24 * 60 * 60 * 1000;

type Writable<T> = { -readonly [Name in keyof T]: T[Name] };

/**
 * @param zone IANA zone in which times without an offset are read; times are ms UTC or `YYYY-MM-DD[THH:mm[:ss]]`
 * @throws AppError invalid_request naming every field that cannot be read
 */
export function readLogQuery(query: URLSearchParams, zone: string): LogFilter {
  const filter: Writable<LogFilter> = {};
  const wrong: FieldError[] = [];
  const text = (field: string): string | undefined => {
    const value = query.get(field)?.trim();
    if (value === undefined || value === '') return undefined;
    if (value.length <= TEXT_MAX) return value;
    wrong.push({ field, code: 'too_long', details: { max: TEXT_MAX } });
    return undefined;
  };
  /** Repeated or comma-separated. */
  const list = (field: string): string[] =>
    query
      .getAll(field)
      .flatMap((value) => value.split(','))
      .map((value) => value.trim())
      .filter((value) => value !== '');
  const invalid = (field: string): void => void wrong.push({ field, code: 'invalid' });

  const kind = text('kind');
  const known = TRAFFIC_KINDS.find((name) => name === kind);
  if (known) filter.kind = known;
  else if (kind !== undefined) invalid('kind');

  const task = text('task');
  if (task !== undefined) filter.task = task.toUpperCase() as TaskId;
  const taskName = text('taskName');
  if (taskName !== undefined) filter.taskName = taskName;
  const user = text('user');
  if (user !== undefined) filter.user = user as UserId;
  const message = text('message');
  if (message !== undefined) filter.message = message;
  const key = text('key');
  if (key !== undefined) filter.key = key as KeyId;
  const from = text('from');
  if (from !== undefined) filter.from = from;

  const to = text('to');
  if (to !== undefined) {
    const phone = parsePhone(to);
    if (phone.valid) filter.to = phone.digits;
    else invalid('to');
  }

  const states = list('state');
  if (states.every((state) => MESSAGE_STATES.some((name) => name === state))) {
    if (states.length > 0) filter.states = states as MessageState[];
  } else invalid('state');

  const countries = list('country').map((country) => country.toUpperCase());
  if (countries.every((country) => COUNTRY.test(country))) {
    if (countries.length > 0) filter.countries = countries as Iso2[];
  } else invalid('country');

  const receivedFrom = text('receivedFrom');
  if (receivedFrom !== undefined) {
    const at = readTime(receivedFrom, zone);
    if (at === null) invalid('receivedFrom');
    else filter.receivedFrom = at;
  }
  const receivedUntil = text('receivedUntil');
  if (receivedUntil !== undefined) {
    const at = readEnd(receivedUntil, zone);
    if (at === null) invalid('receivedUntil');
    else filter.receivedUntil = at;
  }
  if (wrong.length > 0) throw new AppError('invalid_request', { fields: wrong });
  return filter;
}

const readTime = (value: string, zone: string): number | null => (WHOLE_MS.test(value) ? Number(value) : parseLocal(value, zone));

/** The end of a period is exclusive; a day alone means that whole day. */
function readEnd(value: string, zone: string): number | null {
  if (!DAY_ONLY.test(value)) return readTime(value, zone);
  const day = new Date(`${value}T00:00:00Z`);
  if (Number.isNaN(day.getTime())) return null;
  return parseLocal(value, zone) === null ? null : parseLocal(new Date(day.getTime() + DAY_MS).toISOString().slice(0, 10), zone);
}
