/** D1: what operators tell every tenant. */
import { desc } from 'drizzle-orm';
import { notices } from '../../../schema/tables';
import type { Database } from '../database';

/** Newest first. */
export const latestNotices = (database: Database, limit: number): Promise<(typeof notices.$inferSelect)[]> =>
  database.select().from(notices).orderBy(desc(notices.postedAt)).limit(limit);

export const addNotice = (database: Database, notice: typeof notices.$inferInsert) =>
  database.insert(notices).values(notice).onConflictDoNothing();
