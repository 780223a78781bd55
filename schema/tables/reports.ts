/**
 * D1: what home and reports add up. Absolute counts that each shard writes of itself, so that a repeat overwrites itself. Both tables are
 * WITHOUT ROWID (the migration says so; drizzle has no word for it): a report reads a run of neighbouring rows, and a write costs one row.
 */
import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { CarrierAccountId, Iso2, ShardNumber, TenantId } from '../ids';
import { TOTALS_SPANS } from '../reports';
import { REASONED_MESSAGE_STATES } from '../states';

const place = {
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  /** When the UTC hour, or the platform's day, of acceptance began, ms UTC. */
  span: text('span', { enum: TOTALS_SPANS }).notNull(),
  at: integer('at').notNull(),
  shard: integer('shard').$type<ShardNumber>().notNull(),
  country: text('country').$type<Iso2>().notNull(),
  sender: text('sender').notNull(),
};

/** Columns of COUNTED_MESSAGE_STATES, and what the messages cost. */
export const shardTotals = sqliteTable(
  'shard_totals',
  {
    ...place,
    accepted: integer('accepted').notNull(),
    submitted: integer('submitted').notNull(),
    delivered: integer('delivered').notNull(),
    failed: integer('failed').notNull(),
    expired: integer('expired').notNull(),
    rejected: integer('rejected').notNull(),
    unknown: integer('unknown').notNull(),
    blocked: integer('blocked').notNull(),
    cancelled: integer('cancelled').notNull(),
    parts: integer('parts').notNull(),
    costMicros: integer('cost_micros').notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.span, t.at, t.shard, t.country, t.sender] })],
);

/** Why messages failed or were blocked. */
export const shardReasons = sqliteTable(
  'shard_reasons',
  {
    ...place,
    state: text('state', { enum: REASONED_MESSAGE_STATES }).notNull(),
    /** '' where a message says no more than its state. */
    error: text('error').notNull(),
    messages: integer('messages').notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.span, t.at, t.shard, t.country, t.sender, t.state, t.error] })],
);

/** How carrier accounts do, by UTC hour of acceptance: what operators watch, over all tenants. WITHOUT ROWID as well; kept for some days. */
export const carrierTotals = sqliteTable(
  'carrier_totals',
  {
    at: integer('at').notNull(),
    accountId: text('account_id').$type<CarrierAccountId>().notNull(),
    country: text('country').$type<Iso2>().notNull(),
    shard: integer('shard').$type<ShardNumber>().notNull(),
    waiting: integer('waiting').notNull(),
    unreceipted: integer('unreceipted').notNull(),
    sent: integer('sent').notNull(),
    delivered: integer('delivered').notNull(),
    missed: integer('missed').notNull(),
    /** JSON object: receipts by step of rules/receipt-lag, without the steps that have none. */
    lags: text('lags').notNull(),
  },
  (t) => [primaryKey({ columns: [t.at, t.accountId, t.country, t.shard] })],
);
