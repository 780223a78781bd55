/** D1: the files of sealed shards, as the shards write them. */
import { and, asc, count, eq, gt, isNotNull, sql } from 'drizzle-orm';
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core';
import type { ShardNumber, TenantId } from '../../../schema/ids';
import type { Dataset } from '../../../schema/states';
import { archiveFiles, shards } from '../../../schema/tables';
import type { ArchiveContents } from '../archive-file';
import type { Database } from '../database';

export interface ArchiveRecord extends ArchiveContents {
  readonly shard: ShardNumber;
  readonly tenantId: TenantId;
  readonly dataset: Dataset;
  readonly file: string;
  readonly revision: number;
  readonly patches: number;
  readonly sealedAt: number;
  readonly foldedAt: number | null;
}

/** A write with a lower revision than the one that is there comes from the past and changes nothing. */
export async function writeArchiveFile(database: Database, record: ArchiveRecord): Promise<void> {
  const { shard: _shard, ...changes } = record;
  await database
    .insert(archiveFiles)
    .values(record)
    .onConflictDoUpdate({ target: archiveFiles.shard, set: changes, setWhere: sql`${archiveFiles.revision} < ${record.revision}` });
}

export async function findArchiveFile(database: Database, shard: ShardNumber): Promise<ArchiveRecord | null> {
  const [found] = await database.select().from(archiveFiles).where(eq(archiveFiles.shard, shard));
  return found ?? null;
}

/** Absolute; nothing happens while the shard has no file. */
export async function writePatchCount(database: Database, shard: ShardNumber, patches: number): Promise<void> {
  await database.update(archiveFiles).set({ patches }).where(eq(archiveFiles.shard, shard));
}

/** Files that lack what their shards keep beside them. */
export async function shardsToFold(database: Database, limit: number): Promise<readonly ShardNumber[]> {
  const found = await database
    .select({ shard: archiveFiles.shard })
    .from(archiveFiles)
    .where(gt(archiveFiles.patches, 0))
    .orderBy(asc(archiveFiles.patches))
    .limit(limit);
  return found.map(({ shard }) => shard);
}

export interface ArchiveSize {
  /** Shards of the log whose rows no file holds. */
  readonly unsealed: number;
  readonly rows: number;
  /** Packed, the number indexes among them. */
  readonly bytes: number;
}

export async function archiveSizeOf(database: Database, tenant: TenantId): Promise<ArchiveSize> {
  const sum = (column: SQLiteColumn) => sql<number>`coalesce(sum(${column}), 0)`.mapWith(Number);
  const [found] = await database
    .select({ shards: count(), files: count(archiveFiles.shard), rows: sum(archiveFiles.rows), bytes: sum(archiveFiles.bytes) })
    .from(shards)
    .leftJoin(archiveFiles, eq(archiveFiles.shard, shards.n))
    .where(and(eq(shards.tenantId, tenant), isNotNull(shards.startedAt)));
  return { unsealed: (found?.shards ?? 0) - (found?.files ?? 0), rows: found?.rows ?? 0, bytes: found?.bytes ?? 0 };
}
