/** D1: jumps of traffic, and the totals that show them. */
import { and, eq, gte, isNull, lt, sql } from 'drizzle-orm';
import type { TenantId } from '../../../schema/ids';
import { shardTotals, tenants, trafficJumps } from '../../../schema/tables';
import type { TrafficJump } from '../../rules/traffic-jump';
import type { Database } from '../database';

export type JumpRow = typeof trafficJumps.$inferSelect;

/** Tenants that had at least `least` messages to one country since `since`, ms UTC. */
export async function busyTenants(database: Database, since: number, least: number): Promise<readonly TenantId[]> {
  const { tenantId, span, at, country, accepted, submitted, delivered, failed, expired, rejected, unknown } = shardTotals;
  const messages = sql`sum(${accepted} + ${submitted} + ${delivered} + ${failed} + ${expired} + ${rejected} + ${unknown})`;
  // Tenants first: each reads the run of its own last hours, whatever the planner thinks.
  const found = await database.values<[TenantId]>(sql`
    SELECT DISTINCT ${tenantId} FROM ${tenants} CROSS JOIN ${shardTotals} ON ${tenantId} = ${tenants.id}
    WHERE ${span} = 'hour' AND ${at} >= ${since} GROUP BY ${tenantId}, ${country} HAVING ${messages} >= ${least}`);
  return found.map(([tenant]) => tenant);
}

/**
 * Remembers a jump, or that one that is known is still there.
 * @param overSince one that was last seen before this is over, ms UTC
 * @returns whether it is new
 */
export async function noteJump(database: Database, tenant: TenantId, jump: TrafficJump, now: number, overSince: number): Promise<boolean> {
  const { country, kind, found, usual } = jump;
  const known = await database
    .update(trafficJumps)
    .set({ seenAt: now })
    .where(
      and(
        eq(trafficJumps.tenantId, tenant),
        eq(trafficJumps.country, country),
        eq(trafficJumps.kind, kind),
        gte(trafficJumps.seenAt, overSince),
      ),
    )
    .returning({ id: trafficJumps.id });
  if (known.length > 0) return false;
  await database.insert(trafficJumps).values({ tenantId: tenant, country, kind, found, usual, raisedAt: now, seenAt: now, toldAt: null });
  return true;
}

/** Oldest first. */
export const untoldJumps = (database: Database, limit: number): Promise<JumpRow[]> =>
  database.select().from(trafficJumps).where(isNull(trafficJumps.toldAt)).orderBy(trafficJumps.id).limit(limit);

export async function markJumpTold(database: Database, id: number, now: number): Promise<void> {
  await database.update(trafficJumps).set({ toldAt: now }).where(eq(trafficJumps.id, id));
}

export async function forgetJumps(database: Database, before: number): Promise<void> {
  await database.delete(trafficJumps).where(lt(trafficJumps.seenAt, before));
}
