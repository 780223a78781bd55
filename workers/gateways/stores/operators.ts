/** D1: operators and their sessions. */
import { and, desc, eq, gt, lte, ne } from 'drizzle-orm';
import type { OperatorId, SessionId } from '../../../schema/ids';
import { operators, operatorSessions } from '../../../schema/tables';
import type { Database } from '../database';
import type { KnownLogin } from './users';

/** Operators sign in by e-mail only. null also for one who is switched off. */
export async function findOperatorAccount(database: Database, login: KnownLogin) {
  if (!('email' in login)) return null;
  const [found] = await database
    .select()
    .from(operators)
    .where(and(eq(operators.email, login.email), eq(operators.enabled, true)))
    .limit(1);
  return found ?? null;
}

export async function findOperator(database: Database, id: OperatorId) {
  const [found] = await database.select().from(operators).where(eq(operators.id, id)).limit(1);
  return found ?? null;
}

/** Nothing changes when the id is taken. */
export async function addOperator(database: Database, operator: typeof operators.$inferInsert): Promise<void> {
  await database.insert(operators).values(operator).onConflictDoNothing();
}

/** Who a session speaks for; null when it was revoked, is over, or its operator is switched off. */
export async function findOperatorSession(database: Database, id: SessionId, operator: OperatorId, now: number) {
  const [found] = await database
    .select({
      name: operators.name,
      email: operators.email,
      timeZone: operators.timeZone,
      mustChangePassword: operators.mustChangePassword,
    })
    .from(operatorSessions)
    .innerJoin(operators, eq(operators.id, operatorSessions.operatorId))
    .where(
      and(
        eq(operatorSessions.id, id),
        eq(operatorSessions.operatorId, operator),
        gt(operatorSessions.expiresAt, now),
        eq(operators.enabled, true),
      ),
    )
    .limit(1);
  return found ?? null;
}

/** Stores a session, forgets the same operator's old ones and notes the sign-in, in one transaction. */
export async function startOperatorSession(database: Database, session: typeof operatorSessions.$inferInsert): Promise<void> {
  const { operatorId, createdAt } = session;
  await database.batch([
    database.delete(operatorSessions).where(and(eq(operatorSessions.operatorId, operatorId), lte(operatorSessions.expiresAt, createdAt))),
    database.insert(operatorSessions).values(session),
    database.update(operators).set({ lastSignInAt: createdAt }).where(eq(operators.id, operatorId)),
  ]);
}

/** Newest first. */
export const operatorSessionsOf = (database: Database, operator: OperatorId, now: number) => {
  const { id, createdAt, address, userAgent, operatorId, expiresAt } = operatorSessions;
  return database
    .select({ id, createdAt, address, userAgent })
    .from(operatorSessions)
    .where(and(eq(operatorId, operator), gt(expiresAt, now)))
    .orderBy(desc(createdAt));
};

/** @returns false when this operator has no such session */
export async function endOperatorSession(database: Database, operator: OperatorId, id: SessionId): Promise<boolean> {
  const ended = await database
    .delete(operatorSessions)
    .where(and(eq(operatorSessions.id, id), eq(operatorSessions.operatorId, operator)))
    .returning({ id: operatorSessions.id });
  return ended.length > 0;
}

export async function saveOperatorPreferences(
  database: Database,
  id: OperatorId,
  preferences: Pick<typeof operators.$inferSelect, 'locale' | 'timeZone'>,
): Promise<void> {
  await database.update(operators).set(preferences).where(eq(operators.id, id));
}

/** A new password, and the end of every other session of the operator, in one transaction. @param keep null = every session ends */
export async function replaceOperatorPassword(
  database: Database,
  operator: OperatorId,
  passwordHash: string,
  keep: SessionId | null,
): Promise<void> {
  await database.batch([
    database.update(operators).set({ passwordHash, mustChangePassword: false }).where(eq(operators.id, operator)),
    database
      .delete(operatorSessions)
      .where(and(eq(operatorSessions.operatorId, operator), keep === null ? undefined : ne(operatorSessions.id, keep))),
  ]);
}

export async function forgetExpiredOperatorSessions(database: Database, now: number): Promise<void> {
  await database.delete(operatorSessions).where(lte(operatorSessions.expiresAt, now));
}
