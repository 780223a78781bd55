/** The files that sealed shards of a tenant lie in, as readers look for them. */
import { and, eq, sql } from 'drizzle-orm';
import type { ShardNumber, TenantId } from '../../../schema/ids';
import type { Outcome, PackedMember } from '../../../schema/protocol/archive';
import { archiveCells, archiveFiles } from '../../../schema/tables';
import type { Database } from '../database';
import { holdsTo } from './archive-cells';
import { isListed } from './listed';
import { archivedColumns, type ArchivedRows } from './log-shards';

interface FoundMembers {
  readonly shard: ShardNumber;
  readonly file: string;
  readonly members: readonly PackedMember[];
}

interface FoundCell {
  readonly shard: ShardNumber;
  readonly file: string;
  /** rules/archive-index.ts */
  readonly members: readonly number[];
}

export interface LogArchiveStore {
  /** null while the shard is live, and for another tenant's. */
  rows(shard: ShardNumber): Promise<ArchivedRows | null>;
  /** Members of the files that count now. */
  members(shards: readonly ShardNumber[]): Promise<readonly FoundMembers[]>;
  /** The members among them that hold an outcome. */
  cells(shards: readonly ShardNumber[], outcome: Outcome): Promise<readonly FoundCell[]>;
}

export function logArchiveOf(database: Database, tenant: TenantId): LogArchiveStore {
  // With the plus, SQLite goes by the shards and not through all files of the tenant.
  const own = sql`+${archiveFiles.tenantId} = ${tenant}`;
  const { shard, file, members } = archiveFiles;
  return {
    async rows(wanted) {
      const [found] = await database
        .select(archivedColumns)
        .from(archiveFiles)
        .where(and(eq(shard, wanted), own));
      return found ?? null;
    },
    async members(wanted) {
      return await database
        .select({ shard, file, members })
        .from(archiveFiles)
        .where(and(own, isListed(shard, wanted)));
    },
    async cells(wanted, outcome) {
      const isOfFile = and(eq(archiveCells.shard, shard), eq(archiveCells.revision, archiveFiles.revision));
      return await database
        .select({ shard, file, members: archiveCells.members })
        .from(archiveFiles)
        .innerJoin(archiveCells, isOfFile)
        .where(and(own, isListed(shard, wanted), ...holdsTo(outcome)));
    },
  };
}
