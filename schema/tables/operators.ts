/** D1: the service team. Their own people, their own sessions: nothing here is reached from a tenant's session, nor the other way round. */
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import type { OperatorId, SessionId } from '../ids';
import { LOCALES } from '../states';

export const operators = sqliteTable(
  'operators',
  {
    id: text('id').$type<OperatorId>().primaryKey(),
    name: text('name').notNull(),
    /** Lower case. */
    email: text('email').notNull(),
    /** scrypt, as of users. */
    passwordHash: text('password_hash').notNull(),
    mustChangePassword: integer('must_change_password', { mode: 'boolean' }).notNull(),
    locale: text('locale', { enum: LOCALES }).notNull().default('zh-CN'),
    timeZone: text('time_zone').notNull().default('Asia/Shanghai'),
    enabled: integer('enabled', { mode: 'boolean' }).notNull().default(true),
    createdAt: integer('created_at').notNull(),
    lastSignInAt: integer('last_sign_in_at'),
  },
  (t) => [uniqueIndex('operators_email').on(t.email)],
);

/** Deleting the row ends the session at once. */
export const operatorSessions = sqliteTable(
  'operator_sessions',
  {
    id: text('id').$type<SessionId>().primaryKey(),
    operatorId: text('operator_id')
      .$type<OperatorId>()
      .notNull()
      .references(() => operators.id),
    createdAt: integer('created_at').notNull(),
    expiresAt: integer('expires_at').notNull(),
    address: text('address').notNull(),
    userAgent: text('user_agent').notNull(),
  },
  (t) => [index('operator_sessions_operator').on(t.operatorId), index('operator_sessions_expiry').on(t.expiresAt)],
);
