/** D1: files that are read into the blacklists of one tenant's keys. */
import { and, desc, eq, inArray, lt } from 'drizzle-orm';
import type { BlacklistImportId, KeyId, TenantId } from '../../../schema/ids';
import { blacklistImports } from '../../../schema/tables';
import type { Database } from '../database';

export type BlacklistImportRow = typeof blacklistImports.$inferSelect;
type Progress = Partial<Pick<BlacklistImportRow, 'checkpoint' | 'bytesDone' | 'bytesTotal' | 'lines' | 'added' | 'refused' | 'named'>>;

export interface BlacklistImportStore {
  add(row: Pick<BlacklistImportRow, 'id' | 'keyId' | 'userId' | 'uploadId' | 'fileName'>, now: number): Promise<void>;
  find(id: BlacklistImportId): Promise<BlacklistImportRow | null>;
  /** Newest first. */
  ofKey(key: KeyId, limit: number): Promise<readonly BlacklistImportRow[]>;
  /** Only while it runs. */
  progress(id: BlacklistImportId, progress: Progress, now: number): Promise<void>;
  /** Only while it runs: what has ended stays as it ended. */
  finish(id: BlacklistImportId, state: 'done' | 'failed', error: BlacklistImportRow['error'], now: number): Promise<void>;
}

export const blacklistImportsOf = (database: Database, tenant: TenantId): BlacklistImportStore => {
  const own = (id: BlacklistImportId) => and(eq(blacklistImports.tenantId, tenant), eq(blacklistImports.id, id));
  const running = (id: BlacklistImportId) => and(own(id), eq(blacklistImports.state, 'running'));
  return {
    async add(row, now) {
      await database
        .insert(blacklistImports)
        .values({ ...row, tenantId: tenant, state: 'running', named: [], createdAt: now, progressAt: now });
    },
    async find(id) {
      return (await database.select().from(blacklistImports).where(own(id)).get()) ?? null;
    },
    async ofKey(key, limit) {
      return database
        .select()
        .from(blacklistImports)
        .where(and(eq(blacklistImports.tenantId, tenant), eq(blacklistImports.keyId, key)))
        .orderBy(desc(blacklistImports.createdAt))
        .limit(limit);
    },
    async progress(id, progress, now) {
      await database
        .update(blacklistImports)
        .set({ ...progress, progressAt: now })
        .where(running(id));
    },
    async finish(id, state, error, now) {
      await database.update(blacklistImports).set({ state, error, checkpoint: null, progressAt: now, finishedAt: now }).where(running(id));
    },
  };
};

/** For the cron repair alone: imports of every tenant that said nothing since `before`; they count as looked after from `now`. */
export async function takeStuckImports(
  database: Database,
  before: number,
  now: number,
  limit: number,
): Promise<readonly Pick<BlacklistImportRow, 'id' | 'tenantId'>[]> {
  const { id, tenantId, state, progressAt } = blacklistImports;
  const stuck = database
    .select({ id })
    .from(blacklistImports)
    .where(and(eq(state, 'running'), lt(progressAt, before)))
    .limit(limit);
  return database.update(blacklistImports).set({ progressAt: now }).where(inArray(id, stuck)).returning({ id, tenantId });
}
