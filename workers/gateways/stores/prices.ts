/** Price of one part by country, as one tenant pays it. */
import { inArray } from 'drizzle-orm';
import type { TenantId } from '../../../schema/ids';
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
