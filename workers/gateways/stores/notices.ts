/** D1: what operators tell everybody, or one tenant. */
import { and, count, desc, eq, gt, isNull, lt, lte, or, type SQL } from 'drizzle-orm';
import type { NoticeId, TenantId, UserId } from '../../../schema/ids';
import { notices, users } from '../../../schema/tables';
import type { Database } from '../database';

export type NoticeRow = typeof notices.$inferSelect;
/** A place in the order (postedAt, id). */
export interface NoticePlace {
  readonly postedAt: number;
  readonly id: NoticeId;
}

/** @param tenant null = only what everybody is told */
const told = (tenant: TenantId | null): SQL | undefined =>
  tenant === null ? isNull(notices.tenantId) : or(isNull(notices.tenantId), eq(notices.tenantId, tenant));

/** Newest first, below `before`. */
export const noticePage = (database: Database, tenant: TenantId | null, before: NoticePlace | null, limit: number): Promise<NoticeRow[]> =>
  database
    .select()
    .from(notices)
    .where(
      and(
        told(tenant),
        before === null ? undefined : lte(notices.postedAt, before.postedAt),
        before === null ? undefined : or(lt(notices.postedAt, before.postedAt), lt(notices.id, before.id)),
      ),
    )
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
