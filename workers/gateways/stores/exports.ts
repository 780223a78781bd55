/**
 * Exports in D1. A running export is held by one step at a time: the holder's name and the end of its lease stand beside the
 * checkpoint in one JSON value, and every write of a step asks that it is still the holder, so two deliveries of one job can't both write.
 */
import { and, asc, desc, eq, getTableColumns, gte, inArray, lt, or, sql } from 'drizzle-orm';
import type { ExportListFilter } from '../../../schema/exports';
import type { ErrorCode } from '../../../schema/errors';
import type { ExportId, TenantId, UserId } from '../../../schema/ids';
import type { ExportState } from '../../../schema/states';
import { exportJobs, users } from '../../../schema/tables';
import type { Database } from '../database';
import { isListed } from './listed';

export type ExportRow = typeof exportJobs.$inferSelect;
/** A line of a list; the checkpoint of a large export is long and not part of it. */
export type ListedExport = Omit<ExportRow, 'checkpoint'> & { readonly userName: string };

/** What the `checkpoint` column holds. */
export interface HeldCheckpoint {
  readonly holder: string | null;
  /** ms UTC */
  readonly heldUntil: number;
  /** Steps that failed one after another since the last progress. */
  readonly failures: number;
  /** rules/export-checkpoint; null before anything was stored. */
  readonly done: unknown;
}

interface ExportProgress {
  readonly rows: number;
  readonly rowsExpected: number;
  readonly bytes: number;
}

type ExportClaim =
  | { readonly kind: 'held'; readonly row: ExportRow }
  /** Another step holds it. */
  | { readonly kind: 'busy' }
  /** The tenant's other exports run first. */
  | { readonly kind: 'waiting' }
  /** Nothing to do: no such export, or it has ended. */
  | { readonly kind: 'ended' };

export interface ExportStore {
  /** A repeat with the same id changes nothing. */
  add(row: Pick<ExportRow, 'id' | 'userId' | 'kind' | 'format' | 'fileName' | 'request'>, now: number): Promise<void>;
  find(id: ExportId): Promise<ListedExport | null>;
  /** What is kept about the file; rules/export-checkpoint. */
  fileOf(id: ExportId): Promise<unknown>;
  /** Newest first. */
  page(filter: ExportListFilter, before: Pick<ExportRow, 'createdAt' | 'id'> | null, limit: number): Promise<readonly ListedExport[]>;
  /** Who has started exports, by name. */
  users(): Promise<readonly { readonly id: UserId; readonly name: string }[]>;
  /** Takes the export for one step, if it is free and fewer than `runningMax` of the tenant's exports run. */
  claim(id: ExportId, holder: string, now: number, heldUntil: number, runningMax: number): Promise<ExportClaim>;
  /** @returns false when the export is no longer this holder's (cancelled, or taken over): the step must end without another write. */
  progress(id: ExportId, holder: string, progress: ExportProgress, now: number, heldUntil: number): Promise<boolean>;
  /** As `progress`, with a new checkpoint. */
  checkpoint(id: ExportId, holder: string, checkpoint: HeldCheckpoint, progress: ExportProgress, now: number): Promise<boolean>;
  /** Ends the export as `ready` or `failed`. @param done what is kept about the file; rules/export-checkpoint */
  finish(
    id: ExportId,
    holder: string,
    state: 'ready' | 'failed',
    error: ErrorCode | null,
    done: unknown,
    progress: ExportProgress,
    now: number,
  ): Promise<boolean>;
  /** @returns the export as it was, or null when it had already ended */
  cancel(id: ExportId, now: number): Promise<ExportRow | null>;
  /** The tenant's next export that waits for its turn. */
  firstQueued(): Promise<ExportId | null>;
  countDownload(id: ExportId): Promise<void>;
}

const UNFINISHED = ['queued', 'running'] as const satisfies readonly ExportState[];
const FREE: HeldCheckpoint = { holder: null, heldUntil: 0, failures: 0, done: null };

export const exportsOf = (database: Database, tenant: TenantId): ExportStore => {
  const own = (id: ExportId) => and(eq(exportJobs.id, id), eq(exportJobs.tenantId, tenant));
  const held = (id: ExportId, holder: string) =>
    and(own(id), eq(exportJobs.state, 'running'), sql`json_extract(${exportJobs.checkpoint}, '$.holder') = ${holder}`);
  const { checkpoint: _long, ...short } = getTableColumns(exportJobs);
  const listed = () =>
    database
      .select({ ...short, userName: sql<string>`COALESCE(${users.name}, '')` })
      .from(exportJobs)
      .leftJoin(users, and(eq(users.id, exportJobs.userId), eq(users.tenantId, tenant)));

  return {
    async add(row, now) {
      await database
        .insert(exportJobs)
        .values({ ...row, tenantId: tenant, state: 'queued', checkpoint: FREE, createdAt: now, progressAt: now })
        .onConflictDoNothing({ target: exportJobs.id });
    },
    async find(id) {
      const [found] = await listed().where(own(id));
      return found ?? null;
    },
    async fileOf(id) {
      const [found] = await database.select({ checkpoint: exportJobs.checkpoint }).from(exportJobs).where(own(id));
      return (found?.checkpoint as HeldCheckpoint | null)?.done ?? null;
    },
    async page({ kind, user, createdFrom, createdUntil }, before, limit) {
      const below =
        before &&
        or(lt(exportJobs.createdAt, before.createdAt), and(eq(exportJobs.createdAt, before.createdAt), lt(exportJobs.id, before.id)));
      return await listed()
        .where(
          and(
            eq(exportJobs.tenantId, tenant),
            kind && eq(exportJobs.kind, kind),
            user && eq(exportJobs.userId, user),
            createdFrom === undefined ? undefined : gte(exportJobs.createdAt, createdFrom),
            createdUntil === undefined ? undefined : lt(exportJobs.createdAt, createdUntil),
            below ?? undefined,
          ),
        )
        .orderBy(desc(exportJobs.createdAt), desc(exportJobs.id))
        .limit(limit);
    },
    async users() {
      return await database
        .selectDistinct({ id: users.id, name: users.name })
        .from(exportJobs)
        .innerJoin(users, and(eq(users.id, exportJobs.userId), eq(users.tenantId, tenant)))
        .where(eq(exportJobs.tenantId, tenant))
        .orderBy(asc(users.name));
    },
    async claim(id, holder, now, heldUntil, runningMax) {
      // One statement: of two deliveries at once, one finds the lease taken.
      const running = sql`(select count(*) from ${exportJobs} as others where others.tenant_id = ${tenant} and others.state = 'running')`;
      const [row] = await database
        .update(exportJobs)
        .set({
          state: 'running',
          progressAt: now,
          checkpoint: sql`json_set(${exportJobs.checkpoint}, '$.holder', ${holder}, '$.heldUntil', ${heldUntil})`,
        })
        .where(
          and(
            own(id),
            inArray(exportJobs.state, [...UNFINISHED]),
            sql`json_extract(${exportJobs.checkpoint}, '$.heldUntil') <= ${now}`,
            sql`(${exportJobs.state} = 'running' or ${running} < ${runningMax})`,
          ),
        )
        .returning();
      if (row) return { kind: 'held', row };
      const [refused] = await database.select({ state: exportJobs.state }).from(exportJobs).where(own(id));
      if (refused?.state === 'running') return { kind: 'busy' };
      return { kind: refused?.state === 'queued' ? 'waiting' : 'ended' };
    },
    async progress(id, holder, progress, now, heldUntil) {
      const checkpoint = sql`json_set(${exportJobs.checkpoint}, '$.heldUntil', ${heldUntil})`;
      const changed = await database
        .update(exportJobs)
        .set({ ...progress, progressAt: now, checkpoint })
        .where(held(id, holder))
        .returning({ id: exportJobs.id });
      return changed.length > 0;
    },
    async checkpoint(id, holder, checkpoint, progress, now) {
      const changed = await database
        .update(exportJobs)
        .set({ ...progress, progressAt: now, checkpoint })
        .where(held(id, holder))
        .returning({ id: exportJobs.id });
      return changed.length > 0;
    },
    async finish(id, holder, state, error, done, progress, now) {
      const changed = await database
        .update(exportJobs)
        .set({ ...progress, state, error, progressAt: now, finishedAt: now, checkpoint: { ...FREE, done } })
        .where(held(id, holder))
        .returning({ id: exportJobs.id });
      return changed.length > 0;
    },
    async cancel(id, now) {
      // The old row comes first: its checkpoint names what is to be dropped from R2.
      const [before] = await database.select().from(exportJobs).where(own(id));
      const changed = await database
        .update(exportJobs)
        .set({ state: 'cancelled', finishedAt: now, progressAt: now })
        .where(and(own(id), inArray(exportJobs.state, [...UNFINISHED])))
        .returning({ id: exportJobs.id });
      return changed.length > 0 && before ? before : null;
    },
    async firstQueued() {
      const [next] = await database
        .select({ id: exportJobs.id })
        .from(exportJobs)
        .where(and(eq(exportJobs.tenantId, tenant), eq(exportJobs.state, 'queued')))
        .orderBy(asc(exportJobs.createdAt))
        .limit(1);
      return next?.id ?? null;
    },
    async countDownload(id) {
      await database
        .update(exportJobs)
        .set({ downloads: sql`${exportJobs.downloads} + 1` })
        .where(own(id));
    },
  };
};

type ExportRef = Pick<ExportRow, 'id' | 'tenantId'>;

/** Unfinished exports, of all tenants, that nothing was heard of since `before`; they count as heard of from `now` on. */
export async function takeStuckExports(database: Database, before: number, now: number, limit: number): Promise<readonly ExportRef[]> {
  const stuck = database
    .select({ id: exportJobs.id })
    .from(exportJobs)
    .where(and(inArray(exportJobs.state, [...UNFINISHED]), lt(exportJobs.progressAt, before)))
    .orderBy(asc(exportJobs.progressAt))
    .limit(limit);
  return await database
    .update(exportJobs)
    .set({ progressAt: now })
    .where(inArray(exportJobs.id, stuck))
    .returning({ id: exportJobs.id, tenantId: exportJobs.tenantId });
}

/** Ready exports, of all tenants, that ended before `before`. */
export async function agedExports(database: Database, before: number, limit: number): Promise<readonly ExportRef[]> {
  return await database
    .select({ id: exportJobs.id, tenantId: exportJobs.tenantId })
    .from(exportJobs)
    .where(and(eq(exportJobs.state, 'ready'), lt(exportJobs.finishedAt, before)))
    .limit(limit);
}

export async function markExportsExpired(database: Database, ids: readonly ExportId[]): Promise<void> {
  await database.update(exportJobs).set({ state: 'expired' }).where(isListed(exportJobs.id, ids));
}
