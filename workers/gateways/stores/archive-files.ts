/** D1: the files of sealed shards, as the shards write them. */
import { and, count, desc, eq, gt, isNotNull, sql } from 'drizzle-orm';
import type { BatchItem } from 'drizzle-orm/batch';
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core';
import type { ShardNumber, TenantId } from '../../../schema/ids';
import { BOUND_CHARACTERS } from '../../../schema/limits';
import type { ArchiveCell } from '../../../schema/protocol/archive';
import type { Dataset } from '../../../schema/states';
import { archiveCells, archiveFiles, shards } from '../../../schema/tables';
import { packMembersOf, unpackMembersOf } from '../../rules/archive-index';
import type { ArchiveContents } from '../archive-file';
import type { Database } from '../database';
import { jsonSlices } from '../../rules/json-slices';
import { NUMBER_ENTRY_BYTES } from '../../rules/number-index';
import { addNumberIndex, indexedEntries, retireNumberIndex } from './number-indexes';

export interface ArchiveRecord extends ArchiveContents {
  readonly shard: ShardNumber;
  readonly tenantId: TenantId;
  readonly dataset: Dataset;
  readonly file: string;
  readonly revision: number;
  readonly patches: number;
  readonly sealedAt: number;
  readonly foldedAt: number | null;
}

/** All of it or nothing. What has a lower revision than what is there comes from the past and changes nothing. */
export async function writeArchiveFile(database: Database, record: ArchiveRecord): Promise<void> {
  const [first, ...others] = archiveStatements(database, record, record.tenantId);
  if (first) await database.batch([first, ...others]);
}

/** For a batch that writes more than a file. @param owner of the file; what it says is looked up as the statement runs */
export function archiveStatements(
  database: Database,
  { cells, ...file }: ArchiveRecord,
  owner: TenantId | ReturnType<typeof sql<TenantId>>,
): BatchItem<'sqlite'>[] {
  // Folding moves neither rows nor members: a merged index may have taken the place of the one that the shard was sealed with.
  const { shard: _shard, numbers: _numbers, ...folded } = file;
  const changes = file.foldedAt === null ? { ...folded, numbers: file.numbers } : folded;
  return [
    ...(file.foldedAt === null ? [retireNumberIndex(database, file)] : []),
    database
      .insert(archiveFiles)
      .values({ ...file, tenantId: owner })
      .onConflictDoUpdate({ target: archiveFiles.shard, set: changes, setWhere: sql`${archiveFiles.revision} < ${file.revision}` }),
    ...cellStatements(database, file, cells),
    ...(file.foldedAt === null ? [addNumberIndex(database, file)] : []),
  ];
}

/** Cells that an earlier revision had and this one has not stay behind; their revision tells readers to pass them over. */
function cellStatements(
  database: Database,
  { tenantId, dataset, shard, revision }: Omit<ArchiveRecord, 'cells'>,
  cells: readonly ArchiveCell[],
): BatchItem<'sqlite'>[] {
  const rows = cells.map(({ country, state, sender, messages, members }) => [country, state, sender, messages, packMembersOf(members)]);
  const { country, state, sender } = archiveCells;
  return jsonSlices(rows, BOUND_CHARACTERS).map(({ json }) =>
    database
      .insert(archiveCells)
      .select(
        sql`SELECT ${tenantId}, ${dataset}, value ->> 0, value ->> 1, value ->> 2, ${shard}, ${revision}, value ->> 3, value -> 4 FROM json_each(${json}) WHERE true`,
      )
      .onConflictDoUpdate({
        target: [archiveCells.tenantId, archiveCells.dataset, country, state, sender, archiveCells.shard],
        set: { revision: sql`excluded.revision`, messages: sql`excluded.messages`, members: sql`excluded.members` },
        setWhere: sql`${archiveCells.revision} < ${revision}`,
      }),
  );
}

export async function findArchiveFile(database: Database, shard: ShardNumber): Promise<Omit<ArchiveRecord, 'cells'> | null> {
  const [found] = await database.select().from(archiveFiles).where(eq(archiveFiles.shard, shard));
  return found ?? null;
}

/** What D1 says of the rows of a file. */
export async function findCells(
  database: Database,
  { shard, revision }: Pick<ArchiveRecord, 'shard' | 'revision'>,
): Promise<readonly ArchiveCell[]> {
  const { country, state, sender, messages, members } = archiveCells;
  const found = await database
    .select({ country, state, sender, messages, members })
    .from(archiveCells)
    .where(and(eq(archiveCells.shard, shard), eq(archiveCells.revision, revision)));
  return found.map((cell) => ({ ...cell, members: unpackMembersOf(cell.members) }));
}

/** Absolute; nothing happens while the shard has no file. */
export async function writePatchCount(database: Database, shard: ShardNumber, patches: number): Promise<void> {
  await database.update(archiveFiles).set({ patches }).where(eq(archiveFiles.shard, shard));
}

/** Files that lack what their shards keep beside them; first those whose readers have the most to bring together. */
export async function shardsToFold(database: Database, limit: number): Promise<readonly ShardNumber[]> {
  const found = await database
    .select({ shard: archiveFiles.shard })
    .from(archiveFiles)
    .where(gt(archiveFiles.patches, 0))
    .orderBy(desc(archiveFiles.patches))
    .limit(limit);
  return found.map(({ shard }) => shard);
}

export interface ArchiveSize {
  /** Shards of the log whose rows no file holds. */
  readonly unsealed: number;
  readonly rows: number;
  /** Packed, the number indexes that count among them. */
  readonly bytes: number;
}

export async function archiveSizeOf(database: Database, tenant: TenantId): Promise<ArchiveSize> {
  const sum = (column: SQLiteColumn) => sql<number>`coalesce(sum(${column}), 0)`.mapWith(Number);
  const [[found], entries] = await Promise.all([
    database
      .select({ shards: count(), files: count(archiveFiles.shard), rows: sum(archiveFiles.rows), bytes: sum(archiveFiles.bytes) })
      .from(shards)
      .leftJoin(archiveFiles, eq(archiveFiles.shard, shards.n))
      .where(and(eq(shards.tenantId, tenant), isNotNull(shards.startedAt))),
    indexedEntries(database, tenant),
  ]);
  const bytes = (found?.bytes ?? 0) + entries * NUMBER_ENTRY_BYTES;
  return { unsealed: (found?.shards ?? 0) - (found?.files ?? 0), rows: found?.rows ?? 0, bytes };
}
