/** D1: how the platform is doing, over all tenants, from the absolute totals that shards write. */
import { and, asc, count, desc, eq, gt, gte, inArray, sql } from 'drizzle-orm';
import type { CarrierAccountId } from '../../../schema/ids';
import { MISSED_MESSAGE_STATES, SENT_MESSAGE_STATES, type MessageState } from '../../../schema/states';
import { carrierAccounts, deadLetters, exportJobs, keys, shards, shardTotals, tasks } from '../../../schema/tables';
import type { Database } from '../database';

const COUNTRIES = 30;

type CountedState = Exclude<MessageState, 'queued'>;

const sumOf = (states: readonly CountedState[]) => {
  const columns = states.map((state) => sql`${shardTotals[state]}`);
  return sql<number>`coalesce(sum(${sql.join(columns, sql` + `)}), 0)`.mapWith(Number);
};
const outcomes = {
  sent: sumOf([...SENT_MESSAGE_STATES, 'rejected']),
  delivered: sumOf(['delivered']),
  missed: sumOf(MISSED_MESSAGE_STATES),
};
const since = (from: number) => and(eq(shardTotals.span, 'hour'), gte(shardTotals.at, from));

/** Messages in one of the states, accepted since `from`, and the hour of the oldest. */
export async function messagesIn(database: Database, states: readonly CountedState[], from: number) {
  const messages = sumOf(states);
  const [[found], [oldest]] = await Promise.all([
    database.select({ messages }).from(shardTotals).where(since(from)),
    database
      .select({ at: shardTotals.at })
      .from(shardTotals)
      .where(since(from))
      .groupBy(shardTotals.at)
      .having(gt(messages, 0))
      .orderBy(asc(shardTotals.at))
      .limit(1),
  ]);
  return { messages: found?.messages ?? 0, oldestAt: oldest?.at ?? null };
}

export const outcomesByCarrier = (database: Database, from: number) =>
  database
    .select({ id: sql<CarrierAccountId>`${carrierAccounts.id}`, name: carrierAccounts.name, ...outcomes })
    .from(shardTotals)
    .innerJoin(shards, eq(shards.n, shardTotals.shard))
    .innerJoin(keys, eq(keys.id, shards.keyId))
    .innerJoin(carrierAccounts, eq(carrierAccounts.id, keys.carrierAccountId))
    .where(since(from))
    .groupBy(carrierAccounts.id)
    .orderBy(desc(outcomes.sent));

export const outcomesByCountry = (database: Database, from: number) =>
  database
    .select({ country: shardTotals.country, ...outcomes })
    .from(shardTotals)
    .where(since(from))
    .groupBy(shardTotals.country)
    .orderBy(desc(outcomes.sent))
    .limit(COUNTRIES);

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
