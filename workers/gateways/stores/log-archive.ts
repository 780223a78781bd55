/** The files that sealed shards of a tenant lie in, as readers look for them one at a time. */
import { and, eq } from 'drizzle-orm';
import type { ShardNumber, TenantId } from '../../../schema/ids';
import type { PackedMember } from '../../../schema/protocol/archive';
import { archiveFiles } from '../../../schema/tables';
import type { Database } from '../database';
import { archivedColumns, type ArchivedRows } from './log-shards';

export interface LogArchiveStore {
  /** null while the shard is live, and for another tenant's. */
  rows(shard: ShardNumber): Promise<ArchivedRows | null>;
  /** The index of that file; null when the shard's rows are in another one by now. */
  members(shard: ShardNumber, file: string): Promise<readonly PackedMember[] | null>;
}

export function logArchiveOf(database: Database, tenant: TenantId): LogArchiveStore {
  return {
    async rows(shard) {
      const own = and(eq(archiveFiles.shard, shard), eq(archiveFiles.tenantId, tenant));
      const [found] = await database.select(archivedColumns).from(archiveFiles).where(own);
      return found ?? null;
    },
    async members(shard, file) {
      const own = and(eq(archiveFiles.shard, shard), eq(archiveFiles.tenantId, tenant), eq(archiveFiles.file, file));
      const [found] = await database.select({ members: archiveFiles.members }).from(archiveFiles).where(own);
      return found?.members ?? null;
    },
  };
}
