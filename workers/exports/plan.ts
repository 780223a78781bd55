/** What an export was asked for, as its row keeps it: everything that each step, and running it again, needs. */
import { z } from 'zod';
import { seesNumbers, type Actor, type ExportRequest } from '../../schema/console';
import type { Iso2, KeyId, TaskId, UserId } from '../../schema/ids';
import type { LineFormat } from '../../schema/protocol/message-shard';
import { LOCALES, MESSAGE_STATES, TRAFFIC_KINDS, type Locale } from '../../schema/states';
import { formatLocal } from '../rules/local-time';

const TEXT_MAX = 200;
const LIST_MAX = 300;
const text = z.string().min(1).max(TEXT_MAX);
const time = z.number().int().nonnegative();

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
  countries: z
    .array(
      z
        .string()
        .regex(/^[A-Z]{2}$/)
        .transform((code) => code as Iso2),
    )
    .max(LIST_MAX)
    .exactOptional(),
  receivedFrom: time.exactOptional(),
  receivedUntil: time.exactOptional(),
});

export const ExportRequestShape = z.object({
  kind: z.literal('log'),
  format: z.literal('csv'),
  filter: LogFilterShape.default({}),
  bom: z.boolean().default(true),
});

export const ExportPlan = z.object({
  request: ExportRequestShape,
  format: z.object({ timeZone: z.string(), locale: z.enum(LOCALES), maskNumbers: z.boolean() }),
  /** Messages received from this time on are not part of the file, ms UTC: rows that arrive while it is written can't be half in it. */
  until: time,
});
export interface ExportPlan {
  readonly request: ExportRequest;
  readonly format: LineFormat;
  readonly until: number;
}

export const planExport = (actor: Actor, request: ExportRequest, now: number): ExportPlan => ({
  request,
  format: { timeZone: actor.timeZone, locale: actor.locale, maskNumbers: !seesNumbers(actor) },
  until: Math.min(request.filter.receivedUntil ?? now, now),
});

const NAMES: Readonly<Record<ExportRequest['kind'], Readonly<Record<Locale, string>>>> = { log: { 'zh-CN': '日志', en: 'log' } };

/** `日志_20261123_0930.csv`, in the user's time and language. */
export function exportFileName(request: ExportRequest, actor: Pick<Actor, 'locale' | 'timeZone'>, now: number): string {
  const [day = '', clock = ''] = formatLocal(now, actor.timeZone).split(' ');
  return `${NAMES[request.kind][actor.locale]}_${day.replaceAll('-', '')}_${clock.slice(0, 5).replace(':', '')}.${request.format}`;
}
