/**
 * The log of a tenant as it lies in live shards and in the archive. D1 says which shards there are and which of them are sealed; what is
 * sealed while it is read is found again in the archive, under the same place and the same row numbers.
 */
import type { LogFilter } from '../../schema/console';
import type { ShardNumber, TaskId, TenantId } from '../../schema/ids';
import type { LogRow } from '../../schema/protocol/message-shard';
import type { Dataset } from '../../schema/states';
import { SHARD_SPAN_MS, type LogShard, type LogShardStore } from '../gateways/stores/log-shards';
import { newerFirst, type LogPosition } from '../rules/log-cursor';
import { matchesLogFilter, rowFilterOf, shardFilterOf } from '../rules/log-filter';
import { shardOf } from '../rules/shard-choice';
import { ArchiveIndexes } from './archive-indexes';
import { ArchivedShard, type ArchiveGateways } from './archived-shard';
import { archiveSegment, SharedWriter } from './archive-segment';
import { liveSegment } from './live-segment';
import { findOwnMessage } from './search-one';
import type { LogSegment, LogSource, SegmentPlace } from './search-source';

/** Shards that one query of D1 names. */
const SHARDS_PER_READ = 200;

/** What every step below needs to know of one reading. */
interface Reading {
  readonly gateways: ArchiveGateways;
  readonly store: LogShardStore;
  readonly tenant: TenantId;
  readonly dataset: Dataset;
  readonly filter: LogFilter;
  readonly indexes: ArchiveIndexes;
  readonly writer: SharedWriter;
}

export function logSegments(gateways: ArchiveGateways, tenant: TenantId, dataset: Dataset = 'current'): LogSource {
  const store = gateways.tenant(tenant).logShards(dataset);
  const shared = { gateways, store, tenant, dataset, writer: new SharedWriter() };
  const readingOf = (filter: LogFilter): Reading => ({ ...shared, filter, indexes: new ArchiveIndexes(gateways, tenant, dataset, filter) });
  return {
    newest: (filter, before) => newestShards(readingOf(filter), before),
    oldest: (filter, after) =>
      filter.message === undefined ? oldestShards(readingOf(filter), after) : oneMessage(readingOf({}), filter, filter.message),
  };
}

/**
 * D1 orders by start, readers want the order of ends: a shard is handed on only when no shard still unread can end later.
 */
async function* newestShards(reading: Reading, before: LogPosition | null): AsyncGenerator<LogSegment> {
  const { store, dataset, filter, indexes } = reading;
  const scope = before === null ? filter : { ...filter, receivedUntil: Math.min(filter.receivedUntil ?? Infinity, before.receivedAt + 1) };
  const narrowing = await indexes.narrowing();
  const waiting: LogShard[] = [];
  let last: LogShard | undefined;
  for (;;) {
    const found: readonly LogShard[] = await store.newest(scope, narrowing, last ?? null, SHARDS_PER_READ);
    last = found.at(-1);
    const complete = found.length < SHARDS_PER_READ || last === undefined;
    waiting.push(...(await thatCanHold(reading, found)));
    waiting.sort((a, b) => newerFirst(endOf(a), endOf(b)));
    const spanMs = dataset === 'current' ? SHARD_SPAN_MS : Infinity;
    const unreadUntilAt = complete || last === undefined ? -Infinity : last.startedAt + spanMs;
    let taken = 0;
    for (const shard of waiting) {
      if (shard.untilAt <= unreadUntilAt) break;
      taken += 1;
      if (!isAbove(shard, before)) yield segmentOf(reading, shard);
    }
    waiting.splice(0, taken);
    if (complete) return;
  }
}

async function* oldestShards(reading: Reading, after: Pick<LogSegment, 'startedAt' | 'shard'> | null): AsyncGenerator<LogSegment> {
  const { store, filter, indexes } = reading;
  const narrowing = await indexes.narrowing();
  let last = after;
  for (;;) {
    const found = await store.oldest(filter, narrowing, last, SHARDS_PER_READ);
    for (const shard of await thatCanHold(reading, found)) yield segmentOf(reading, shard);
    if (found.length < SHARDS_PER_READ) return;
    last = found.at(-1) ?? null;
  }
}

/** A filter that names one message: that row, whichever way it is asked for. @param reading of all rows */
async function* oneMessage(reading: Reading, filter: LogFilter, id: string): AsyncGenerator<LogSegment> {
  const { gateways, tenant, dataset } = reading;
  const found = await findOwnMessage(gateways, tenant, id, filter, dataset);
  if (!found || !matchesLogFilter(found.row, filter)) return;
  const { home, number } = found;
  const whole = segmentOf(reading, home);
  const lines: LogSegment['lines'] = async (after, _maxRows, format) =>
    after >= number
      ? { bytes: new Uint8Array(), isOwn: true, rows: 0, next: null }
      : { ...(await whole.lines(number - 1, 1, format)), next: null };
  const rows = async (after: number): Promise<{ rows: readonly LogRow[]; next: null }> => ({
    rows: after >= number ? [] : [found.row],
    next: null,
  });
  yield { ...whole, rows, lines, rowsAtMost: async () => 1 };
}

const endOf = (shard: LogShard): LogPosition => ({ receivedAt: shard.untilAt, shard: shard.shard, row: 0 });

/** A cursor below the oldest row of a shard has left it behind. All rows of a live task's shard stand at one time. */
function isAbove({ shard, startedAt, task, archive }: LogShard, before: LogPosition | null): boolean {
  const oldestAt = archive ? archive.fromAt : task === null ? -Infinity : startedAt;
  return before !== null && (oldestAt > before.receivedAt || (oldestAt === before.receivedAt && shard > before.shard));
}

/** What D1 cannot tell of live shards. A number within a task can only be in the shard that its hash names; others of that task need not be asked. */
async function thatCanHold({ store, dataset, filter }: Reading, found: readonly LogShard[]): Promise<readonly LogShard[]> {
  const { to, receivedFrom = -Infinity } = filter;
  const possible = found.filter(({ archive, untilAt }) => archive !== null || untilAt >= receivedFrom);
  if (to === undefined || dataset !== 'current') return possible;
  const isHome = ({ archive, task }: LogShard): boolean => archive === null && task !== null;
  const ofTasks = new Set(possible.flatMap((shard) => (isHome(shard) && shard.task !== null ? [shard.task] : [])));
  const homes = homesOf(await store.ofTasks([...ofTasks]), to);
  return possible.filter((shard) => !isHome(shard) || homes.has(shard.shard));
}

function homesOf(
  all: readonly { readonly shard: ShardNumber; readonly task: TaskId | null; readonly revision: number }[],
  to: string,
): Set<ShardNumber> {
  const siblings = new Map<string, ShardNumber[]>();
  for (const { shard, task, revision } of all) {
    const name = `${task}/${revision}`;
    const known = siblings.get(name);
    if (known) known.push(shard);
    else siblings.set(name, [shard]);
  }
  const homes = new Set<ShardNumber>();
  for (const numbers of siblings.values()) {
    const home = numbers[shardOf(to, numbers.length)];
    if (home !== undefined) homes.add(home);
  }
  return homes;
}

function segmentOf({ gateways, tenant, dataset, filter, indexes, writer }: Reading, found: LogShard): LogSegment {
  const { shard, startedAt, untilAt, archive } = found;
  // A number is rarely in one file twice, and a shard that was sealed long ago is listed because it is there.
  const likelyRows = archive !== null && filter.to !== undefined ? 1 : found.rowsAtMost;
  const place: SegmentPlace = { shard, startedAt, untilAt, likelyRows };
  const own = dataset === 'current' ? shardFilterOf(filter) : rowFilterOf(filter);
  const archived = (): LogSegment => archiveSegment(new ArchivedShard(gateways, tenant, shard, archive, indexes), place, own, writer);
  return archive ? archived() : liveSegment(gateways.objects, place, own, archived);
}
