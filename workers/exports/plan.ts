/** What an export was asked for, as its row keeps it: everything that each step, and running it again, needs. */
import { z } from 'zod';
import type { Actor } from '../../schema/console';
import type { ExportRequest } from '../../schema/exports';
import type { Iso2, KeyId, TaskId, UserId } from '../../schema/ids';
import type { LineFormat } from '../../schema/protocol/message-shard';
import { REPORT_DIMENSIONS } from '../../schema/reports';
import { DATASETS, EXPORT_FORMATS, LOCALES, MESSAGE_STATES, TASK_STATES, TRAFFIC_KINDS } from '../../schema/states';
import { formatLocal } from '../rules/local-time';
import { maskingFor } from '../rules/masking';
import { kindName } from './kinds';

const TEXT_MAX = 200;
const LIST_MAX = 300;
const text = z.string().min(1).max(TEXT_MAX);
const time = z.number().int().nonnegative();
const iso2 = z
  .string()
  .regex(/^[A-Z]{2}$/)
  .transform((code) => code as Iso2);

/** The shape of TaskListFilter, without its cursor. */
const TaskFilterShape = z.object({
  dataset: z.enum(DATASETS).exactOptional(),
  state: z.enum(TASK_STATES).exactOptional(),
  id: text.exactOptional(),
  name: text.exactOptional(),
  country: iso2.exactOptional(),
  user: text.transform((id) => id as UserId).exactOptional(),
  createdFrom: time.exactOptional(),
  createdUntil: time.exactOptional(),
});

/** The shape of ReportFilter, with what it is grouped by. */
const ReportFilterShape = z.object({
  from: time,
  until: time,
  dataset: z.enum(DATASETS).exactOptional(),
  kind: z.enum(TRAFFIC_KINDS).exactOptional(),
  user: text.transform((id) => id as UserId).exactOptional(),
  key: text.transform((id) => id as KeyId).exactOptional(),
  sender: text.exactOptional(),
  countries: z.array(iso2).max(LIST_MAX).exactOptional(),
  groupBy: z.array(z.enum(REPORT_DIMENSIONS)).min(1).max(REPORT_DIMENSIONS.length),
});

/** The shape of LogFilter. */
const LogFilterShape = z.object({
  kind: z.enum(TRAFFIC_KINDS).exactOptional(),
  task: text.transform((id) => id as TaskId).exactOptional(),
  taskName: text.exactOptional(),
  user: text.transform((id) => id as UserId).exactOptional(),
  message: text.exactOptional(),
  key: text.transform((id) => id as KeyId).exactOptional(),
  to: z
    .string()
    .regex(/^\d{1,15}$/)
    .exactOptional(),
  from: text.exactOptional(),
  states: z.array(z.enum(MESSAGE_STATES)).max(MESSAGE_STATES.length).exactOptional(),
  countries: z.array(iso2).max(LIST_MAX).exactOptional(),
  receivedFrom: time.exactOptional(),
  receivedUntil: time.exactOptional(),
});

const task = text.transform((id) => id.toUpperCase() as TaskId);
const form = { format: z.enum(EXPORT_FORMATS), bom: z.boolean().default(true) };

export const ExportRequestShape = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('log'), filter: LogFilterShape.extend({ dataset: z.enum(DATASETS).exactOptional() }).default({}), ...form }),
  z.object({ kind: z.literal('statement'), filter: z.object({ task }), ...form }),
  z.object({ kind: z.literal('failures'), filter: z.object({ task }), ...form }),
  z.object({ kind: z.literal('tasks'), filter: TaskFilterShape.default({}), ...form }),
  z.object({ kind: z.literal('report'), filter: ReportFilterShape, ...form }),
  z.object({ kind: z.literal('blacklist'), filter: z.object({ key: text.transform((id) => id as KeyId) }), ...form }),
]);

export const ExportPlan = z.object({
  request: ExportRequestShape,
  format: z.object({
    timeZone: z.string(),
    locale: z.enum(LOCALES),
    maskNumbers: z.boolean(),
    /** Plans from before it was asked for showed everything. */
    maskBodies: z.boolean().default(false),
  }),
  /** Rows from this time on are not part of the file, ms UTC: what arrives while it is written can't be half in it. */
  until: time,
});
export interface ExportPlan {
  readonly request: ExportRequest;
  readonly format: LineFormat;
  readonly until: number;
}

export const planExport = (actor: Actor, request: ExportRequest, now: number): ExportPlan => ({
  request,
  format: { timeZone: actor.timeZone, locale: actor.locale, ...maskingFor(actor) },
  until: request.kind === 'log' ? Math.min(request.filter.receivedUntil ?? now, now) : now,
});

/** `日志_20261123_0930.csv`, in the user's time and language. */
export function exportFileName(request: ExportRequest, actor: Pick<Actor, 'locale' | 'timeZone'>, now: number): string {
  const [day = '', clock = ''] = formatLocal(now, actor.timeZone).split(' ');
  const of = 'task' in request.filter && request.kind !== 'log' ? `_${request.filter.task}` : '';
  const at = `${day.replaceAll('-', '')}_${clock.slice(0, 5).replace(':', '')}`;
  return `${kindName(request.kind, actor.locale)}${of}_${at}.${request.format}`;
}
