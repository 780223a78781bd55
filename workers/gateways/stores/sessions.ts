/** D1: who is signed in. Deleting a row ends its session at the next request. */
import { and, desc, eq, gt, lte, ne } from 'drizzle-orm';
import type { SessionId, UserId } from '../../../schema/ids';
import { sessions, tenants, users } from '../../../schema/tables';
import type { Database } from '../database';

/** Who a session speaks for, in one query; null when it was revoked, is over, or its user or tenant is switched off. */
export async function findSession(database: Database, id: SessionId, user: UserId, now: number) {
  const [found] = await database
    .select({
      tenant: tenants.id,
      tenantName: tenants.name,
      name: users.name,
      email: users.email,
      role: users.role,
      locale: users.locale,
      timeZone: users.timeZone,
      mustChangePassword: users.mustChangePassword,
      masksBodies: tenants.masksBodies,
    })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .innerJoin(tenants, eq(tenants.id, users.tenantId))
    .where(
      and(eq(sessions.id, id), eq(sessions.userId, user), gt(sessions.expiresAt, now), eq(users.enabled, true), eq(tenants.enabled, true)),
    )
    .limit(1);
  return found ?? null;
}

/** Stores a session, forgets the same user's old ones and notes the sign-in, in one transaction. */
export async function startSession(database: Database, session: typeof sessions.$inferInsert): Promise<void> {
  await database.batch([
    database.delete(sessions).where(and(eq(sessions.userId, session.userId), lte(sessions.expiresAt, session.createdAt))),
    database.insert(sessions).values(session),
    database.update(users).set({ lastSignInAt: session.createdAt }).where(eq(users.id, session.userId)),
  ]);
}

export const sessionsOf = (database: Database, user: UserId, now: number) =>
  database
    .select({ id: sessions.id, createdAt: sessions.createdAt, address: sessions.address, userAgent: sessions.userAgent })
    .from(sessions)
    .where(and(eq(sessions.userId, user), gt(sessions.expiresAt, now)))
    .orderBy(desc(sessions.createdAt));

/** @returns false when this user has no such session. */
export async function endSession(database: Database, user: UserId, id: SessionId): Promise<boolean> {
  const ended = await database
    .delete(sessions)
    .where(and(eq(sessions.id, id), eq(sessions.userId, user)))
    .returning({ id: sessions.id });
  return ended.length > 0;
}

/** Every session of the user but one; all of them when `except` is null. As a statement, for one transaction with what caused it. */
export const endSessions = (database: Database, user: UserId, except: SessionId | null) =>
  database.delete(sessions).where(except === null ? eq(sessions.userId, user) : and(eq(sessions.userId, user), ne(sessions.id, except)));

/** Sessions that ended by themselves, of all users. */
export async function forgetExpiredSessions(database: Database, now: number): Promise<void> {
  await database.delete(sessions).where(lte(sessions.expiresAt, now));
}
