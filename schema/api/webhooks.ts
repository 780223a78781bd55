/** Webhooks: endpoints, their log, and what they are told. */
import { z } from 'zod';
import { WEBHOOK_BATCH_MAX, WEBHOOK_HEADERS_MAX, WEBHOOK_URL_MAX } from '../limits';
import { DELIVERY_STATES } from '../protocol/webhook-lane';
import { ENDPOINT_TROUBLES, WEBHOOK_EVENTS } from '../states';
import { Cursor, IdText, Instant, Limit, NextCursor, textUpTo } from './common';

const fields = {
  name: textUpTo(64).meta({ examples: ['Orders'] }),
  url: textUpTo(WEBHOOK_URL_MAX).meta({
    description: 'http or https, on the public internet, without credentials. Redirects are not followed: they count as failures.',
    examples: ['https://shop.example.com/hooks/jmc'],
  }),
  method: z.enum(['POST', 'PUT']),
  events: z.array(z.enum(WEBHOOK_EVENTS)).min(1),
  batch_max: z.int().min(1).max(WEBHOOK_BATCH_MAX).meta({ description: 'Events in one request; 1 = each alone.' }),
  enabled: z.boolean(),
  headers: z.record(textUpTo(64), z.string().max(1_000)).meta({
    description: `Sent along, up to ${WEBHOOK_HEADERS_MAX}. Their values are not shown again.`,
  }),
};

export const WebhookRequest = z.strictObject(fields).partial().required({ url: true }).meta({ id: 'WebhookRequest' });
export const WebhookChanges = z.strictObject(fields).partial().meta({ id: 'WebhookChanges', description: 'What is not named stays.' });

export const Webhook = z
  .object({
    id: z.string(),
    kind: z.enum(['endpoint', 'callback']).meta({
      description: '`callback` stands for the callback URLs of messages and tasks that lead to one host; the platform makes it.',
    }),
    name: z.string(),
    url: z.string(),
    method: fields.method,
    events: z.array(z.enum(WEBHOOK_EVENTS)),
    batch_max: z.int(),
    enabled: z.boolean(),
    trouble: z.enum(ENDPOINT_TROUBLES).nullable().meta({ description: 'Why the platform switched it off.' }),
    header_names: z.array(z.string()),
    created_at: Instant,
    updated_at: Instant,
  })
  .meta({ id: 'Webhook' });
export const WebhookMade = Webhook.extend({
  secret: z.string().meta({ description: 'Signs what the endpoint is sent (Standard Webhooks); shown this once.' }),
}).meta({ id: 'WebhookMade' });
export const WebhookList = z.object({ webhooks: z.array(Webhook) }).meta({ id: 'WebhookList' });
export const WebhookId = z.strictObject({ id: IdText });
export const WebhookSecret = z.object({ secret: z.string() }).meta({ id: 'WebhookSecret' });

export const WebhookAttempt = z
  .object({
    webhook_id: z.string().meta({ description: 'As in the header: the same for every try, and for a replay.' }),
    at: Instant,
    duration_ms: z.int(),
    method: z.string(),
    url: z.string(),
    status: z.int().nullable().meta({ description: 'null = no answer came.' }),
    error: z.string().nullable().meta({ description: 'timeout, unreachable, redirect, status or refused_address; null = taken.' }),
    answer: z.string().meta({ description: 'First bytes of your answer.' }),
    events: z.int(),
    state: z.enum(DELIVERY_STATES),
    next_at: Instant.nullable(),
    body: z.string(),
  })
  .meta({ id: 'WebhookAttempt' });
export const WebhookAttempts = z.object({ attempts: z.array(WebhookAttempt), cursor: NextCursor }).meta({ id: 'WebhookAttempts' });
export const WebhookAttemptQuery = z.strictObject({ cursor: Cursor.optional(), limit: Limit, webhook_id: IdText.optional() });

export const WebhookReplay = z
  .union([
    z.strictObject({ webhook_id: IdText }),
    z.strictObject({ from: Instant, until: Instant, which: z.enum(['failed', 'all']).default('failed') }),
  ])
  .meta({ id: 'WebhookReplay', description: 'One delivery, or all of a period.' });
export const WebhookReplayed = z.object({ deliveries: z.int() }).meta({ id: 'WebhookReplayed' });
