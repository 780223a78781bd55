/** D1: what the import of messages from before July 2021 writes. */
import { and, eq, inArray, isNull, sql } from 'drizzle-orm';
import type { KeyId, ShardNumber, TenantId } from '../../../schema/ids';
import type { ReasonCell, TotalsCell } from '../../../schema/reports';
import { legacyIds, shards, tenants } from '../../../schema/tables';
import type { Database } from '../database';
import { archiveStatements, type ArchiveRecord } from './archive-files';
import { totalsStatements } from './write-totals';
import { listed } from './listed';

export async function tenantExists(database: Database, tenant: TenantId): Promise<boolean> {
  const found = await database.select({ id: tenants.id }).from(tenants).where(eq(tenants.id, tenant));
  return found.length > 0;
}

/** Those of the ids (hashes in hex, at most some ten thousand) that were imported before. */
export async function knownLegacyIds(database: Database, hashes: readonly string[]): Promise<ReadonlySet<string>> {
  const found = await database.values<[string]>(
    sql`SELECT value FROM json_each(${JSON.stringify(hashes)}) WHERE unhex(value) IN (SELECT ${legacyIds.hash} FROM ${legacyIds})`,
  );
  return new Set(found.map(([hash]) => hash));
}

/** A number for a file of imported messages, not part of any log until `addLegacyPart`. */
export async function addLegacyShard(database: Database, tenant: TenantId, now: number): Promise<ShardNumber> {
  const [added] = await database
    .insert(shards)
    .values({ tenantId: tenant, keyId: '' as KeyId, kind: 'marketing', dataset: 'legacy', createdAt: now })
    .returning({ n: shards.n });
  if (!added) throw new Error('D1 gave out no shard number');
  return added.n;
}

export interface LegacyPart {
  readonly record: ArchiveRecord;
  /** Of the ids of its messages, hex. */
  readonly hashes: readonly string[];
  readonly totals: readonly TotalsCell[];
  readonly reasons: readonly ReasonCell[];
}
/** A value in D1 takes 2 MB. */
const HASHES_A_STATEMENT = 40_000;

/**
 * The file, its place in the log, its figures and the ids of its messages: all at once or nothing. It fails when one of the messages was
 * imported meanwhile, and when the shard's number was taken back (`dropUnfinishedShards`).
 */
export async function addLegacyPart(database: Database, { record, hashes, totals, reasons }: LegacyPart): Promise<void> {
  const { shard, tenantId, fromAt } = record;
  const owner = sql<TenantId>`(SELECT ${shards.tenantId} FROM ${shards} WHERE ${shards.n} = ${shard})`;
  const idSlices = Array.from({ length: Math.ceil(hashes.length / HASHES_A_STATEMENT) }, (_, at) =>
    JSON.stringify(hashes.slice(at * HASHES_A_STATEMENT, (at + 1) * HASHES_A_STATEMENT)),
  );
  await database.batch([
    database.update(shards).set({ startedAt: fromAt }).where(eq(shards.n, shard)),
    ...archiveStatements(database, record, owner),
    ...idSlices.map((slice) => database.insert(legacyIds).select(sql`SELECT unhex(value) FROM json_each(${slice})`)),
    ...totalsStatements(database, tenantId, shard, totals, reasons),
  ]);
}

/** Takes back the numbers of parts that a broken run began: nothing can become of them any more. */
export async function dropUnfinishedShards(database: Database, tenant: TenantId): Promise<void> {
  await database.delete(shards).where(and(eq(shards.tenantId, tenant), eq(shards.dataset, 'legacy'), isNull(shards.startedAt)));
}

/** Those of the numbers that are shards of the tenant. */
export async function ownShards(database: Database, tenant: TenantId, numbers: readonly ShardNumber[]): Promise<ReadonlySet<ShardNumber>> {
  const wanted = listed(numbers);
  const found = await database
    .select({ n: shards.n })
    .from(shards)
    .where(and(eq(shards.tenantId, tenant), inArray(shards.n, wanted)));
  return new Set(found.map(({ n }) => n));
}
