/** D1: how the platform is doing, over all tenants, from the absolute totals that shards write of their carrier accounts. */
import { and, count, desc, eq, gte, inArray, lt, sql } from 'drizzle-orm';
import type { CarrierAccountId } from '../../../schema/ids';
import type { HealthView } from '../../../schema/operators';
import { carrierTotals, deadLetters, exportJobs, shards, tasks } from '../../../schema/tables';
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

/** By account; only those that something went through. */
export const outcomesByCarrier = (database: Database, from: number) =>
  database
    .select({ id: carrierTotals.accountId, ...outcomes })
    .from(carrierTotals)
    .where(since(from))
    .groupBy(carrierTotals.accountId);

/** Of one account, the newest hour first. */
export const outcomesByHour = (database: Database, account: CarrierAccountId, from: number) =>
  database
    .select({ at: carrierTotals.at, ...outcomes })
    .from(carrierTotals)
    .where(and(since(from), eq(carrierTotals.accountId, account)))
    .groupBy(carrierTotals.at)
    .orderBy(desc(carrierTotals.at));

/** Receipts by step of rules/receipt-lag: of each account, or of each hour of one. */
export async function receiptLags<By extends CarrierAccountId | number>(
  database: Database,
  from: number,
  account: CarrierAccountId | null,
): Promise<ReadonlyMap<By, readonly number[]>> {
  const by = account === null ? carrierTotals.accountId : carrierTotals.at;
  const found = await database.values<[By, number, number]>(sql`
    SELECT ${by}, CAST(step.key AS INTEGER), sum(step.value) FROM ${carrierTotals}, json_each(${carrierTotals.lags}) AS step
    WHERE ${and(since(from), account === null ? undefined : eq(carrierTotals.accountId, account))} GROUP BY 1, 2 ORDER BY 2`);
  const lags = new Map<By, number[]>();
  for (const [of, step, receipts] of found) {
    let counts = lags.get(of);
    if (!counts) lags.set(of, (counts = []));
    while (counts.length < step) counts.push(0);
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
