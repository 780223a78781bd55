/** D1: which files of old data were imported, for operators. */
import { desc, eq, lt } from 'drizzle-orm';
import { legacyImports, tenants } from '../../../schema/tables';
import type { Database } from '../database';

type Row = typeof legacyImports.$inferSelect;

export async function beginLegacyImport(
  database: Database,
  run: Pick<Row, 'tenantId' | 'kind' | 'fileName' | 'startedAt'>,
): Promise<number> {
  const [begun] = await database
    .insert(legacyImports)
    .values({ ...run, state: 'running', named: [] })
    .returning({ id: legacyImports.id });
  if (!begun) throw new Error('D1 gave out no number for an import');
  return begun.id;
}

export async function endLegacyImport(
  database: Database,
  id: number,
  end: Pick<Row, 'state' | 'named' | 'finishedAt'> & Partial<Pick<Row, 'accepted' | 'known' | 'refused'>>,
): Promise<void> {
  await database.update(legacyImports).set(end).where(eq(legacyImports.id, id));
}

/** Newest first. */
export const legacyImportPage = (database: Database, before: number | null, limit: number) =>
  database
    .select({ run: legacyImports, tenantName: tenants.name })
    .from(legacyImports)
    .innerJoin(tenants, eq(tenants.id, legacyImports.tenantId))
    .where(before === null ? undefined : lt(legacyImports.id, before))
    .orderBy(desc(legacyImports.id))
    .limit(limit);
