/** /v1/reports. */
import { z } from 'zod';
import { REPORT_DAYS_MAX, REPORT_HOURLY_DAYS_MAX, REPORT_ROWS_MAX } from '../limits';
import { REPORT_DIMENSIONS } from '../reports';
import { TRAFFIC_KINDS } from '../states';
import { fieldCode, Instant, Iso2Code, Money, several, textUpTo } from './common';

const isZone = (name: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
};

export const ReportQuery = z.strictObject({
  created_from: Instant.optional().meta({ description: 'Where it is not given: 30 days before the end.' }),
  created_until: Instant.optional().meta({
    description: `Exclusive; now, where it is not given. At most ${REPORT_DAYS_MAX} days after the beginning, ${REPORT_HOURLY_DAYS_MAX} by hour. Totals are kept by hour: an hour counts where it begins.`,
  }),
  group_by: several(z.enum(REPORT_DIMENSIONS), 2)
    .default(['country'])
    .meta({ description: 'One, or two with a comma.', examples: ['country,user'] }),
  kind: z.enum(TRAFFIC_KINDS).optional(),
  country: several(Iso2Code, 300).optional().meta({ description: 'One or several, with commas.' }),
  user: textUpTo(64).optional().meta({ description: 'Id of a user; `api` = messages that keys sent without a task.' }),
  key: textUpTo(64).optional(),
  from: textUpTo(20).optional().meta({ description: 'The sender.' }),
  time_zone: textUpTo(64)
    .refine(isZone, fieldCode('invalid'))
    .default('Asia/Shanghai')
    .meta({ description: 'IANA zone of the days.', examples: ['Europe/Berlin'] }),
});

const Figures = {
  total: z.int().meta({ description: 'Every message of the log: delivered + failed + pending + held.' }),
  sent: z.int().meta({ description: 'Taken by the carrier.' }),
  delivered: z.int(),
  failed: z.int().meta({ description: 'failed, expired, rejected or unknown.' }),
  pending: z.int().meta({ description: 'accepted, queued or submitted.' }),
  held: z.int().meta({ description: 'blocked or cancelled.' }),
  delivery_rate: z.number().min(0).max(1).nullable().meta({ description: 'delivered ÷ sent; null when nothing was sent.' }),
  parts: z.int().meta({ description: 'Of messages that are not free.' }),
  cost: Money,
};

const Row = z
  .object({
    country: Iso2Code.nullable(),
    country_name: z.object({ en: z.string(), zh: z.string() }).nullable(),
    day: z.string().nullable().meta({ description: 'YYYY-MM-DD in `time_zone`.' }),
    hour: Instant.nullable().meta({ description: 'When the hour began.' }),
    key: z.object({ id: z.string(), name: z.string() }).nullable(),
    user: z.object({ id: z.string(), name: z.string() }).nullable(),
    from: z.string().nullable().meta({ description: '`*` = senders beyond those that are told apart (64 a key and day).' }),
    ...Figures,
  })
  .meta({ id: 'ReportRow', description: 'What it was not grouped by is null.' });

export const Report = z
  .object({
    rows: z
      .array(Row)
      .meta({ description: `By time where it is grouped by day or hour, else the largest first. At most ${REPORT_ROWS_MAX}.` }),
    sum: z.object(Figures),
    left_out: z.int().meta({ description: 'Rows beyond that; `sum` counts them.' }),
  })
  .meta({ id: 'Report' });
