/** D1: homes of API messages. Shards of tasks are allotted in task-shards.ts. */
import { and, desc, eq, isNull } from 'drizzle-orm';
import type { KeyId, ShardNumber, TenantId } from '../../../schema/ids';
import type { TrafficKind } from '../../../schema/states';
import { shards } from '../../../schema/tables';
import type { Database } from '../database';
import { isListed } from './listed';

export interface KeyDay {
  readonly tenant: TenantId;
  readonly key: KeyId;
  readonly kind: TrafficKind;
  /** UTC, YYYY-MM-DD. */
  readonly day: string;
}

/** The newest shard of a key's day; null before its first message. */
export async function findDayShard(database: Database, { key, day }: KeyDay): Promise<ShardNumber | null> {
  const [found] = await database
    .select({ n: shards.n })
    .from(shards)
    .where(and(eq(shards.keyId, key), eq(shards.day, day), isNull(shards.taskId)))
    .orderBy(desc(shards.n))
    .limit(1);
  return found?.n ?? null;
}

/** All of them, the newest first. */
export async function dayShards(database: Database, { key, day }: KeyDay): Promise<readonly ShardNumber[]> {
  const found = await database
    .select({ n: shards.n })
    .from(shards)
    .where(and(eq(shards.keyId, key), eq(shards.day, day), isNull(shards.taskId)))
    .orderBy(desc(shards.n));
  return found.map(({ n }) => n);
}

/** Which key and day these shards of the tenant are. */
export async function keyDays(database: Database, tenant: TenantId, numbers: readonly ShardNumber[]) {
  if (numbers.length === 0) return [];
  const found = await database
    .select({ n: shards.n, key: shards.keyId, day: shards.day })
    .from(shards)
    .where(and(eq(shards.tenantId, tenant), isListed(shards.n, numbers)));
  return found;
}

/** Two Workers may add one each at the same time: both are good homes, and both are part of the log at once. */
export async function addDayShard(database: Database, { tenant, key, kind, day }: KeyDay, at: number): Promise<ShardNumber> {
  const [added] = await database
    .insert(shards)
    .values({ tenantId: tenant, keyId: key, kind, day, createdAt: at, startedAt: at })
    .returning({ n: shards.n });
  if (!added) throw new Error('D1 gave out no shard number');
  return added.n;
}
