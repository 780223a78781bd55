/** D1: where customers are told of receipts and inbound messages, and the inbound messages themselves. */
import { sql } from 'drizzle-orm';
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import type { EndpointId, KeyId, TenantId } from '../ids';
import { ENDPOINT_TROUBLES, type WebhookEvent } from '../states';

/** Deliveries and their log live in the WebhookLane of the endpoint. */
export const endpoints = sqliteTable(
  'endpoints',
  {
    id: text('id').$type<EndpointId>().primaryKey(),
    tenantId: text('tenant_id').$type<TenantId>().notNull(),
    /** `callback`: made by the platform for the URLs that single calls and tasks name; one for each origin, its url. */
    kind: text('kind', { enum: ['endpoint', 'callback'] }).notNull(),
    name: text('name').notNull(),
    url: text('url').notNull(),
    method: text('method', { enum: ['POST', 'PUT'] }).notNull(),
    /** JSON object of own headers, sealed: they may hold a token. */
    headersSealed: text('headers_sealed').notNull(),
    /** JSON array. */
    events: text('events', { mode: 'json' }).$type<WebhookEvent[]>().notNull(),
    /** Events a request; 1 = no batches. */
    batchMax: integer('batch_max').notNull(),
    enabled: integer('enabled', { mode: 'boolean' }).notNull(),
    /** Why the platform switched it off; null when it did not. */
    trouble: text('trouble', { enum: ENDPOINT_TROUBLES }),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
  },
  (t) => [
    index('endpoints_tenant').on(t.tenantId, t.createdAt),
    uniqueIndex('endpoints_callback')
      .on(t.tenantId, t.url)
      .where(sql`kind = 'callback'`),
  ],
);

/** Signing secrets. `owner` is an endpoint's id, or the tenant's for everything that goes to callbacks. */
export const webhookSecrets = sqliteTable(
  'webhook_secrets',
  {
    n: integer('n').primaryKey({ autoIncrement: true }),
    owner: text('owner').notNull(),
    tenantId: text('tenant_id').$type<TenantId>().notNull(),
    sealed: text('sealed').notNull(),
    createdAt: integer('created_at').notNull(),
    /** Of a secret that was replaced, ms UTC; null = the newest. */
    expiresAt: integer('expires_at'),
  },
  (t) => [index('webhook_secrets_owner').on(t.owner)],
);

/** Messages from handsets, whole. */
export const inboundMessages = sqliteTable(
  'inbound_messages',
  {
    /** The carrier's id, of the first part. */
    id: text('id').primaryKey(),
    /** null = the number is bound to nobody, or to several. */
    tenantId: text('tenant_id').$type<TenantId>(),
    /** E.164 digits. */
    from: text('from_number').notNull(),
    to: text('to_number').notNull(),
    body: text('body').notNull(),
    parts: integer('parts').notNull(),
    /** false: parts were missing when the wait was over. */
    complete: integer('complete', { mode: 'boolean' }).notNull(),
    optOut: integer('opt_out', { mode: 'boolean' }).notNull(),
    receivedAt: integer('received_at').notNull(),
    /** When opt-out and forwarding were done, ms UTC; null = still to do. */
    doneAt: integer('done_at'),
  },
  (t) => [
    index('inbound_tenant').on(t.tenantId, t.receivedAt),
    index('inbound_undone')
      .on(t.receivedAt)
      .where(sql`done_at IS NULL`),
  ],
);

/** What a tenant answers to whoever opts out; without a row nothing. */
export const optOutReplies = sqliteTable('opt_out_replies', {
  tenantId: text('tenant_id').$type<TenantId>().primaryKey(),
  /** Whose message the answer is. */
  keyId: text('key_id').$type<KeyId>().notNull(),
  body: text('body').notNull(),
  updatedAt: integer('updated_at').notNull(),
});

/** Parts of long inbound messages, until all are there, and a while longer so that a repeat is known. */
export const inboundParts = sqliteTable(
  'inbound_parts',
  {
    /** The carrier's id. */
    id: text('id').primaryKey(),
    /** Handset, number and reference of one long message. */
    thread: text('thread').notNull(),
    from: text('from_number').notNull(),
    to: text('to_number').notNull(),
    total: integer('total').notNull(),
    part: integer('part').notNull(),
    body: text('body').notNull(),
    receivedAt: integer('received_at').notNull(),
    /** The message it became part of. */
    joined: text('joined'),
  },
  (t) => [index('inbound_parts_thread').on(t.thread), index('inbound_parts_time').on(t.receivedAt)],
);
