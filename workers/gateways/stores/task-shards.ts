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
  const found = () =>
    database
      .select({ n: shards.n })
      .from(shards)
      .where(and(eq(shards.taskId, task), eq(shards.revision, revision)))
      .orderBy(asc(shards.n))
      .limit(count);
  const known = await found();
  if (known.length < count) {
    // One statement, so that a crash leaves all of them or none.
    await database.run(sql`
      WITH RECURSIVE missing (i) AS (SELECT ${known.length + 1} UNION ALL SELECT i + 1 FROM missing WHERE i < ${count})
      INSERT INTO ${shards} (tenant_id, key_id, kind, task_id, revision, created_at)
      SELECT ${tenant}, ${key}, 'marketing', ${task}, ${revision}, ${at} FROM missing`);
  }
  return (known.length < count ? await found() : known).map(({ n }) => n);
}

/** From here on the shards are part of the log. */
export async function markTaskShardsStarted(database: Database, task: TaskId, revision: number, at: number): Promise<void> {
  await database
    .update(shards)
    .set({ startedAt: at })
    .where(and(eq(shards.taskId, task), eq(shards.revision, revision), isNull(shards.startedAt)));
}
