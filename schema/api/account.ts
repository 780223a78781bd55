/** Balance, blacklist and exports. */
import { z } from 'zod';
import { TEXT_MAX_CHARACTERS } from '../limits';
import { REPORT_DIMENSIONS } from '../reports';
import { EXPORT_FORMATS, EXPORT_KINDS, EXPORT_STATES, MESSAGE_STATES, TASK_STATES, TRAFFIC_KINDS } from '../states';
import { Cursor, IdText, Instant, Iso2Code, Limit, Money, NextCursor, PhoneText, textUpTo } from './common';

export const Balance = z
  .object({
    balance: Money,
    reserved: Money.meta({ description: 'Held for tasks and for requests on their way.' }),
    available: Money,
  })
  .meta({ id: 'Balance' });

/** Numbers that one request adds or removes. */
const NUMBERS_MAX = 10_000;
export const BlacklistNumbers = z
  .strictObject({ numbers: z.array(PhoneText).min(1).max(NUMBERS_MAX) })
  .meta({ id: 'BlacklistNumbers', examples: [{ numbers: ['+8613800138000'] }] });
const Rejected = z.array(z.object({ number: z.string(), code: z.string(), detail: z.string() }));
export const BlacklistAdded = z.object({ added: z.int(), rejected: Rejected }).meta({ id: 'BlacklistAdded' });
export const BlacklistRemoved = z.object({ removed: z.int(), rejected: Rejected }).meta({ id: 'BlacklistRemoved' });
export const Blacklist = z.object({ numbers: z.int(), countries: z.array(Iso2Code) }).meta({ id: 'Blacklist' });
export const BlacklistQuery = z.strictObject({ cursor: Cursor.optional(), limit: Limit });
export const BlacklistPage = z
  .object({
    numbers: z
      .array(z.object({ number: z.string(), added_at: Instant, reason: z.string() }))
      .meta({ description: 'In the order of the numbers.' }),
    cursor: NextCursor,
  })
  .meta({ id: 'BlacklistPage' });
export const BlacklistCountries = z
  .strictObject({ countries: z.array(Iso2Code).max(300) })
  .meta({ id: 'BlacklistCountries', examples: [{ countries: ['RU'] }] });

export const OptOutReplyWanted = z
  .strictObject({
    text: textUpTo(TEXT_MAX_CHARACTERS).nullable().meta({ description: 'null = no reply. At most 3,200 characters.' }),
  })
  .meta({ id: 'OptOutReplyWanted', examples: [{ text: '您已退订，将不再收到我们的营销短信。' }] });
export const OptOutReply = z
  .object({
    text: z.string().nullable(),
    key: z.string().nullable().meta({ description: 'The key whose message the reply is; null without a reply.' }),
  })
  .meta({ id: 'OptOutReply' });

export const ExportRequest = z
  .strictObject({
    kind: z
      .enum(EXPORT_KINDS)
      .default('log')
      .meta({
        description:
          '`log`: messages, every filter below. `statement`: what each message of a task cost, `failures`: those that were not delivered, with the reason (`task_id`). ' +
          '`tasks`: the overview of tasks (`task_id`, `task_name`, `task_status`, one `country`, `created_from`, `created_until`). `report`: totals as `GET /v1/reports` counts them (`group_by`, `kind`, `user`, `key`, `from`, `country`, `created_from`, `created_until`), all rows of it. `blacklist`: the numbers of a key (`key`; the one that asks).',
      }),
    format: z.enum(EXPORT_FORMATS).default('csv'),
    filter: z
      .strictObject({
        kind: z.enum(TRAFFIC_KINDS).optional(),
        message_id: IdText.optional(),
        task_id: textUpTo(30).optional(),
        task_name: textUpTo(200).optional(),
        task_status: z.enum(TASK_STATES).optional(),
        user: textUpTo(64).optional(),
        group_by: z.array(z.enum(REPORT_DIMENSIONS)).min(1).max(2).optional(),
        key: textUpTo(64).optional(),
        from: textUpTo(20).optional(),
        to: PhoneText.optional(),
        status: z.array(z.enum(MESSAGE_STATES)).min(1).optional(),
        country: z.array(Iso2Code).min(1).max(300).optional(),
        created_from: Instant.optional(),
        created_until: Instant.optional(),
      })
      .default({}),
    bom: z.boolean().default(true).meta({ description: 'A byte order mark in front of a csv, for Excel.' }),
  })
  .meta({ id: 'ExportRequest', examples: [{ kind: 'log', format: 'csv', filter: { status: ['failed'] } }] });

export const Export = z
  .object({
    id: z.string(),
    file_name: z.string(),
    kind: z.enum(EXPORT_KINDS),
    format: z.enum(EXPORT_FORMATS),
    status: z.enum(EXPORT_STATES),
    rows: z.int(),
    rows_expected: z.int(),
    bytes: z.int(),
    created_at: Instant,
    finished_at: Instant.nullable(),
    expires_at: Instant,
    downloads: z.int(),
    error: z.string().nullable(),
  })
  .meta({ id: 'Export' });
export const ExportId = z.strictObject({ id: IdText });
export const ExportQuery = z.strictObject({
  kind: z.enum(EXPORT_KINDS).optional(),
  created_from: Instant.optional(),
  created_until: Instant.optional(),
  cursor: Cursor.optional(),
});
export const ExportPage = z.object({ exports: z.array(Export), cursor: NextCursor }).meta({ id: 'ExportPage' });
