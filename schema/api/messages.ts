/** Messages: sending, reading, cancelling, and what they would cost. */
import { z } from 'zod';
import { BLOCK_REASONS, ROW_REJECTIONS, type BlockReason, type RowRejection } from '../errors';
import { RECIPIENTS_PER_REQUEST, TTL_MAX_S, TTL_MIN_S } from '../limits';
import { MESSAGE_STATES, TEXT_TYPES, TRAFFIC_KINDS } from '../states';
import {
  CallbackUrl,
  ClientRef,
  Cursor,
  fieldCode,
  IdText,
  Instant,
  Iso2Code,
  isText,
  Limit,
  Money,
  NextCursor,
  PhoneText,
  Sender,
  several,
  textUpTo,
} from './common';

/** Longer than any text that may be sent: its variables may shrink it. */
const TEXT_MAX = 10_000;
const VARIABLES_MAX = 64;
const VARIABLE_MAX = 1_000;

const Text = textUpTo(TEXT_MAX)
  .refine((text) => text.trim() !== '', fieldCode('required'))
  .meta({
    description:
      'Sent as given, up to 3,200 characters. If any recipient brings `variables`, it is a template: `{{name}}` is filled from those of each recipient.',
    examples: ['Your code is 482913.'],
  });
const Type = z
  .enum(TEXT_TYPES)
  .default('auto')
  .meta({ description: '`auto` takes GSM-7 where it can carry the text and UCS-2 else; `text` forces GSM-7, `unicode` UCS-2.' });

const Recipient = z
  .strictObject({
    to: PhoneText,
    variables: z
      .record(textUpTo(100), z.string().max(VARIABLE_MAX).refine(isText, fieldCode('not_text')))
      .refine((variables) => Object.keys(variables).length <= VARIABLES_MAX, fieldCode('too_many', { max: VARIABLES_MAX }))
      .optional()
      .meta({ examples: [{ name: '李晓星' }] }),
    client_ref: ClientRef.optional(),
  })
  .meta({ id: 'Recipient' });

export const SendRequest = z
  .strictObject({
    from: Sender,
    text: Text.optional(),
    template_id: IdText.optional().meta({ description: 'In place of `text`.' }),
    to: z
      .union([
        PhoneText,
        z
          .array(z.union([PhoneText, Recipient]))
          .min(1)
          .max(RECIPIENTS_PER_REQUEST),
      ])
      .meta({
        description: `One number, or up to ${RECIPIENTS_PER_REQUEST} of them, each alone or with its variables and reference.`,
      }),
    type: Type,
    send_at: Instant.optional().meta({ description: 'When to send, up to 30 days ahead; until then it can be cancelled.' }),
    callback_url: CallbackUrl.optional(),
    client_ref: ClientRef.optional().meta({ description: 'For recipients that have none of their own.' }),
    ttl_s: z
      .int()
      .min(TTL_MIN_S)
      .max(TTL_MAX_S)
      .optional()
      .meta({ description: 'How long the carrier tries, seconds; 72 hours where nothing is said.' }),
  })
  .refine(({ text, template_id: template }) => (text === undefined) !== (template === undefined), {
    path: ['text'],
    ...fieldCode('one_of', { fields: 'text, template_id' }),
  })
  .meta({
    id: 'SendRequest',
    examples: [{ from: 'JINMU', text: 'Your code is 482913.', to: '+15005550000' }],
  });
export type SendRequest = z.infer<typeof SendRequest>;

const MessageError = z.object({ code: z.string(), text: z.string() }).meta({ id: 'MessageError' });

const AcceptedMessage = z
  .object({
    id: z.string(),
    to: z.string().meta({ description: 'E.164.' }),
    status: z.enum(['accepted', 'blocked']),
    error: MessageError.extend({ code: z.enum(Object.keys(BLOCK_REASONS) as [BlockReason, ...BlockReason[]]) })
      .nullable()
      .meta({ description: 'Why it is blocked. A blocked message is logged and costs nothing.' }),
    country: Iso2Code,
    parts: z.int(),
    price: Money,
    client_ref: z.string().nullable(),
  })
  .meta({ id: 'AcceptedMessage' });

export const SendAnswer = z
  .object({
    messages: z.array(AcceptedMessage).meta({ description: 'In the order of `to`, without those rejected.' }),
    rejected: z
      .array(
        z.object({
          to: z.string().meta({ description: 'As given.' }),
          code: z.enum(Object.keys(ROW_REJECTIONS) as [RowRejection, ...RowRejection[]]),
          detail: z.string(),
        }),
      )
      .meta({ description: 'Recipients that no message was made for.' }),
  })
  .meta({ id: 'SendAnswer' });
export type SendAnswer = z.infer<typeof SendAnswer>;

export const Message = z
  .object({
    id: z.string(),
    to: z.string(),
    from: z.string(),
    kind: z.enum(TRAFFIC_KINDS),
    status: z.enum(MESSAGE_STATES),
    error: MessageError.nullable(),
    parts: z.int(),
    country: Iso2Code,
    network: z.string().nullable(),
    price: Money,
    created_at: Instant,
    submitted_at: Instant.nullable(),
    final_at: Instant.nullable(),
    client_ref: z.string().nullable(),
    task_id: z.string().nullable(),
  })
  .meta({ id: 'Message' });
export type Message = z.infer<typeof Message>;

export const MessageId = z.strictObject({ id: IdText });

export const MessageQuery = z.strictObject({
  kind: z.enum(TRAFFIC_KINDS).optional(),
  message_id: IdText.optional(),
  task_id: textUpTo(30).optional(),
  task_name: textUpTo(200).optional().meta({ description: 'Part of it.' }),
  key: textUpTo(64).optional(),
  user: textUpTo(64).optional().meta({ description: 'Id of a user of the console, or of a key: whose tasks the messages are of.' }),
  from: textUpTo(20).optional(),
  to: PhoneText.optional(),
  status: several(z.enum(MESSAGE_STATES), MESSAGE_STATES.length).optional().meta({ description: 'One or several, with commas.' }),
  country: several(Iso2Code, 300).optional().meta({ description: 'One or several, with commas.' }),
  created_from: Instant.optional(),
  created_until: Instant.optional().meta({ description: 'Exclusive.' }),
  limit: Limit,
  cursor: Cursor.optional(),
});

export const MessagePage = z
  .object({ messages: z.array(Message).meta({ description: 'Newest first.' }), cursor: NextCursor })
  .meta({ id: 'MessagePage' });

export const EstimateRequest = z
  .strictObject({
    text: Text,
    to: z.union([PhoneText, z.array(PhoneText).min(1).max(RECIPIENTS_PER_REQUEST)]),
    type: Type,
  })
  .meta({ id: 'EstimateRequest', examples: [{ text: '您的验证码是 482913', to: ['+8613800138000', '+6591234567'] }] });

export const EstimateAnswer = z
  .object({
    encoding: z.enum(['GSM-7', 'UCS-2']),
    characters: z.int(),
    parts: z.int(),
    recipients: z.array(
      z.object({
        input: z.string(),
        valid: z.boolean(),
        e164: z.string().nullable(),
        country: Iso2Code.nullable(),
        number_type: z.string().nullable(),
        price: Money.nullable().meta({ description: 'Of the whole message; null when it cannot be sent.' }),
      }),
    ),
    total: Money,
  })
  .meta({ id: 'EstimateAnswer' });
