/** What `POST /v1/exports` asks for, in the words of the platform. */
import type { ExportRequest as Wish } from '../../../schema/api/account';
import type { ExportRequest, RequestOf } from '../../../schema/exports';
import { AppError, type FieldError } from '../../../schema/errors';
import type { Iso2, KeyId, TaskId, UserId } from '../../../schema/ids';
import { REPORT_DAYS } from '../../../schema/limits';
import type { ExportKind } from '../../../schema/states';
import type { z } from 'zod';
import { DAY_MS } from '../../rules/platform-day';
import { logFilterOf } from './messages';

type Words = z.output<typeof Wish>;
type Filter = Words['filter'];
type FilterName = keyof Filter;

/** Which filters each kind knows; another one would be ignored, and a file that holds more than was asked for is worse than none. */
const FILTERS: Readonly<Record<ExportKind, readonly FilterName[]>> = {
  log: ['kind', 'task_id', 'task_name', 'key', 'from', 'to', 'status', 'country', 'created_from', 'created_until'],
  statement: ['task_id'],
  failures: ['task_id'],
  tasks: ['task_id', 'task_name', 'task_status', 'country', 'created_from', 'created_until'],
  report: ['kind', 'key', 'user', 'from', 'country', 'created_from', 'created_until', 'group_by'],
  blacklist: ['key'],
};

/**
 * @param key the one that asks: whose blacklist it is when no other is named
 * @throws AppError invalid_request naming a filter that the kind lacks or wants
 */
export function exportRequestOf({ kind, format, filter, bom }: Words, key: KeyId, now: number): ExportRequest {
  const given = (Object.keys(filter) as FilterName[]).filter((name) => filter[name] !== undefined);
  const wrong = given
    .filter((name) => !FILTERS[kind].includes(name))
    .map((name): FieldError => ({ field: `filter.${name}`, code: 'invalid' }));
  if (wrong.length > 0) throw new AppError('invalid_request', { fields: wrong });
  const form = { format, bom };
  switch (kind) {
    case 'log':
      return { kind, filter: logFilterOf(filter), ...form };
    case 'statement':
    case 'failures':
      return { kind, filter: { task: taskOf(filter) }, ...form };
    case 'tasks':
      return { kind, filter: taskFilterOf(filter), ...form };
    case 'report':
      return { kind, filter: reportFilterOf(filter, now), ...form };
    case 'blacklist':
      return { kind, filter: { key: (filter.key ?? key) as KeyId }, ...form };
  }
}

function taskOf({ task_id: task }: Filter): TaskId {
  if (task === undefined) throw new AppError('invalid_request', { fields: [{ field: 'filter.task_id', code: 'required' }] });
  return task.toUpperCase() as TaskId;
}

function reportFilterOf(words: Filter, now: number): RequestOf<'report'>['filter'] {
  const until = words.created_until === undefined ? now : Date.parse(words.created_until);
  return {
    from: words.created_from === undefined ? until - REPORT_DAYS * DAY_MS : Date.parse(words.created_from),
    until,
    groupBy: words.group_by ?? ['country', 'user'],
    ...(words.kind !== undefined && { kind: words.kind }),
    ...(words.user !== undefined && { user: words.user as UserId }),
    ...(words.key !== undefined && { key: words.key as KeyId }),
    ...(words.from !== undefined && { sender: words.from }),
    ...(words.country !== undefined && { countries: words.country as Iso2[] }),
  };
}

function taskFilterOf(words: Filter): RequestOf<'tasks'>['filter'] {
  const [country, another] = words.country ?? [];
  if (another !== undefined)
    throw new AppError('invalid_request', { fields: [{ field: 'filter.country', code: 'too_long', details: { max: 1 } }] });
  return {
    ...(words.task_status !== undefined && { state: words.task_status }),
    ...(words.task_id !== undefined && { id: words.task_id }),
    ...(words.task_name !== undefined && { name: words.task_name }),
    ...(country !== undefined && { country: country as Iso2 }),
    ...(words.created_from !== undefined && { createdFrom: Date.parse(words.created_from) }),
    ...(words.created_until !== undefined && { createdUntil: Date.parse(words.created_until) }),
  };
}
