/** Figures that home and reports add up, from what shards write absolutely: a repeated report overwrites itself. */
import { and, asc, eq, gte, lt, sql } from 'drizzle-orm';
import type { TenantId } from '../../../schema/ids';
import { shardTotals } from '../../../schema/tables';
import type { Database } from '../database';

interface HourlyTotal {
  /** UTC hour of acceptance, ms. */
  readonly hourAt: number;
  readonly state: string;
  readonly messages: number;
  readonly costMicros: number;
}

interface CountryTotal {
  readonly country: string;
  readonly state: string;
  readonly messages: number;
}

export interface TotalsStore {
  /** Of messages accepted from `from` until before `until`, ms UTC, by hour and state. */
  byHour(from: number, until: number): Promise<readonly HourlyTotal[]>;
  byCountry(from: number, until: number): Promise<readonly CountryTotal[]>;
}

export const totalsOf = (database: Database, tenant: TenantId): TotalsStore => {
  const messages = sql<number>`sum(${shardTotals.messages})`.mapWith(Number);
  const within = (from: number, until: number) =>
    and(eq(shardTotals.tenantId, tenant), gte(shardTotals.hourAt, from), lt(shardTotals.hourAt, until));
  return {
    async byHour(from, until) {
      return await database
        .select({
          hourAt: shardTotals.hourAt,
          state: shardTotals.state,
          messages,
          costMicros: sql<number>`sum(${shardTotals.costMicros})`.mapWith(Number),
        })
        .from(shardTotals)
        .where(within(from, until))
        .groupBy(shardTotals.hourAt, shardTotals.state)
        .orderBy(asc(shardTotals.hourAt));
    },
    async byCountry(from, until) {
      return await database
        .select({ country: shardTotals.country, state: shardTotals.state, messages })
        .from(shardTotals)
        .where(within(from, until))
        .groupBy(shardTotals.country, shardTotals.state);
    },
  };
};
