/** D1: rows that come before any traffic: tenants, carrier accounts, keys, senders, templates, prices. An id that is there already stays as it is. */
import { sql } from 'drizzle-orm';
import type { TenantId } from '../../../schema/ids';
import { carrierAccounts, keys, prices, senders, templates, tenants } from '../../../schema/tables';
import type { Database } from '../database';

export async function addTenant(database: Database, tenant: typeof tenants.$inferInsert): Promise<void> {
  await database.insert(tenants).values(tenant).onConflictDoNothing();
}

export async function addKey(database: Database, key: typeof keys.$inferInsert): Promise<void> {
  await database.insert(keys).values(key).onConflictDoNothing();
}

/** Writes over an account of the same id: its credentials may have changed since. */
export async function putCarrierAccount(database: Database, account: typeof carrierAccounts.$inferInsert): Promise<void> {
  const { id: _, createdAt: __, ...changes } = account;
  await database.insert(carrierAccounts).values(account).onConflictDoUpdate({ target: carrierAccounts.id, set: changes });
}

export async function addSender(database: Database, sender: typeof senders.$inferInsert): Promise<void> {
  await database.insert(senders).values(sender).onConflictDoNothing();
}

export async function addTemplate(database: Database, template: typeof templates.$inferInsert): Promise<void> {
  await database.insert(templates).values(template).onConflictDoNothing();
}

/** Prices of one tenant, or of everybody with '': one statement whatever their number, for a statement holds 100 parameters at most. */
export async function addPrices(
  database: Database,
  tenant: TenantId | '',
  list: readonly { readonly country: string; readonly micros: number }[],
  now: number,
): Promise<void> {
  await database.run(sql`
    INSERT INTO ${prices} (tenant_id, country, micros, updated_at)
    SELECT ${tenant}, value ->> 'country', value ->> 'micros', ${now} FROM json_each(${JSON.stringify(list)}) WHERE true
    ON CONFLICT DO NOTHING`);
}
