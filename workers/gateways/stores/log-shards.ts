/** The homes of a tenant's messages, as the log and exports choose them. Shards that were never started hold nothing of the log. */
import { and, asc, desc, eq, gt, gte, isNotNull, isNull, lt, lte, or, sql, type SQL } from 'drizzle-orm';
import type { LogFilter } from '../../../schema/console';
import type { ShardNumber, TaskId, TenantId } from '../../../schema/ids';
import type { Outcome } from '../../../schema/protocol/archive';
import type { Dataset } from '../../../schema/states';
import { archiveCells, archiveFiles, shards, tasks } from '../../../schema/tables';
import type { Database } from '../database';
import { outcomeCells } from './archive-cells';
import { contains } from './contains';
import { isListed, listed } from './listed';

type LogScope = Pick<LogFilter, 'kind' | 'task' | 'taskName' | 'user' | 'key' | 'receivedFrom' | 'receivedUntil'>;

export interface LogShard {
  readonly shard: ShardNumber;
  readonly task: TaskId | null;
  readonly revision: number;
  /** ms UTC */
  readonly startedAt: number;
  /** No row was received later than this, ms UTC. All rows of a live task's shard share the task's start. */
  readonly untilAt: number;
  /** Where its rows are since it was sealed; null while it is live. */
  readonly archive: ArchivedRows | null;
  /** Its rows of the outcome that is asked for, at most; null while it is live. */
  readonly rowsAtMost: number | null;
}

export interface ArchivedRows {
  /** R2 key. */
  readonly file: string;
  readonly rows: number;
  /** When the first and the last row were received, ms UTC. */
  readonly fromAt: number;
  readonly untilAt: number;
  /** The number index that holds its numbers. */
  readonly numbers: string;
  /** Late changes that the shard keeps and the file does not hold, at least. */
  readonly patches: number;
}

/** What leaves sealed shards out that cannot hold what is asked for. */
export interface Narrowing {
  readonly outcome: Outcome | null;
  /** Where a number may be; null = no number is asked for. */
  readonly numbers: {
    /** Indexes that were looked into: a shard that looks for its numbers in another one is not left out. */
    readonly indexes: readonly string[];
    readonly found: readonly (readonly [index: string, shard: ShardNumber])[];
  } | null;
}

/** A place in the order (startedAt, shard). */
interface ShardPlace {
  readonly startedAt: number;
  readonly shard: ShardNumber;
}

const DAY_MS = 24 * 60 * 60 * 1000;
/** Clocks of two Workers may differ by this much; a shard of a day may hold a row from just before or after it. */
const CLOCK_SLACK_MS = 60 * 1000;
/** An API shard's rows are received at most this long after its start. */
export const SHARD_SPAN_MS = DAY_MS + CLOCK_SLACK_MS;

export const archivedColumns = {
  file: archiveFiles.file,
  rows: archiveFiles.rows,
  fromAt: archiveFiles.fromAt,
  untilAt: archiveFiles.untilAt,
  numbers: archiveFiles.numbers,
  patches: archiveFiles.patches,
};
const columns = {
  shard: shards.n,
  task: shards.taskId,
  revision: shards.revision,
  startedAt: shards.startedAt,
  day: shards.day,
  archive: archivedColumns,
  rowsAtMost: sql<number | null>`${archiveFiles.rows}`,
};

interface FoundShard {
  readonly shard: ShardNumber;
  readonly task: TaskId | null;
  readonly revision: number;
  readonly startedAt: number | null;
  readonly day: string | null;
  readonly archive: ArchivedRows | null;
  readonly rowsAtMost: number | null;
}

function logShard({ shard, task, revision, startedAt, day, archive, rowsAtMost }: FoundShard): LogShard {
  const from = startedAt ?? 0;
  const liveUntilAt = task !== null ? from : day === null ? from + SHARD_SPAN_MS : Date.parse(`${day}T00:00:00Z`) + SHARD_SPAN_MS;
  return { shard, task, revision, startedAt: from, untilAt: archive?.untilAt ?? liveUntilAt, archive, rowsAtMost };
}

/** A file of imported messages may hold those of many tasks, keys and days: its rows are asked, not its shard. */
function inScope(tenant: TenantId, dataset: Dataset, wanted: LogScope): SQL[] {
  const conditions: SQL[] = [eq(shards.tenantId, tenant), eq(shards.dataset, dataset), isNotNull(shards.startedAt)];
  const scope: LogScope = dataset === 'current' ? wanted : wanted.user === undefined ? {} : { user: wanted.user };
  if (scope.kind !== undefined) conditions.push(eq(shards.kind, scope.kind));
  if (scope.task !== undefined) conditions.push(eq(shards.taskId, scope.task));
  if (scope.key !== undefined) conditions.push(eq(shards.keyId, scope.key));
  if (scope.taskName !== undefined) {
    conditions.push(
      sql`${shards.taskId} in (select ${tasks.id} from ${tasks} where ${tasks.tenantId} = ${tenant} and ${contains(tasks.name, scope.taskName)})`,
    );
  }
  if (scope.user !== undefined) {
    conditions.push(
      sql`${shards.taskId} in (select ${tasks.id} from ${tasks} where ${tasks.tenantId} = ${tenant} and ${tasks.userId} = ${scope.user})`,
    );
  }
  if (scope.receivedFrom !== undefined) conditions.push(gte(shards.startedAt, scope.receivedFrom - SHARD_SPAN_MS));
  if (scope.receivedUntil !== undefined) conditions.push(lte(shards.startedAt, scope.receivedUntil + CLOCK_SLACK_MS));
  return conditions;
}

/** Sealed shards whose file can hold rows of the period and of the number; and every live one. */
function mayHold({ receivedFrom, receivedUntil }: LogScope, { numbers }: Narrowing): SQL | undefined {
  const sealed: SQL[] = [];
  if (receivedFrom !== undefined) sealed.push(gte(archiveFiles.untilAt, receivedFrom));
  if (receivedUntil !== undefined) sealed.push(lt(archiveFiles.fromAt, receivedUntil));
  if (numbers) {
    sealed.push(
      sql`(${archiveFiles.numbers} NOT IN ${listed(numbers.indexes)}
        OR (${archiveFiles.numbers}, ${archiveFiles.shard}) IN (SELECT value ->> 0, value ->> 1 FROM json_each(${JSON.stringify(numbers.found)})))`,
    );
  }
  return sealed.length === 0 ? undefined : or(isNull(archiveFiles.shard), and(...sealed));
}

/** Messages of the outcome by shard. */
function messagesOf(database: Database, tenant: TenantId, dataset: Dataset, outcome: Outcome) {
  const { wanted, condition } = outcomeCells(database, tenant, dataset, outcome);
  const { shard, revision, messages } = archiveCells;
  return database
    .select({ shard, revision, messages: sql<number>`sum(${messages})`.as('messages') })
    .from(wanted)
    .crossJoin(archiveCells)
    .where(condition)
    .groupBy(shard, revision)
    .as('outcome');
}

export interface LogShardStore {
  /** Latest start first, below `before`. */
  newest(scope: LogScope, narrowing: Narrowing, before: ShardPlace | null, limit: number): Promise<readonly LogShard[]>;
  /** Earliest start first, above `after`. */
  oldest(scope: LogScope, narrowing: Narrowing, after: ShardPlace | null, limit: number): Promise<readonly LogShard[]>;
  /** All shards of these tasks, in the order in which each task numbers them. */
  ofTasks(ids: readonly TaskId[]): Promise<readonly Pick<LogShard, 'shard' | 'task' | 'revision'>[]>;
  /** null when the shard is another tenant's, was never made, holds nothing of the log or is out of the scope. */
  find(shard: ShardNumber, scope?: Pick<LogScope, 'user'>): Promise<LogShard | null>;
}

export function logShardsOf(database: Database, tenant: TenantId, dataset: Dataset): LogShardStore {
  const page = async (
    scope: LogScope,
    narrowing: Narrowing,
    beyond: readonly (SQL | undefined)[],
    order: readonly SQL[],
    limit: number,
  ): Promise<readonly LogShard[]> => {
    const conditions = [...inScope(tenant, dataset, scope), mayHold(scope, narrowing), ...beyond];
    if (!narrowing.outcome) {
      const found = await database
        .select(columns)
        .from(shards)
        .leftJoin(archiveFiles, eq(archiveFiles.shard, shards.n))
        .where(and(...conditions))
        .orderBy(...order)
        .limit(limit);
      return found.map(logShard);
    }
    const outcome = messagesOf(database, tenant, dataset, narrowing.outcome);
    // States of patched rows may be others by now.
    const rowsAtMost = sql<number | null>`min(${archiveFiles.rows}, coalesce(${outcome.messages}, 0) + ${archiveFiles.patches})`;
    const found = await database
      .select({ ...columns, rowsAtMost })
      .from(shards)
      .leftJoin(archiveFiles, eq(archiveFiles.shard, shards.n))
      .leftJoin(outcome, and(eq(outcome.shard, archiveFiles.shard), eq(outcome.revision, archiveFiles.revision)))
      .where(and(...conditions, or(isNull(archiveFiles.shard), gt(rowsAtMost, 0))))
      .orderBy(...order)
      .limit(limit);
    return found.map(logShard);
  };
  return {
    newest(scope, narrowing, before, limit) {
      // The plain bound beside the exact one lets SQLite start in the middle of its index.
      const below = before && [
        lte(shards.startedAt, before.startedAt),
        or(lt(shards.startedAt, before.startedAt), lt(shards.n, before.shard)),
      ];
      return page(scope, narrowing, below ?? [], [desc(shards.startedAt), desc(shards.n)], limit);
    },
    oldest(scope, narrowing, after, limit) {
      const above = after && [gte(shards.startedAt, after.startedAt), or(gt(shards.startedAt, after.startedAt), gt(shards.n, after.shard))];
      return page(scope, narrowing, above ?? [], [asc(shards.startedAt), asc(shards.n)], limit);
    },
    async ofTasks(ids) {
      if (ids.length === 0) return [];
      return await database
        .select({ shard: shards.n, task: shards.taskId, revision: shards.revision })
        .from(shards)
        .where(and(eq(shards.tenantId, tenant), isListed(shards.taskId, ids)))
        .orderBy(asc(shards.n));
    },
    async find(shard, scope = {}) {
      const [found] = await database
        .select(columns)
        .from(shards)
        .leftJoin(archiveFiles, eq(archiveFiles.shard, shards.n))
        .where(and(eq(shards.n, shard), ...inScope(tenant, dataset, scope)));
      return found ? logShard(found) : null;
    },
  };
}
