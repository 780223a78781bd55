/** Figures that home and reports add up, from what shards write absolutely: a repeated report overwrites itself. */
import { and, eq, gte, lt, sql, type SQL } from 'drizzle-orm';
import type { SQLiteTable } from 'drizzle-orm/sqlite-core';
import type { Iso2, KeyId, TenantId } from '../../../schema/ids';
import { API_USER, type ReportFilter, type ReportReason, type TotalsSpan } from '../../../schema/reports';
import { COUNTED_MESSAGE_STATES, type ReasonedState } from '../../../schema/states';
import { shardReasons, shards, shardTotals, tasks } from '../../../schema/tables';
import type { Database } from '../database';
import { isListed } from './listed';

/** A run of hours or of days, ms UTC; `until` is exclusive. */
interface TotalsRun {
  readonly span: TotalsSpan;
  readonly from: number;
  readonly until: number;
}
type TotalsScope = Omit<ReportFilter, 'from' | 'until'>;
/** `at`: the hours or days of the run. */
const TOTALS_DIMENSIONS = ['at', 'country', 'key', 'user', 'sender'] as const;
export type TotalsDimension = (typeof TOTALS_DIMENSIONS)[number];

/** null where it was not grouped by. */
interface TotalsGroup {
  readonly at: number | null;
  readonly country: Iso2 | null;
  readonly key: KeyId | null;
  readonly user: string | null;
  readonly sender: string | null;
  /** By COUNTED_MESSAGE_STATES. */
  readonly messages: readonly number[];
  readonly parts: number;
  readonly costMicros: number;
}

export interface TotalsStore {
  /** One row a group and run: what lies in two runs comes twice, for the caller to add. */
  grouped(runs: readonly TotalsRun[], scope: TotalsScope, by: readonly TotalsDimension[]): Promise<readonly TotalsGroup[]>;
  /** The same of reasons, by state and error. */
  reasons(runs: readonly TotalsRun[], scope: TotalsScope): Promise<readonly ReportReason[]>;
}

type Place = typeof shardTotals | typeof shardReasons;

/** Messages of a task are its user's. */
const USER = sql`coalesce(${tasks.userId}, ${API_USER})`;

/** Tasks are looked up only where they are asked for. The run of totals comes first, whatever the planner thinks: it is what an index narrows. */
const source = (table: Place, asksUser: boolean): SQL =>
  sql`${table} CROSS JOIN ${shards} ON ${shards.n} = ${table.shard}${
    asksUser ? sql` LEFT JOIN ${tasks} ON ${tasks.id} = ${shards.taskId}` : sql.empty()
  }`;

function conditions(table: Place, tenant: TenantId, { span, from, until }: TotalsRun, scope: TotalsScope): SQL | undefined {
  const all: SQL[] = [eq(table.tenantId, tenant), eq(table.span, span), gte(table.at, from), lt(table.at, until)];
  all.push(eq(shards.dataset, scope.dataset ?? 'current'));
  if (scope.kind !== undefined) all.push(eq(shards.kind, scope.kind));
  if (scope.key !== undefined) all.push(eq(shards.keyId, scope.key));
  if (scope.task !== undefined) all.push(eq(shards.taskId, scope.task));
  if (scope.user !== undefined) all.push(sql`${USER} = ${scope.user}`);
  if (scope.sender !== undefined) all.push(eq(table.sender, scope.sender));
  if (scope.countries !== undefined) {
    all.push(isListed(table.country, scope.countries));
  }
  return and(...all);
}

const sum = (table: SQLiteTable, column: string): SQL => sql`sum(${table}.${sql.identifier(column)})`;
const COUNTS = sql.join(
  COUNTED_MESSAGE_STATES.map((state) => sum(shardTotals, state)),
  sql`, `,
);

/** The order of a row of `grouped`. */
const columnOf = (dimension: TotalsDimension): SQL =>
  ({
    at: sql`${shardTotals.at}`,
    country: sql`${shardTotals.country}`,
    key: sql`${shards.keyId}`,
    user: USER,
    sender: sql`${shardTotals.sender}`,
  })[dimension];

type Cells = readonly (string | number | null)[];

function groupOf(cells: Cells): TotalsGroup {
  const [at, country, key, user, sender, parts, costMicros, ...messages] = cells;
  return {
    at: at as number | null,
    country: country as Iso2 | null,
    key: key as KeyId | null,
    user: user as string | null,
    sender: sender as string | null,
    messages: messages as number[],
    parts: Number(parts),
    costMicros: Number(costMicros),
  };
}

export const totalsOf = (database: Database, tenant: TenantId): TotalsStore => ({
  async grouped(runs, scope, by) {
    const asksUser = by.includes('user') || scope.user !== undefined;
    const columns = sql.join(
      TOTALS_DIMENSIONS.map((dimension) => (by.includes(dimension) ? columnOf(dimension) : sql`NULL`)),
      sql`, `,
    );
    const grouping = by.length === 0 ? sql.empty() : sql` GROUP BY ${sql.join(by.map(columnOf), sql`, `)}`;
    const found = await Promise.all(
      runs.map((run) =>
        database.values<(string | number | null)[]>(sql`
          SELECT ${columns}, ${sum(shardTotals, 'parts')}, ${sum(shardTotals, 'cost_micros')}, ${COUNTS}
          FROM ${source(shardTotals, asksUser)} WHERE ${conditions(shardTotals, tenant, run, scope)}${grouping}`),
      ),
    );
    // Without groups, nothing at all is one row of NULLs.
    return found.flat().map(groupOf);
  },
  async reasons(runs, scope) {
    const found = await Promise.all(
      runs.map((run) =>
        database.values<[ReasonedState, string, number]>(sql`
          SELECT ${shardReasons.state}, ${shardReasons.error}, sum(${shardReasons.messages})
          FROM ${source(shardReasons, scope.user !== undefined)} WHERE ${conditions(shardReasons, tenant, run, scope)}
          GROUP BY ${shardReasons.state}, ${shardReasons.error}`),
      ),
    );
    return found.flat().map(([state, error, messages]) => ({ state, error, messages }));
  },
});
