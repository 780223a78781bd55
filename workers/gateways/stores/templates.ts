/** D1: international templates of a tenant. */
import { and, count, desc, eq, or, sql } from 'drizzle-orm';
import type { TemplateId, TenantId } from '../../../schema/ids';
import { templates } from '../../../schema/tables';
import type { ListPlace } from '../../rules/list-place';
import type { Database } from '../database';
import { contains } from './contains';
import { olderThan } from './older-than';

type TemplateRow = Omit<typeof templates.$inferSelect, 'tenantId'>;
type Content = Pick<TemplateRow, 'name' | 'body' | 'samples' | 'updatedAt'>;

export interface TemplateStore {
  /** All, changed last first: no more than TEMPLATES_PER_TENANT. */
  all(): Promise<TemplateRow[]>;
  /** @param search part of name or body, whatever its case; '' = all */
  page(search: string, after: ListPlace | null, limit: number): Promise<TemplateRow[]>;
  find(id: TemplateId): Promise<TemplateRow | null>;
  count(): Promise<number>;
  /** @returns false when another template has this name */
  add(row: TemplateRow): Promise<boolean>;
  /** @returns false when another template has this name, or there is none of this id */
  change(id: TemplateId, content: Content): Promise<boolean>;
  /** @returns false when there is none */
  remove(id: TemplateId): Promise<boolean>;
}

export function templatesOf(database: Database, tenant: TenantId): TemplateStore {
  const { tenantId: own, id: key, name, body, samples, createdAt, updatedAt } = templates;
  const columns = { id: key, name, body, samples, createdAt, updatedAt };
  const mine = eq(own, tenant);
  const one = (id: TemplateId) => and(mine, eq(key, id));
  return {
    all: () => database.select(columns).from(templates).where(mine).orderBy(desc(updatedAt), desc(key)),
    page: (search, after, limit) =>
      database
        .select(columns)
        .from(templates)
        .where(and(mine, search === '' ? undefined : or(contains(name, search), contains(body, search)), olderThan(updatedAt, key, after)))
        .orderBy(desc(updatedAt), desc(key))
        .limit(limit),
    find: async (id) => (await database.select(columns).from(templates).where(one(id)).get()) ?? null,
    count: async () => (await database.select({ n: count() }).from(templates).where(mine).get())?.n ?? 0,
    async add(row) {
      // Two that come at one moment: the index lets one through.
      const added = await database
        .insert(templates)
        .values({ ...row, tenantId: tenant })
        .onConflictDoNothing({ target: [own, name] })
        .returning({ id: key });
      return added.length > 0;
    },
    async change(id, content) {
      const changed = await database
        .update(templates)
        .set(content)
        .where(
          and(
            one(id),
            sql`NOT EXISTS (SELECT 1 FROM ${templates} AS other WHERE other.tenant_id = ${tenant} AND other.name = ${content.name} AND other.id <> ${id})`,
          ),
        )
        .returning({ id: key });
      return changed.length > 0;
    },
    async remove(id) {
      return (await database.delete(templates).where(one(id)).returning({ id: key })).length > 0;
    },
  };
}
