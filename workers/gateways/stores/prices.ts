/** Price of one part by country, as one tenant pays it. */
import { and, asc, eq, inArray, sql } from 'drizzle-orm';
import type { Iso2, TenantId } from '../../../schema/ids';
import { prices } from '../../../schema/tables';
import type { Database } from '../database';

/** Micro-EUR by ISO code; a tenant's own price goes before the one of everybody. A country that is absent cannot be sent to. */
export async function pricesOf(database: Database, tenant: TenantId): Promise<Readonly<Record<string, number>>> {
  const found = await database
    .select()
    .from(prices)
    .where(inArray(prices.tenantId, ['', tenant]));
  const general = found.filter(({ tenantId }) => tenantId === '');
  const own = found.filter(({ tenantId }) => tenantId !== '');
  return Object.fromEntries([...general, ...own].map(({ country, micros }) => [country, micros]));
}

/** The list of everybody (''), or what one tenant pays otherwise. */
export const priceList = (database: Database, tenant: TenantId | ''): Promise<{ country: string; micros: number; updatedAt: number }[]> =>
  database
    .select({ country: prices.country, micros: prices.micros, updatedAt: prices.updatedAt })
    .from(prices)
    .where(eq(prices.tenantId, tenant))
    .orderBy(asc(prices.country));

/** @returns what it was, micro-EUR; null when the tenant had no price of its own there */
export async function dropPrice(database: Database, tenant: TenantId, country: Iso2): Promise<number | null> {
  const [dropped] = await database
    .delete(prices)
    .where(and(eq(prices.tenantId, tenant), eq(prices.country, country)))
    .returning({ micros: prices.micros });
  return dropped?.micros ?? null;
}

/** Writes over what is there, in one statement whatever their number. */
export async function putPrices(
  database: Database,
  tenant: TenantId | '',
  list: readonly { readonly country: string; readonly micros: number }[],
  now: number,
): Promise<void> {
  await database.run(sql`
    INSERT INTO ${prices} (tenant_id, country, micros, updated_at)
    SELECT ${tenant}, value ->> 'country', value ->> 'micros', ${now} FROM json_each(${JSON.stringify(list)}) WHERE true
    ON CONFLICT (tenant_id, country) DO UPDATE SET micros = excluded.micros, updated_at = excluded.updated_at`);
}
