/** Homes for the messages of a task: numbers that D1 gives out and never uses twice. */
import { and, asc, eq, isNull, sql } from 'drizzle-orm';
import type { KeyId, ShardNumber, TaskId, TenantId } from '../../../schema/ids';
import { shards } from '../../../schema/tables';
import type { Database } from '../database';

export interface ShardsWanted {
  readonly tenant: TenantId;
  readonly key: KeyId;
  readonly task: TaskId;
  readonly revision: number;
  readonly count: number;
  readonly at: number;
}

/** The shards of one revision in ascending order; a repeat finds those of the first call. */
export async function allotTaskShards(database: Database, wanted: ShardsWanted): Promise<ShardNumber[]> {
  const { tenant, key, task, revision, count, at } = wanted;
  const isOfRevision = and(eq(shards.taskId, task), eq(shards.revision, revision));
  // One statement, so that a crash leaves all of them or none, and of two runs at the same moment one allots them.
  await database.run(sql`
    WITH RECURSIVE wanted (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM wanted WHERE i < ${count})
    INSERT INTO ${shards} (tenant_id, key_id, kind, task_id, revision, created_at)
    SELECT ${tenant}, ${key}, 'marketing', ${task}, ${revision}, ${at} FROM wanted
    WHERE NOT EXISTS (SELECT 1 FROM ${shards} WHERE ${isOfRevision})`);
  const found = await database.select({ n: shards.n }).from(shards).where(isOfRevision).orderBy(asc(shards.n)).limit(count);
  return found.map(({ n }) => n);
}

/** From here on the shards are part of the log. */
export async function markTaskShardsStarted(database: Database, task: TaskId, revision: number, at: number): Promise<void> {
  await database
    .update(shards)
    .set({ startedAt: at })
    .where(and(eq(shards.taskId, task), eq(shards.revision, revision), isNull(shards.startedAt)));
}
