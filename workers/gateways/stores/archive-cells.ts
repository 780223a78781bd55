/** D1: where messages of an outcome lie among the files of sealed shards. */
import { and, eq, inArray, sql, type SQL } from 'drizzle-orm';
import { OTHER_SENDERS } from '../../../schema/limits';
import type { TenantId } from '../../../schema/ids';
import type { Outcome } from '../../../schema/protocol/archive';
import { MESSAGE_STATES, type Dataset } from '../../../schema/states';
import { archiveCells } from '../../../schema/tables';
import type { Database } from '../database';
import { isListed } from './listed';

export function holdsTo({ countries, states, from }: Outcome): SQL[] {
  const conditions: SQL[] = [];
  if (countries) conditions.push(isListed(archiveCells.country, countries));
  if (states) conditions.push(inArray(archiveCells.state, [...states]));
  if (from !== undefined) conditions.push(inArray(archiveCells.sender, [from, OTHER_SENDERS]));
  return conditions;
}

/**
 * `wanted` is to be cross-joined with the cells, which `condition` then holds to. The countries that there are come first, found one after the
 * other, because the cells are in the order of country, state and sender: whatever of these is asked for, only cells that answer it are read.
 */
export function outcomeCells(
  database: Database,
  tenant: TenantId,
  dataset: Dataset,
  { countries, states = MESSAGE_STATES, from }: Outcome,
) {
  const { tenantId, country } = archiveCells;
  const own = sql`${tenantId} = ${tenant} AND ${archiveCells.dataset} = ${dataset}`;
  const given = countries
    ? sql`(SELECT value AS code FROM json_each(${JSON.stringify(countries)}))`
    : sql`(WITH RECURSIVE known(code) AS (
          SELECT min(${country}) FROM ${archiveCells} WHERE ${own}
          UNION ALL
          SELECT (SELECT min(${country}) FROM ${archiveCells} WHERE ${own} AND ${country} > known.code) FROM known WHERE known.code IS NOT NULL
        ) SELECT code FROM known WHERE code IS NOT NULL)`;
  const wanted = database
    .select({ code: sql<string>`code`.as('code') })
    .from(given)
    .as('wanted');
  return { wanted, condition: and(own, eq(country, wanted.code), ...holdsTo({ states, ...(from !== undefined && { from }) })) };
}
