/** The log filter as a link or a form writes it (`?kind=marketing&state=failed&state=expired&receivedFrom=2026-11-01`) → LogFilter. */
import type { LogFilter } from '../../schema/console';
import type { KeyId, TaskId, UserId } from '../../schema/ids';
import { MESSAGE_STATES } from '../../schema/states';
import { searchedDigits } from './phone';
import { QueryFields } from './query-fields';

type Writable<T> = { -readonly [Name in keyof T]: T[Name] };

/**
 * @param zone IANA zone in which times without an offset are read; times are ms UTC or `YYYY-MM-DD[THH:mm[:ss]]`
 * @throws AppError invalid_request naming every field that cannot be read
 */
export function readLogQuery(query: URLSearchParams, zone: string): LogFilter {
  const filter: Writable<LogFilter> = {};
  const fields = new QueryFields(query, zone);
  const set = <Name extends keyof LogFilter>(name: Name, value: LogFilter[Name] | undefined): void => {
    if (value !== undefined) filter[name] = value;
  };
  set('kind', fields.kind());
  set('task', fields.text('task')?.toUpperCase() as TaskId | undefined);
  set('taskName', fields.text('taskName'));
  set('user', fields.text('user') as UserId | undefined);
  set('message', fields.text('message'));
  set('key', fields.text('key') as KeyId | undefined);
  set('from', fields.text('from'));
  const to = fields.text('to');
  if (to !== undefined) {
    const digits = searchedDigits(to);
    if (digits === null) fields.invalid('to');
    else filter.to = digits;
  }
  set('states', fields.words('state', MESSAGE_STATES));
  set('countries', fields.countries());
  set('receivedFrom', fields.time('receivedFrom'));
  set('receivedUntil', fields.end('receivedUntil'));
  fields.refuse();
  return filter;
}
