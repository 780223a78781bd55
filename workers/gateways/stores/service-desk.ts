/** D1 as operators see it: over all tenants. Nothing a tenant's verb may use; those have `tenant(id)`. */
import { and, asc, count, desc, eq, isNull, ne, sql, type SQL, type SQLWrapper } from 'drizzle-orm';
import type { CarrierAccountId, KeyId, NoticeId, SenderId, TenantId, UserId } from '../../../schema/ids';
import { carrierAccounts, keys, notices, senders, tenants, userPhones, users } from '../../../schema/tables';
import type { ListPlace } from '../../rules/list-place';
import type { Database } from '../database';
import { contains } from './contains';
import { olderThan } from './older-than';

export type TenantRow = typeof tenants.$inferSelect;
export type UserRow = typeof users.$inferSelect;
export type KeyRow = typeof keys.$inferSelect;

/** Newest first. */
export const tenantPage = (database: Database, name: string, before: ListPlace | null, limit: number): Promise<TenantRow[]> =>
  database
    .select()
    .from(tenants)
    .where(and(name === '' ? undefined : contains(tenants.name, name), olderThan(tenants.createdAt, tenants.id, before)))
    .orderBy(desc(tenants.createdAt), desc(tenants.id))
    .limit(limit);

export async function findTenant(database: Database, id: TenantId): Promise<TenantRow | null> {
  return (await database.select().from(tenants).where(eq(tenants.id, id)).get()) ?? null;
}

export async function changeTenantRow(
  database: Database,
  id: TenantId,
  changes: Partial<Pick<TenantRow, 'name' | 'enabled' | 'creditMicros' | 'exactTemplates' | 'masksBodies' | 'currencySign'>>,
): Promise<void> {
  await database.update(tenants).set(changes).where(eq(tenants.id, id));
}

/** Of one that was never opened: nothing may point at it yet. */
export async function dropTenantRow(database: Database, id: TenantId): Promise<void> {
  await database.delete(tenants).where(eq(tenants.id, id));
}

/** Oldest first. */
export const usersOfTenant = (database: Database, tenant: TenantId): Promise<UserRow[]> =>
  database.select().from(users).where(eq(users.tenantId, tenant)).orderBy(asc(users.createdAt));

export const phonesOfTenant = (database: Database, tenant: TenantId): Promise<{ userId: UserId; digits: string }[]> =>
  database
    .select({ userId: userPhones.userId, digits: userPhones.digits })
    .from(userPhones)
    .innerJoin(users, eq(users.id, userPhones.userId))
    .where(eq(users.tenantId, tenant))
    .orderBy(asc(userPhones.createdAt));

export async function findUserOf(database: Database, tenant: TenantId, id: UserId): Promise<UserRow | null> {
  return (
    (await database
      .select()
      .from(users)
      .where(and(eq(users.id, id), eq(users.tenantId, tenant)))
      .get()) ?? null
  );
}

/** Owners that are on, other than this one: a tenant is never left without any. */
export async function otherOwners(database: Database, tenant: TenantId, user: UserId): Promise<number> {
  const [found] = await database
    .select({ owners: count() })
    .from(users)
    .where(and(eq(users.tenantId, tenant), eq(users.role, 'owner'), eq(users.enabled, true), ne(users.id, user)));
  return found?.owners ?? 0;
}

/** The user's row and all their phones, in one transaction. */
export async function changeUserRow(
  database: Database,
  id: UserId,
  changes: Partial<Pick<UserRow, 'name' | 'email' | 'department' | 'role' | 'enabled' | 'passwordHash' | 'mustChangePassword'>>,
  phones: readonly string[] | null,
  now: number,
): Promise<void> {
  const update = database.update(users).set(changes).where(eq(users.id, id));
  if (phones === null) {
    await update;
    return;
  }
  const drop = database.delete(userPhones).where(eq(userPhones.userId, id));
  const rows = phones.map((digits) => ({ digits, userId: id, createdAt: now }));
  await (rows.length === 0 ? database.batch([update, drop]) : database.batch([update, drop, database.insert(userPhones).values(rows)]));
}

export const keysOfTenant = (database: Database, tenant: TenantId): Promise<KeyRow[]> =>
  database.select().from(keys).where(eq(keys.tenantId, tenant)).orderBy(asc(keys.createdAt));

export async function findKey(database: Database, id: KeyId): Promise<KeyRow | null> {
  return (await database.select().from(keys).where(eq(keys.id, id)).get()) ?? null;
}

export async function changeKeyRow(
  database: Database,
  id: KeyId,
  changes: Partial<Pick<KeyRow, 'name' | 'enabled' | 'carrierAccountId' | 'furtherAccounts'>>,
): Promise<void> {
  if (Object.keys(changes).length > 0) await database.update(keys).set(changes).where(eq(keys.id, id));
}

/** Without its secrets. */
const CARRIER_SHOWN = {
  id: carrierAccounts.id,
  name: carrierAccounts.name,
  apiKey: carrierAccounts.apiKey,
  signatureMethod: carrierAccounts.signatureMethod,
  restHost: carrierAccounts.restHost,
  perSecond: carrierAccounts.perSecond,
  enabled: carrierAccounts.enabled,
  createdAt: carrierAccounts.createdAt,
};
export const listCarriers = (database: Database) =>
  database.select(CARRIER_SHOWN).from(carrierAccounts).orderBy(asc(carrierAccounts.createdAt));

/** How many keys that are on have no other account that is on. */
export async function keysOfCarrierAlone(database: Database, id: CarrierAccountId): Promise<number> {
  const bound = (account: SQLWrapper): SQL =>
    sql`(${keys.carrierAccountId} = ${account} OR ${account} IN (SELECT value FROM json_each(${keys.furtherAccounts})))`;
  return await database.$count(
    keys,
    and(
      eq(keys.enabled, true),
      bound(sql`${id}`),
      sql`NOT EXISTS (SELECT 1 FROM ${carrierAccounts} WHERE ${carrierAccounts.enabled} AND ${carrierAccounts.id} <> ${id} AND ${bound(carrierAccounts.id)})`,
    ),
  );
}

export async function findCarrier(database: Database, id: CarrierAccountId): Promise<typeof carrierAccounts.$inferSelect | null> {
  return (await database.select().from(carrierAccounts).where(eq(carrierAccounts.id, id)).get()) ?? null;
}

/** @returns what it was; null when the tenant had no such sender */
export async function dropSender(database: Database, tenant: TenantId, id: SenderId): Promise<string | null> {
  const [dropped] = await database
    .delete(senders)
    .where(and(eq(senders.id, id), eq(senders.tenantId, tenant)))
    .returning({ value: senders.value });
  return dropped?.value ?? null;
}

/** What operators wrote themselves, newest first, to everybody and to single tenants. */
export const writtenNotices = (database: Database, before: ListPlace | null, limit: number) =>
  database
    .select()
    .from(notices)
    .where(and(isNull(notices.approvalId), olderThan(notices.postedAt, notices.id, before)))
    .orderBy(desc(notices.postedAt), desc(notices.id))
    .limit(limit);

/** @returns what it was; null when there was none */
export async function dropNotice(database: Database, id: NoticeId): Promise<typeof notices.$inferSelect | null> {
  const [dropped] = await database.delete(notices).where(eq(notices.id, id)).returning();
  return dropped ?? null;
}
