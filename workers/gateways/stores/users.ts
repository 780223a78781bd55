/** D1: users and the names they sign in with. */
import { and, asc, eq } from 'drizzle-orm';
import type { SessionId, TenantId, UserId } from '../../../schema/ids';
import type { Locale } from '../../../schema/states';
import { tenants, userPhones, users } from '../../../schema/tables';
import type { Database } from '../database';
import { endSessions } from './sessions';

/** A login as it is stored: lower-case e-mail, or E.164 digits without plus. */
export type KnownLogin = { readonly email: string } | { readonly digits: string };

/** Whoever signs in with this; null when nobody does, or the user or the tenant is switched off. One query in every case. */
export async function findAccount(database: Database, login: KnownLogin) {
  const account = {
    id: users.id,
    tenant: users.tenantId,
    name: users.name,
    email: users.email,
    locale: users.locale,
    passwordHash: users.passwordHash,
    mustChangePassword: users.mustChangePassword,
  };
  const on = and(eq(users.enabled, true), eq(tenants.enabled, true));
  const [found] =
    'email' in login
      ? await database
          .select(account)
          .from(users)
          .innerJoin(tenants, eq(tenants.id, users.tenantId))
          .where(and(eq(users.email, login.email), on))
          .limit(1)
      : await database
          .select(account)
          .from(userPhones)
          .innerJoin(users, eq(users.id, userPhones.userId))
          .innerJoin(tenants, eq(tenants.id, users.tenantId))
          .where(and(eq(userPhones.digits, login.digits), on))
          .limit(1);
  return found ?? null;
}

/** Whose login it is, also of somebody who is switched off: a login is never given out twice. */
export async function findLogin(database: Database, login: KnownLogin): Promise<UserId | null> {
  const [found] =
    'email' in login
      ? await database.select({ id: users.id }).from(users).where(eq(users.email, login.email)).limit(1)
      : await database.select({ id: userPhones.userId }).from(userPhones).where(eq(userPhones.digits, login.digits)).limit(1);
  return found?.id ?? null;
}

export async function findUser(database: Database, id: UserId) {
  const [found] = await database.select().from(users).where(eq(users.id, id)).limit(1);
  return found ?? null;
}

/** Of one tenant, by name. */
export const usersOf = (database: Database, tenant: TenantId): Promise<{ id: UserId; name: string }[]> =>
  database.select({ id: users.id, name: users.name }).from(users).where(eq(users.tenantId, tenant)).orderBy(asc(users.name), asc(users.id));

/** E.164 digits, oldest first. */
export async function phonesOf(database: Database, user: UserId): Promise<string[]> {
  const found = await database
    .select({ digits: userPhones.digits })
    .from(userPhones)
    .where(eq(userPhones.userId, user))
    .orderBy(userPhones.createdAt);
  return found.map(({ digits }) => digits);
}

/** A new password and the end of the sessions that the old one opened, in one transaction. @param keep the session that may go on */
export async function replacePassword(database: Database, user: UserId, passwordHash: string, keep: SessionId | null): Promise<void> {
  await database.batch([
    database.update(users).set({ passwordHash, mustChangePassword: false }).where(eq(users.id, user)),
    endSessions(database, user, keep),
  ]);
}

export async function savePreferences(
  database: Database,
  user: UserId,
  preferences: { locale?: Locale; timeZone?: string },
): Promise<void> {
  await database.update(users).set(preferences).where(eq(users.id, user));
}

/** A user with the phones that sign in as well, in one transaction; nothing changes when the id is taken. */
export async function insertUser(database: Database, user: typeof users.$inferInsert, phones: readonly string[]): Promise<void> {
  const rows = phones.map((digits) => ({ digits, userId: user.id, createdAt: user.createdAt }));
  const insert = database.insert(users).values(user);
  await (rows.length === 0 ? insert : database.batch([insert, database.insert(userPhones).values(rows)]));
}
