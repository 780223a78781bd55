/** D1: tasks from before July 2021. The import writes them, lists and files read them. */
import { and, desc, eq, gte, lt, sql, type SQL } from 'drizzle-orm';
import type { LegacyTaskFilter } from '../../../schema/console';
import type { TenantId } from '../../../schema/ids';
import { legacyTasks } from '../../../schema/tables';
import type { ListPlace } from '../../rules/list-place';
import type { Database } from '../database';
import { contains } from './contains';
import { olderThan } from './older-than';

export type LegacyTaskRow = typeof legacyTasks.$inferSelect;
type Conditions = Omit<LegacyTaskFilter, 'cursor'>;

export interface LegacyTaskStore {
  /** Newest first. */
  page(filter: Conditions, before: ListPlace | null, limit: number): Promise<readonly LegacyTaskRow[]>;
  count(filter: Conditions): Promise<number>;
}

function conditions(tenant: TenantId, filter: Conditions, before: ListPlace | null): SQL | undefined {
  const { id, name, createdFrom, createdUntil } = filter;
  return and(
    eq(legacyTasks.tenantId, tenant),
    id === undefined ? undefined : sql`${legacyTasks.id} = ${id} COLLATE NOCASE`,
    name === undefined ? undefined : contains(legacyTasks.name, name),
    createdFrom === undefined ? undefined : gte(legacyTasks.createdAt, createdFrom),
    createdUntil === undefined ? undefined : lt(legacyTasks.createdAt, createdUntil),
    olderThan(legacyTasks.createdAt, legacyTasks.id, before),
  );
}

export const legacyTasksOf = (database: Database, tenant: TenantId): LegacyTaskStore => ({
  async page(filter, before, limit) {
    return await database
      .select()
      .from(legacyTasks)
      .where(conditions(tenant, filter, before))
      .orderBy(desc(legacyTasks.createdAt), desc(legacyTasks.id))
      .limit(limit);
  },
  async count(filter) {
    return await database.$count(legacyTasks, conditions(tenant, filter, null));
  },
});

/** D1 takes 100 parameters a statement. */
const TASKS_AT_ONCE = 8;

/** A task that is imported again is written over. */
export async function putLegacyTasks(database: Database, rows: readonly LegacyTaskRow[]): Promise<void> {
  for (let at = 0; at < rows.length; at += TASKS_AT_ONCE) {
    await database
      .insert(legacyTasks)
      .values(rows.slice(at, at + TASKS_AT_ONCE))
      .onConflictDoUpdate({
        target: [legacyTasks.tenantId, legacyTasks.id],
        set: {
          userName: sql`excluded.user_name`,
          name: sql`excluded.name`,
          createdAt: sql`excluded.created_at`,
          startedAt: sql`excluded.started_at`,
          state: sql`excluded.state`,
          messages: sql`excluded.messages`,
          sent: sql`excluded.sent`,
          delivered: sql`excluded.delivered`,
          failed: sql`excluded.failed`,
          costMicros: sql`excluded.cost_micros`,
        },
      });
  }
}
