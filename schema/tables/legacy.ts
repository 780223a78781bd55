/** D1: what was before July 2021. Messages lie in archive files of dataset `legacy`; tasks are figures only, one row each. */
import { blob, index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { TenantId } from '../ids';
import type { LegacyRefusedRow } from '../operators';
import { IMPORT_STATES, LEGACY_FILE_KINDS } from '../states';

/**
 * Which messages were imported: the first LEGACY_ID_HASH_BYTES of SHA-256 over the tenant and the id that the old platform gave them. A message
 * that is here is not imported again. WITHOUT ROWID (the migration says so): one small row a message.
 */
export const legacyIds = sqliteTable('legacy_ids', { hash: blob('hash', { mode: 'buffer' }).primaryKey() });

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

/** Runs of the command, one row a file; a run that was ended in the middle stays as it was begun. */
export const legacyImports = sqliteTable('legacy_imports', {
  id: integer('id').primaryKey({ autoIncrement: true }),
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  kind: text('kind', { enum: LEGACY_FILE_KINDS }).notNull(),
  fileName: text('file_name').notNull(),
  state: text('state', { enum: IMPORT_STATES }).notNull(),
  /** New in this run, imported before, and refused. */
  accepted: integer('accepted').notNull().default(0),
  known: integer('known').notNull().default(0),
  refused: integer('refused').notNull().default(0),
  /** The first of the refused. */
  named: text('named', { mode: 'json' }).$type<readonly LegacyRefusedRow[]>().notNull(),
  startedAt: integer('started_at').notNull(),
  finishedAt: integer('finished_at'),
});
