/**
 * D1: which files the rows of sealed shards lie in, and what finds them there. The row of `archive_files` alone decides which file of a shard
 * counts; others of the same shard are left over.
 */
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { Iso2, ShardNumber, TenantId } from '../ids';
import type { NumberedShard, PackedMember } from '../protocol/archive';
import { DATASETS, MESSAGE_STATES } from '../states';

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
    /** Packed, without the number index. */
    bytes: integer('bytes').notNull(),
    /** When the first and the last row were received, ms UTC. */
    fromAt: integer('from_at').notNull(),
    untilAt: integer('until_at').notNull(),
    members: text('members', { mode: 'json' }).$type<readonly PackedMember[]>().notNull(),
    /** The number index (`number_indexes.file`) that holds this shard's numbers; what others say of the shard no longer counts. */
    numbers: text('numbers').notNull(),
    /** Late changes that the shard keeps and the file does not hold yet. With 0 the shard need not be asked. */
    patches: integer('patches').notNull().default(0),
    sealedAt: integer('sealed_at').notNull(),
    foldedAt: integer('folded_at'),
  },
  (t) => [
    index('archive_files_tenant').on(t.tenantId, t.dataset, t.untilAt),
    index('archive_files_patches').on(t.patches),
    index('archive_files_numbers').on(t.numbers),
  ],
);

/**
 * Which files and members hold messages of one outcome: read from the other end than `archive_files`, so that a rare one is found among any
 * number of files. WITHOUT ROWID (the migration says so; drizzle has no word for it).
 */
export const archiveCells = sqliteTable(
  'archive_cells',
  {
    tenantId: text('tenant_id').$type<TenantId>().notNull(),
    dataset: text('dataset', { enum: DATASETS }).notNull(),
    country: text('country').$type<Iso2>().notNull(),
    state: text('state', { enum: MESSAGE_STATES }).notNull(),
    sender: text('sender').notNull(),
    shard: integer('shard').$type<ShardNumber>().notNull(),
    /** Of the file; cells of any but the one that counts say nothing. */
    revision: integer('revision').notNull(),
    messages: integer('messages').notNull(),
    /** rules/archive-index.ts */
    members: text('members', { mode: 'json' }).$type<readonly number[]>().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.dataset, t.country, t.state, t.sender, t.shard] }),
    index('archive_cells_shard').on(t.shard),
  ],
);

/**
 * Which members hold a number (rules/number-index.ts). A sealed shard brings one of its own; a job merges them, so that a look-up reads a
 * handful whatever the number of shards.
 */
export const numberIndexes = sqliteTable(
  'number_indexes',
  {
    /** R2 key. */
    file: text('file').primaryKey(),
    tenantId: text('tenant_id').$type<TenantId>().notNull(),
    dataset: text('dataset', { enum: DATASETS }).notNull(),
    /** How often its numbers were merged; NUMBERS_FULL = large enough to stay as it is. */
    tier: integer('tier').notNull(),
    entries: integer('entries').notNull(),
    /** Whose members it names: the first shard's are numbered from 0, and each further one's follow those before it. */
    shards: text('shards', { mode: 'json' }).$type<readonly NumberedShard[]>().notNull(),
    /** When the first and the last row were received, ms UTC. */
    fromAt: integer('from_at').notNull(),
    untilAt: integer('until_at').notNull(),
    /** null = it counts. Else it is still being written, or others have taken its place: it goes at this time, ms UTC. */
    removeAt: integer('remove_at'),
  },
  (t) => [index('number_indexes_tenant').on(t.tenantId, t.dataset, t.removeAt, t.tier), index('number_indexes_remove').on(t.removeAt)],
);
