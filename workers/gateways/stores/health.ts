/** D1: how the platform is doing, over all tenants, from the absolute totals that shards write of their carrier accounts. */
import { count, desc, eq, gte, inArray, lt, sql } from 'drizzle-orm';
import type { CarrierAccountId } from '../../../schema/ids';
import type { HealthView } from '../../../schema/operators';
import { carrierAccounts, carrierTotals, deadLetters, exportJobs, shards, tasks } from '../../../schema/tables';
import type { Database } from '../database';

const COUNTRIES = 30;

const sumOf = (column: 'waiting' | 'unreceipted' | 'sent' | 'delivered' | 'missed') =>
  sql<number>`coalesce(sum(${carrierTotals[column]}), 0)`.mapWith(Number);
const outcomes = { sent: sumOf('sent'), delivered: sumOf('delivered'), missed: sumOf('missed') };
const since = (from: number) => gte(carrierTotals.at, from);

/** What was accepted since `from` and still waits, for the carrier or for its receipt. */
export async function pendingMessages(
  database: Database,
  from: number,
): Promise<Pick<HealthView, 'waiting' | 'unreceipted' | 'oldestUnreceiptedAt'>> {
  const found = await database
    .select({
      kind: shards.kind,
      waiting: sumOf('waiting'),
      unreceipted: sumOf('unreceipted'),
      oldestAt: sql<number | null>`min(CASE WHEN ${carrierTotals.unreceipted} > 0 THEN ${carrierTotals.at} END)`,
    })
    .from(carrierTotals)
    .innerJoin(shards, eq(shards.n, carrierTotals.shard))
    .where(since(from))
    .groupBy(shards.kind);
  const oldest = found.flatMap(({ oldestAt }) => (oldestAt === null ? [] : [oldestAt]));
  const waitingOf = (wanted: string): number => found.find(({ kind }) => kind === wanted)?.waiting ?? 0;
  return {
    waiting: { transactional: waitingOf('transactional'), marketing: waitingOf('marketing') },
    unreceipted: found.reduce((sum, { unreceipted }) => sum + unreceipted, 0),
    oldestUnreceiptedAt: oldest.length === 0 ? null : Math.min(...oldest),
  };
}

/** Every account, whether anything went through it or not. */
export async function outcomesByCarrier(database: Database, from: number) {
  const { id, name, perSecond } = carrierAccounts;
  return await database
    .select({ id, name, perSecond, ...outcomes })
    .from(carrierAccounts)
    .leftJoin(carrierTotals, sql`${carrierTotals.accountId} = ${id} AND ${since(from)}`)
    .groupBy(id)
    .orderBy(desc(outcomes.sent), name);
}

/** Receipts by account and step of rules/receipt-lag. */
export async function receiptLags(database: Database, from: number): Promise<ReadonlyMap<CarrierAccountId, readonly number[]>> {
  const found = await database.values<[CarrierAccountId, number, number]>(sql`
    SELECT ${carrierTotals.accountId}, step.key, sum(step.value) FROM ${carrierTotals}, json_each(${carrierTotals.lags}) AS step
    WHERE ${since(from)} GROUP BY 1, 2 ORDER BY 2`);
  const lags = new Map<CarrierAccountId, number[]>();
  for (const [account, step, receipts] of found) {
    let counts = lags.get(account);
    if (!counts) lags.set(account, (counts = []));
    counts[step] = receipts;
  }
  return lags;
}

export const outcomesByCountry = (database: Database, from: number) =>
  database
    .select({ country: carrierTotals.country, ...outcomes })
    .from(carrierTotals)
    .where(since(from))
    .groupBy(carrierTotals.country)
    .orderBy(desc(outcomes.sent))
    .limit(COUNTRIES);

/** Nobody looks at older ones; a shard that counts a late receipt may bring one back for a day. */
export async function forgetCarrierTotals(database: Database, until: number): Promise<void> {
  await database.delete(carrierTotals).where(lt(carrierTotals.at, until));
}

export async function workInHand(database: Database) {
  const one = (found: readonly { n: number }[]): number => found[0]?.n ?? 0;
  const [running, waiting, dead] = await Promise.all([
    database
      .select({ n: count() })
      .from(tasks)
      .where(inArray(tasks.state, ['checking', 'running', 'stopping'])),
    database
      .select({ n: count() })
      .from(exportJobs)
      .where(inArray(exportJobs.state, ['queued', 'running'])),
    database.select({ n: count() }).from(deadLetters),
  ]);
  return { runningTasks: one(running), waitingExports: one(waiting), deadLetters: one(dead) };
}
