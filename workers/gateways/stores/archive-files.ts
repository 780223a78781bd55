/** D1: the files of sealed shards, as the shards write them. */
import { and, asc, count, eq, gt, isNotNull, isNull, sql } from 'drizzle-orm';
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

/** Shards of a tenant's log whose rows no file holds. */
export async function shardsWithoutFile(database: Database, tenant: TenantId): Promise<number> {
  const [found] = await database
    .select({ shards: count() })
    .from(shards)
    .leftJoin(archiveFiles, eq(archiveFiles.shard, shards.n))
    .where(and(eq(shards.tenantId, tenant), isNotNull(shards.startedAt), isNull(archiveFiles.shard)));
  return found?.shards ?? 0;
}
