/** D1: what the legacy import writes. */
import { and, eq, sql } from 'drizzle-orm';
import type { KeyId, ShardNumber, TenantId } from '../../../schema/ids';
import { archiveFiles, legacyParts, legacyTasks, shards, tenants } from '../../../schema/tables';
import type { Database } from '../database';
import type { ArchiveRecord } from './archive-files';

export async function tenantExists(database: Database, tenant: TenantId): Promise<boolean> {
  const found = await database.select({ id: tenants.id }).from(tenants).where(eq(tenants.id, tenant));
  return found.length > 0;
}

/** Rows of the part that was imported before; null when it was not. */
export async function importedPart(database: Database, tenant: TenantId, fileHash: string, part: number): Promise<number | null> {
  const [found] = await database
    .select({ rows: legacyParts.rows })
    .from(legacyParts)
    .where(and(eq(legacyParts.tenantId, tenant), eq(legacyParts.fileHash, fileHash), eq(legacyParts.part, part)));
  return found?.rows ?? null;
}

/** A number for a file of imported messages, not part of any log until `addLegacyPart`. */
export async function addLegacyShard(database: Database, tenant: TenantId, now: number): Promise<ShardNumber> {
  const [added] = await database
    .insert(shards)
    .values({ tenantId: tenant, keyId: '' as KeyId, kind: 'marketing', dataset: 'legacy', createdAt: now })
    .returning({ n: shards.n });
  if (!added) throw new Error('D1 gave out no shard number');
  return added.n;
}

/** The file, its place in the log and where it came from, all at once. Of two imports of the same part the second one fails. */
export async function addLegacyPart(database: Database, record: ArchiveRecord, fileHash: string, part: number): Promise<void> {
  const { shard, tenantId, rows, fromAt, sealedAt } = record;
  await database.batch([
    database.insert(legacyParts).values({ tenantId, fileHash, part, shard, rows, importedAt: sealedAt }),
    database.insert(archiveFiles).values(record),
    database.update(shards).set({ startedAt: fromAt }).where(eq(shards.n, shard)),
  ]);
}

type LegacyTaskRow = typeof legacyTasks.$inferInsert;
/** D1 takes 100 parameters a statement. */
const TASKS_AT_ONCE = 8;

/** A task that is imported again is written over. */
export async function putLegacyTasks(database: Database, rows: readonly LegacyTaskRow[]): Promise<void> {
  for (let at = 0; at < rows.length; at += TASKS_AT_ONCE) {
    await database
      .insert(legacyTasks)
      .values(rows.slice(at, at + TASKS_AT_ONCE))
      .onConflictDoUpdate({
        target: [legacyTasks.tenantId, legacyTasks.id],
        set: {
          userName: sql`excluded.user_name`,
          name: sql`excluded.name`,
          createdAt: sql`excluded.created_at`,
          startedAt: sql`excluded.started_at`,
          state: sql`excluded.state`,
          messages: sql`excluded.messages`,
          sent: sql`excluded.sent`,
          delivered: sql`excluded.delivered`,
          failed: sql`excluded.failed`,
          costMicros: sql`excluded.cost_micros`,
        },
      });
  }
}
