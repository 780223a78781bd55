/** D1: homes of API messages, and the totals that every shard writes of itself. Shards of tasks are allotted in task-shards.ts. */
import { and, desc, eq, isNull, sql } from 'drizzle-orm';
import type { Iso2, KeyId, ShardNumber, TenantId } from '../../../schema/ids';
import type { MessageState, TrafficKind } from '../../../schema/states';
import { shards, shardTotals } from '../../../schema/tables';
import type { Database } from '../database';

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

/** Two Workers may add one each at the same time: both are good homes, and both are part of the log at once. */
export async function addDayShard(database: Database, { tenant, key, kind, day }: KeyDay, at: number): Promise<ShardNumber> {
  const [added] = await database
    .insert(shards)
    .values({ tenantId: tenant, keyId: key, kind, day, createdAt: at, startedAt: at })
    .returning({ n: shards.n });
  if (!added) throw new Error('D1 gave out no shard number');
  return added.n;
}

export interface ShardTotal {
  readonly hourAt: number;
  readonly country: Iso2;
  readonly state: MessageState;
  readonly messages: number;
  readonly parts: number;
  readonly costMicros: number;
}

/** Absolute values in one statement: a repeat, or an older write that comes late and is followed by a newer one, does no harm. */
export async function writeShardTotals(
  database: Database,
  tenant: TenantId,
  shard: ShardNumber,
  totals: readonly ShardTotal[],
): Promise<void> {
  if (totals.length === 0) return;
  const cells = totals.map(({ hourAt, country, state, messages, parts, costMicros }) => [
    hourAt,
    country,
    state,
    messages,
    parts,
    costMicros,
  ]);
  await database.run(sql`
    INSERT INTO ${shardTotals} (shard, tenant_id, hour_at, country, state, messages, parts, cost_micros)
    SELECT ${shard}, ${tenant}, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5
    FROM json_each(${JSON.stringify(cells)}) WHERE true
    ON CONFLICT (shard, hour_at, country, state)
    DO UPDATE SET messages = excluded.messages, parts = excluded.parts, cost_micros = excluded.cost_micros`);
}
