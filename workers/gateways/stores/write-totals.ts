/** D1: the totals that every shard writes of itself. */
import { sql, type SQL } from 'drizzle-orm';
import type { BatchItem } from 'drizzle-orm/batch';
import type { ShardNumber, TenantId } from '../../../schema/ids';
import { TOTALS_PER_STATEMENT } from '../../../schema/limits';
import type { CarrierCell, CellPlace, ReasonCell, TotalsCell } from '../../../schema/reports';
import { COUNTED_MESSAGE_STATES } from '../../../schema/states';
import { carrierTotals, shardReasons, shardTotals } from '../../../schema/tables';
import type { Database } from '../database';

/** Absolute values, all of them or none: a repeat, or an older write that comes late and is followed by a newer one, does no harm. */
export async function writeTotals(
  database: Database,
  tenant: TenantId,
  shard: ShardNumber,
  cells: { readonly totals: readonly TotalsCell[]; readonly reasons: readonly ReasonCell[]; readonly carriers: readonly CarrierCell[] },
): Promise<void> {
  const [first, ...others] = [
    ...totalsStatements(database, tenant, shard, cells.totals, cells.reasons),
    ...carrierStatements(database, shard, cells.carriers),
  ];
  if (first) await database.batch([first, ...others]);
}

const placeOf = ({ span, at, country, sender }: CellPlace): (string | number)[] => [span, at, country, sender];

/** For a batch that writes more than totals. */
export function totalsStatements(
  database: Database,
  tenant: TenantId,
  shard: ShardNumber,
  totals: readonly TotalsCell[],
  reasons: readonly ReasonCell[],
): BatchItem<'sqlite'>[] {
  const { tenantId, span, at, country, sender } = shardTotals;
  return [
    ...slices(totals.map((cell) => [...placeOf(cell), ...cell.messages, cell.parts, cell.costMicros])).map((cells) =>
      database
        .insert(shardTotals)
        .select(rowsOf(cells, tenant, shard, COUNTED_MESSAGE_STATES.length + 2))
        .onConflictDoUpdate({
          target: [tenantId, span, at, shardTotals.shard, country, sender],
          set: Object.fromEntries(
            [...COUNTED_MESSAGE_STATES, 'parts' as const, 'costMicros' as const].map((column) => [
              column,
              sql`excluded.${sql.identifier(shardTotals[column].name)}`,
            ]),
          ),
        }),
    ),
    ...slices(reasons.map((cell) => [...placeOf(cell), cell.state, cell.error, cell.messages])).map((cells) =>
      database
        .insert(shardReasons)
        .select(rowsOf(cells, tenant, shard, 3))
        .onConflictDoUpdate({
          target: [
            shardReasons.tenantId,
            shardReasons.span,
            shardReasons.at,
            shardReasons.shard,
            shardReasons.country,
            shardReasons.sender,
            shardReasons.state,
            shardReasons.error,
          ],
          set: { messages: sql`excluded.messages` },
        }),
    ),
  ];
}

const carrierStatements = (database: Database, shard: ShardNumber, carriers: readonly CarrierCell[]): BatchItem<'sqlite'>[] =>
  slices(
    carriers.map(({ at, account, country, waiting, unreceipted, sent, delivered, missed, lags }) => [
      at,
      account,
      country,
      waiting,
      unreceipted,
      sent,
      delivered,
      missed,
      JSON.stringify(Object.fromEntries([...lags.entries()].filter(([, receipts]) => receipts > 0))),
    ]),
  ).map((cells) =>
    database
      .insert(carrierTotals)
      .select(
        sql`SELECT value ->> 0, value ->> 1, value ->> 2, ${shard}, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7, value ->> 8
            FROM json_each(${cells}) WHERE true`,
      )
      .onConflictDoUpdate({
        target: [carrierTotals.at, carrierTotals.accountId, carrierTotals.country, carrierTotals.shard],
        set: Object.fromEntries(
          (['waiting', 'unreceipted', 'sent', 'delivered', 'missed', 'lags'] as const).map((column) => [
            column,
            sql`excluded.${sql.identifier(carrierTotals[column].name)}`,
          ]),
        ),
      }),
  );

/** The cells as rows of their table, in the order of its columns: tenant, span, at, shard, country, sender, and `further` of its own. */
function rowsOf(cells: string, tenant: TenantId, shard: ShardNumber, further: number): SQL {
  const own = sql.raw(Array.from({ length: further }, (_, index) => `value ->> ${index + 4}`).join(', '));
  return sql`SELECT ${tenant}, value ->> 0, value ->> 1, ${shard}, value ->> 2, value ->> 3, ${own} FROM json_each(${cells}) WHERE true`;
}

const slices = (cells: readonly unknown[]): string[] =>
  Array.from({ length: Math.ceil(cells.length / TOTALS_PER_STATEMENT) }, (_, index) =>
    JSON.stringify(cells.slice(index * TOTALS_PER_STATEMENT, (index + 1) * TOTALS_PER_STATEMENT)),
  );
