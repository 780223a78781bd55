/** D1: the indexes that find a number among the files of sealed shards. Which one holds a shard's numbers is said by `archive_files.numbers`. */
import { and, asc, count, eq, gte, isNotNull, isNull, lt, lte, sql, type SQL } from 'drizzle-orm';
import { ARCHIVE_LEFTOVER_MS, NUMBERS_FULL } from '../../../schema/limits';
import type { ShardNumber, TenantId } from '../../../schema/ids';
import type { NumberedShard } from '../../../schema/protocol/archive';
import type { Dataset } from '../../../schema/states';
import { archiveFiles, numberIndexes } from '../../../schema/tables';
import type { Database } from '../database';
import { isListed } from './listed';

export interface NumberIndexRecord {
  /** R2 key. */
  readonly file: string;
  readonly entries: number;
  readonly shards: readonly NumberedShard[];
}

const columns = { file: numberIndexes.file, entries: numberIndexes.entries, shards: numberIndexes.shards };

interface Sealing {
  readonly shard: ShardNumber;
  readonly revision: number;
  readonly sealedAt: number;
}

interface NewlySealed {
  readonly numbers: string;
  readonly tenantId: TenantId;
  readonly dataset: Dataset;
  readonly shard: ShardNumber;
  readonly rows: number;
  readonly members: readonly unknown[];
  readonly fromAt: number;
  readonly untilAt: number;
}

/**
 * Before that, the index that a crashed sealing of the same shard brought: the file that it was for no longer counts. One that was merged since
 * is not the shard's own any more.
 */
export const retireNumberIndex = (database: Database, { shard, revision, sealedAt }: Sealing) =>
  database
    .update(numberIndexes)
    .set({ removeAt: sealedAt + ARCHIVE_LEFTOVER_MS })
    .where(
      and(
        eq(numberIndexes.tier, 0),
        sql`${numberIndexes.file} IN (SELECT ${archiveFiles.numbers} FROM ${archiveFiles}
          WHERE ${archiveFiles.shard} = ${shard} AND ${archiveFiles.revision} < ${revision})`,
      ),
    );

/** The index that a shard brought, for the batch that names its file. Nothing happens when that file does not count. */
export const addNumberIndex = (database: Database, { numbers, tenantId, dataset, shard, rows, members, fromAt, untilAt }: NewlySealed) =>
  database
    .insert(numberIndexes)
    .select(
      sql`SELECT ${numbers}, ${tenantId}, ${dataset}, 0, ${rows}, ${JSON.stringify([[shard, members.length]])}, ${fromAt}, ${untilAt}, NULL
        FROM ${archiveFiles} WHERE ${archiveFiles.shard} = ${shard} AND ${archiveFiles.numbers} = ${numbers}`,
    )
    .onConflictDoNothing();

/** Rows that all indexes of a tenant hold together. */
export async function indexedEntries(database: Database, tenant: TenantId): Promise<number> {
  const entries = sql<number>`coalesce(sum(${numberIndexes.entries}), 0)`.mapWith(Number);
  const own = and(eq(numberIndexes.tenantId, tenant), isNull(numberIndexes.removeAt));
  const [found] = await database.select({ entries }).from(numberIndexes).where(own);
  return found?.entries ?? 0;
}

export interface NumberIndexStore {
  /** All that count and hold messages of the period. */
  all(dataset: Dataset, period: { readonly receivedFrom?: number; readonly receivedUntil?: number }): Promise<readonly NumberIndexRecord[]>;
  /** Also one that others have taken the place of; null when it is gone. */
  find(file: string): Promise<NumberIndexRecord | null>;
}

export function numberIndexesOf(database: Database, tenant: TenantId): NumberIndexStore {
  const own = eq(numberIndexes.tenantId, tenant);
  return {
    async all(dataset, { receivedFrom, receivedUntil }) {
      const conditions: SQL[] = [own, eq(numberIndexes.dataset, dataset), isNull(numberIndexes.removeAt)];
      if (receivedFrom !== undefined) conditions.push(gte(numberIndexes.untilAt, receivedFrom));
      if (receivedUntil !== undefined) conditions.push(lt(numberIndexes.fromAt, receivedUntil));
      return await database
        .select(columns)
        .from(numberIndexes)
        .where(and(...conditions));
    },
    async find(file) {
      const [found] = await database
        .select(columns)
        .from(numberIndexes)
        .where(and(own, eq(numberIndexes.file, file)));
      return found ?? null;
    },
  };
}

/** Where so many indexes of one tier lie that they should be one. */
export interface NumbersToMerge {
  readonly tenant: TenantId;
  readonly dataset: Dataset;
  readonly tier: number;
}

export async function numbersToMerge(database: Database, together: number, limit: number): Promise<readonly NumbersToMerge[]> {
  const { tenantId: tenant, dataset, tier } = numberIndexes;
  return await database
    .select({ tenant, dataset, tier })
    .from(numberIndexes)
    .where(and(isNull(numberIndexes.removeAt), lt(tier, NUMBERS_FULL)))
    .groupBy(tenant, dataset, tier)
    .having(gte(count(), together))
    .limit(limit);
}

export interface MergeInput extends NumberIndexRecord {
  readonly fromAt: number;
  readonly untilAt: number;
}

/** The earliest of them. */
export async function mergeInputs(
  database: Database,
  { tenant, dataset, tier }: NumbersToMerge,
  together: number,
): Promise<readonly MergeInput[]> {
  return await database
    .select({ ...columns, fromAt: numberIndexes.fromAt, untilAt: numberIndexes.untilAt })
    .from(numberIndexes)
    .where(
      and(
        eq(numberIndexes.tenantId, tenant),
        eq(numberIndexes.dataset, dataset),
        eq(numberIndexes.tier, tier),
        isNull(numberIndexes.removeAt),
      ),
    )
    .orderBy(asc(numberIndexes.fromAt), asc(numberIndexes.file))
    .limit(together);
}

/** Shards that look for their numbers in one of these, each with that one: `[index, shard]`. */
export async function shardsIndexedIn(database: Database, files: readonly string[]): Promise<readonly (readonly [string, ShardNumber])[]> {
  const found = await database
    .select({ numbers: archiveFiles.numbers, shard: archiveFiles.shard })
    .from(archiveFiles)
    .where(isListed(archiveFiles.numbers, files));
  return found.map(({ numbers, shard }) => [numbers, shard]);
}

type MergedIndex = Omit<MergeInput, 'entries'> & NumbersToMerge;

/** Before its file is written, so that nothing of a merge that broke off stays for ever. @param removeAt when it goes, unless it is finished */
export async function beginMerged(database: Database, { tenant, ...merged }: MergedIndex, removeAt: number): Promise<void> {
  await database.insert(numberIndexes).values({ ...merged, entries: 0, tenantId: tenant, removeAt });
}

/**
 * The merged index takes the place of its inputs, all at once; or nothing happens, where another merge was first. A shard that was sealed
 * anew meanwhile keeps the index that it brought. @param oldRemoveAt when the inputs go
 */
export async function finishMerged(
  database: Database,
  file: string,
  entries: number,
  inputs: readonly string[],
  oldRemoveAt: number,
): Promise<void> {
  const { removeAt } = numberIndexes;
  const isInput = isListed(numberIndexes.file, inputs);
  const allCount = sql`(SELECT count(*) FROM ${numberIndexes} WHERE ${and(isInput, isNull(removeAt))}) = ${inputs.length}`;
  const hasWon = sql`EXISTS (SELECT 1 FROM ${numberIndexes} WHERE ${and(eq(numberIndexes.file, file), isNull(removeAt))})`;
  await database.batch([
    database
      .update(numberIndexes)
      .set({ removeAt: null, entries })
      .where(and(eq(numberIndexes.file, file), allCount)),
    database
      .update(archiveFiles)
      .set({ numbers: file })
      .where(and(isListed(archiveFiles.numbers, inputs), hasWon)),
    database
      .update(numberIndexes)
      .set({ removeAt: oldRemoveAt })
      .where(and(isInput, isNull(removeAt), hasWon)),
  ]);
}

/** Those that nobody needs any more. */
export async function numbersToRemove(database: Database, now: number, limit: number): Promise<readonly string[]> {
  const due = and(isNotNull(numberIndexes.removeAt), lte(numberIndexes.removeAt, now));
  const found = await database.select({ file: numberIndexes.file }).from(numberIndexes).where(due).limit(limit);
  return found.map(({ file }) => file);
}

/** After their files. */
export async function forgetNumberIndexes(database: Database, files: readonly string[]): Promise<void> {
  if (files.length > 0) await database.delete(numberIndexes).where(isListed(numberIndexes.file, files));
}

/** Which of these R2 keys D1 knows as an index. */
export async function knownNumberIndexes(database: Database, files: readonly string[]): Promise<ReadonlySet<string>> {
  if (files.length === 0) return new Set();
  const found = await database.select({ file: numberIndexes.file }).from(numberIndexes).where(isListed(numberIndexes.file, files));
  return new Set(found.map(({ file }) => file));
}
