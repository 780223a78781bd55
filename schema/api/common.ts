/**
 * What the shapes of the API are made of. The same zod schemas validate requests and write the OpenAPI document; `describe` and `meta`
 * are read by people. Objects are strict: a field that nobody knows is a typing mistake, and the message it was meant for is not sent.
 */
import { z } from 'zod';
import { CALLBACK_URL_MAX, CLIENT_REF_MAX, PAGE_ROWS, PAGE_ROWS_MAX } from '../limits';
import { FIELD_ERRORS, type FieldErrorCode } from '../errors';

/** Says with a refinement which code of FIELD_ERRORS it stands for. */
export const fieldCode = (code: FieldErrorCode, details: Record<string, string | number> = {}) => ({ params: { code, details } });

/** No NUL, which no phone shows, and no half of a surrogate pair, which no encoding carries. */
export const isText = (text: string): boolean => !/[\0\p{Surrogate}]/u.test(text);
export const textUpTo = (max: number) => z.string().min(1).max(max).refine(isText, fieldCode('not_text'));

function isCallbackUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return (protocol === 'https:' || protocol === 'http:') && username === '' && password === '';
}
export const CallbackUrl = textUpTo(CALLBACK_URL_MAX)
  .refine(isCallbackUrl, fieldCode('invalid'))
  .meta({ description: 'Where receipts go instead of the endpoints of the key: http or https, without credentials.' });

export const ClientRef = textUpTo(CLIENT_REF_MAX).meta({
  description: 'Your own reference; comes back with the message and its receipts.',
});

const SENDER = /^(?:(?:\+|00)?\d{1,15}|[A-Za-z0-9]{1,11})$/;
export const Sender = textUpTo(20)
  .refine((sender) => SENDER.test(sender), fieldCode('sender_invalid'))
  .meta({ description: 'What the recipient sees as the caller: up to 11 letters and digits, or up to 15 digits.', examples: ['JINMU'] });

/** Longer than any number with its separators. */
export const PhoneText = textUpTo(64).meta({
  description: 'A number with its country code; `+`, `00` and separators are accepted.',
  examples: ['+8613800138000'],
});

/** An id as it stands in a path. */
export const IdText = z.string().min(1).max(64);

export const Instant = z.iso
  .datetime({ offset: true })
  .meta({ description: 'ISO 8601 with an offset.', examples: ['2026-12-01T09:00:00Z'] });

export const Iso2Code = z
  .string()
  .regex(/^[A-Z]{2}$/)
  .meta({ description: 'ISO 3166-1 alpha-2.', examples: ['SG'] });

/** With commas, as a query writes a list. */
export const several = <Value>(item: z.ZodType<Value, string>, max: number) =>
  z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(item).min(1).max(max));

export const Money = z
  .object({
    amount: z.string().meta({ description: 'Decimal text, exact.', examples: ['0.0278'] }),
    currency: z.literal('EUR'),
  })
  .meta({ id: 'Money' });

export const Cursor = z.string().min(1).max(200).meta({ description: '`cursor` of the page before.' });
export const Limit = z.coerce
  .number()
  .int()
  .min(1)
  .max(PAGE_ROWS_MAX)
  .default(PAGE_ROWS)
  .meta({ description: `Rows of a page, up to ${PAGE_ROWS_MAX}.` });
export const NextCursor = z.string().nullable().meta({ description: 'Of the next page; null on the last one.' });

export const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string().meta({ description: 'Stable; all of them are listed in docs/errors.md.' }),
    errors: z.array(
      z.object({
        field: z.string().meta({ examples: ['to[3].variables.name'] }),
        code: z.enum(Object.keys(FIELD_ERRORS) as [FieldErrorCode, ...FieldErrorCode[]]),
        detail: z.string(),
      }),
    ),
    request_id: z.string(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457.' });
