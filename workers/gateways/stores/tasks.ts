/** Tasks in D1: what lists show. TaskRun writes the rows; verbs read them, within their tenant. */
import { and, asc, desc, eq, gt, gte, inArray, lt, lte, or, sql, type SQL } from 'drizzle-orm';
import type { TaskListFilter } from '../../../schema/console';
import type { TaskId, TenantId, UploadId } from '../../../schema/ids';
import { tasks, users } from '../../../schema/tables';
import type { ListPlace } from '../../rules/list-place';
import type { Database } from '../database';
import { contains } from './contains';
import { olderThan } from './older-than';

export type TaskRow = typeof tasks.$inferSelect;
export type ListedTask = TaskRow & { readonly userName: string };

export interface TaskStore {
  find(id: TaskId): Promise<ListedTask | null>;
  /** Newest first. */
  page(filter: Omit<TaskListFilter, 'cursor'>, before: ListPlace | null, limit: number): Promise<ListedTask[]>;
  count(filter: Omit<TaskListFilter, 'cursor'>): Promise<number>;
  /** Drafts that wait for this file. */
  waitingFor(upload: UploadId): Promise<readonly TaskId[]>;
}

function conditions(tenant: TenantId, filter: Omit<TaskListFilter, 'cursor'>, before: ListPlace | null): SQL | undefined {
  const { state, id, name, country, user, createdFrom, createdUntil } = filter;
  return and(
    eq(tasks.tenantId, tenant),
    state && eq(tasks.state, state),
    id === undefined || id === '' ? undefined : eq(tasks.id, id.trim().toUpperCase() as TaskId),
    name === undefined || name === '' ? undefined : contains(tasks.name, name),
    country && contains(tasks.countries, `"${country}"`),
    user && eq(tasks.userId, user),
    createdFrom === undefined ? undefined : gte(tasks.createdAt, createdFrom),
    createdUntil === undefined ? undefined : lt(tasks.createdAt, createdUntil),
    olderThan(tasks.createdAt, tasks.id, before),
  );
}

export const tasksOf = (database: Database, tenant: TenantId): TaskStore => {
  const select = () =>
    database
      .select({ task: tasks, userName: sql<string>`COALESCE(${users.name}, '')` })
      .from(tasks)
      .leftJoin(users, and(eq(users.id, tasks.userId), eq(users.tenantId, tenant)));
  return {
    async find(id) {
      const found = await select()
        .where(and(eq(tasks.tenantId, tenant), eq(tasks.id, id)))
        .get();
      return found ? { ...found.task, userName: found.userName } : null;
    },
    async page(filter, before, limit) {
      const found = await select()
        .where(conditions(tenant, filter, before))
        .orderBy(desc(tasks.createdAt), desc(tasks.id))
        .limit(limit);
      return found.map(({ task, userName }) => ({ ...task, userName }));
    },
    async count(filter) {
      return await database.$count(tasks, conditions(tenant, filter, null));
    },
    async waitingFor(upload) {
      const found = await database
        .select({ id: tasks.id })
        .from(tasks)
        .where(and(eq(tasks.uploadId, upload), eq(tasks.tenantId, tenant), eq(tasks.state, 'draft')));
      return found.map(({ id }) => id);
    },
  };
};

/** TaskRun writes the whole row, absolutely; an older version never overwrites a newer one. */
export async function writeTaskRow(database: Database, row: TaskRow): Promise<void> {
  const { id: _id, tenantId: _tenant, createdAt: _createdAt, ...changing } = row;
  await database
    .insert(tasks)
    .values(row)
    .onConflictDoUpdate({
      target: tasks.id,
      set: changing,
      setWhere: and(eq(tasks.tenantId, row.tenantId), lt(tasks.version, row.version)),
    });
}

/** Tasks of all tenants that somebody should be working on now, for the cron, in the order of their ids after `after`. */
export async function tasksAtWork(database: Database, now: number, after: TaskId | null, limit: number): Promise<readonly TaskId[]> {
  const isDue = and(eq(tasks.state, 'scheduled'), lte(tasks.startsAt, now));
  const found = await database
    .select({ id: tasks.id })
    .from(tasks)
    .where(and(or(inArray(tasks.state, ['checking', 'running', 'stopping']), isDue), after === null ? undefined : gt(tasks.id, after)))
    .orderBy(asc(tasks.id))
    .limit(limit);
  return found.map(({ id }) => id);
}
