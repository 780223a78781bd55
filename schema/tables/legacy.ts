/** D1: what was before July 2021. Messages lie in archive files of dataset `legacy`; tasks are figures only, one row each. */
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { ShardNumber, TenantId } from '../ids';

/** Archive files by what they were made of: importing the same csv again finds them and makes none twice. */
export const legacyParts = sqliteTable(
  'legacy_parts',
  {
    tenantId: text('tenant_id').$type<TenantId>().notNull(),
    /** SHA-256 of the whole csv, hex. */
    fileHash: text('file_hash').notNull(),
    /** From 0: every LEGACY_PART_ROWS rows of the csv are one archive file. */
    part: integer('part').notNull(),
    shard: integer('shard').$type<ShardNumber>().notNull(),
    rows: integer('rows').notNull(),
    importedAt: integer('imported_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.fileHash, t.part] })],
);

export const legacyTasks = sqliteTable(
  'legacy_tasks',
  {
    tenantId: text('tenant_id').$type<TenantId>().notNull(),
    /** As the old platform called it. */
    id: text('id').notNull(),
    userName: text('user_name').notNull(),
    name: text('name').notNull(),
    createdAt: integer('created_at').notNull(),
    startedAt: integer('started_at'),
    /** In the words of the old platform. */
    state: text('state').notNull(),
    messages: integer('messages').notNull(),
    sent: integer('sent').notNull(),
    delivered: integer('delivered').notNull(),
    failed: integer('failed').notNull(),
    costMicros: integer('cost_micros').notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.id] }), index('legacy_tasks_created').on(t.tenantId, t.createdAt)],
);
