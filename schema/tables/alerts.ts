/** D1: jumps of a country's traffic that a tenant was told of. */
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { Iso2, TenantId } from '../ids';
import { JUMP_KINDS } from '../states';

export const trafficJumps = sqliteTable(
  'traffic_jumps',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    tenantId: text('tenant_id').$type<TenantId>().notNull(),
    country: text('country').$type<Iso2>().notNull(),
    kind: text('kind', { enum: JUMP_KINDS }).notNull(),
    /** Messages of the hour, or percent that failed. */
    found: integer('found').notNull(),
    /** The same as it was before. */
    usual: integer('usual').notNull(),
    raisedAt: integer('raised_at').notNull(),
    /** Last time that it was found still there. */
    seenAt: integer('seen_at').notNull(),
    /** When the owners were told; null = not yet. */
    toldAt: integer('told_at'),
  },
  (t) => [index('traffic_jumps_tenant').on(t.tenantId, t.seenAt)],
);
