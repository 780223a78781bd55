/** D1: which files the rows of sealed shards lie in. This row alone decides which file counts; others of the same shard are left over. */
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { ShardNumber, TenantId } from '../ids';
import type { FileTally, PackedMember } from '../protocol/archive';
import { DATASETS } from '../states';

export const archiveFiles = sqliteTable(
  'archive_files',
  {
    shard: integer('shard').$type<ShardNumber>().primaryKey(),
    tenantId: text('tenant_id').$type<TenantId>().notNull(),
    dataset: text('dataset', { enum: DATASETS }).notNull(),
    /** R2 key. */
    file: text('file').notNull(),
    /** Part of the key: a write with a lower one comes too late. */
    revision: integer('revision').notNull(),
    rows: integer('rows').notNull(),
    /** Packed: the rows and the number index together. */
    bytes: integer('bytes').notNull(),
    /** When the first and the last row were received, ms UTC. */
    fromAt: integer('from_at').notNull(),
    untilAt: integer('until_at').notNull(),
    tally: text('tally', { mode: 'json' }).$type<readonly FileTally[]>().notNull(),
    members: text('members', { mode: 'json' }).$type<readonly PackedMember[]>().notNull(),
    /** Late changes that the shard keeps and the file does not hold yet. With 0 the shard need not be asked. */
    patches: integer('patches').notNull().default(0),
    sealedAt: integer('sealed_at').notNull(),
    foldedAt: integer('folded_at'),
  },
  (t) => [index('archive_files_tenant').on(t.tenantId, t.dataset, t.untilAt), index('archive_files_patches').on(t.patches)],
);
