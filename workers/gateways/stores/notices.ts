/** D1: what operators tell everybody, or one tenant. */
import { and, count, desc, eq, gt, isNull, lt, or, type SQL } from 'drizzle-orm';
import type { TenantId, UserId } from '../../../schema/ids';
import { notices, users } from '../../../schema/tables';
import type { ListPlace } from '../../rules/list-place';
import type { Database } from '../database';
import { olderThan } from './older-than';

export type NoticeRow = typeof notices.$inferSelect;

/** @param tenant null = only what everybody is told */
const told = (tenant: TenantId | null): SQL | undefined =>
  tenant === null ? isNull(notices.tenantId) : or(isNull(notices.tenantId), eq(notices.tenantId, tenant));

/** Newest first, below `before`. */
export const noticePage = (database: Database, tenant: TenantId | null, before: ListPlace | null, limit: number): Promise<NoticeRow[]> =>
  database
    .select()
    .from(notices)
    .where(and(told(tenant), olderThan(notices.postedAt, notices.id, before)))
    .orderBy(desc(notices.postedAt), desc(notices.id))
    .limit(limit);

/** Those that were posted after the user last looked. */
export async function countNewNotices(database: Database, tenant: TenantId, user: UserId): Promise<number> {
  const [counted] = await database
    .select({ fresh: count() })
    .from(notices)
    .innerJoin(users, eq(users.id, user))
    .where(and(told(tenant), gt(notices.postedAt, users.noticesSeenAt)));
  return counted?.fresh ?? 0;
}

/** @param at when the newest of those that were shown was posted, ms UTC */
export async function noticesSeen(database: Database, user: UserId, at: number): Promise<void> {
  await database
    .update(users)
    .set({ noticesSeenAt: at })
    .where(and(eq(users.id, user), lt(users.noticesSeenAt, at)));
}

export const addNotice = (database: Database, notice: typeof notices.$inferInsert) =>
  database.insert(notices).values(notice).onConflictDoNothing();
