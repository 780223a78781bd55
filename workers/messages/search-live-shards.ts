/** The log as it lies in live shards: D1 says which shards there are, each shard answers for its own rows. */
import type { LogFilter } from '../../schema/console';
import type { ShardNumber, TaskId, TenantId } from '../../schema/ids';
import type { ShardFilter } from '../../schema/protocol/message-shard';
import type { Gateways } from '../gateways';
import type { Objects } from '../gateways/objects';
import { SHARD_SPAN_MS, type LogShard, type LogShardStore } from '../gateways/stores/log-shards';
import { newerFirst, type LogPosition } from '../rules/log-cursor';
import { matchesLogFilter, shardFilterOf } from '../rules/log-filter';
import { shardOf } from '../rules/shard-choice';
import { findOwnMessage } from './search-one';
import type { LogSegment, LogSource } from './search-source';
import { unsealed } from './unsealed';

/** Shards that one query of D1 names. */
const SHARDS_PER_READ = 200;

export function liveShards(gateways: Pick<Gateways, 'tenant' | 'objects'>, tenant: TenantId): LogSource {
  const store = gateways.tenant(tenant).logShards;
  return {
    newest: (filter, before) => newestShards(store, gateways.objects, filter, before),
    oldest: (filter, after) =>
      filter.message === undefined
        ? oldestShards(store, gateways.objects, filter, after)
        : oneMessage(gateways, tenant, filter, filter.message),
  };
}

/**
 * D1 orders by start, readers want the order of ends: a shard is handed on only when no shard still unread can end later.
 */
async function* newestShards(
  store: LogShardStore,
  objects: Objects,
  filter: LogFilter,
  before: LogPosition | null,
): AsyncGenerator<LogSegment> {
  const scope = before === null ? filter : { ...filter, receivedUntil: Math.min(filter.receivedUntil ?? Infinity, before.receivedAt + 1) };
  const waiting: LogShard[] = [];
  let last: LogShard | undefined;
  for (;;) {
    const found: readonly LogShard[] = await store.newest(scope, last ?? null, SHARDS_PER_READ);
    last = found.at(-1);
    const complete = found.length < SHARDS_PER_READ || last === undefined;
    waiting.push(...(await thatCanHold(store, filter, found)));
    waiting.sort((a, b) => newerFirst(endOf(a), endOf(b)));
    const unreadUntilAt = complete || last === undefined ? -Infinity : last.startedAt + SHARD_SPAN_MS;
    let taken = 0;
    for (const shard of waiting) {
      if (shard.untilAt <= unreadUntilAt) break;
      taken += 1;
      if (overlaps(shard, filter) && !isAbove(shard, before)) yield liveShard(objects, shard, filter);
    }
    waiting.splice(0, taken);
    if (complete) return;
  }
}

async function* oldestShards(
  store: LogShardStore,
  objects: Objects,
  filter: LogFilter,
  after: Pick<LogSegment, 'startedAt' | 'shard'> | null,
): AsyncGenerator<LogSegment> {
  let last = after;
  for (;;) {
    const found = await store.oldest(filter, last, SHARDS_PER_READ);
    for (const shard of await thatCanHold(store, filter, found)) if (overlaps(shard, filter)) yield liveShard(objects, shard, filter);
    if (found.length < SHARDS_PER_READ) return;
    last = found.at(-1) ?? null;
  }
}

/** A filter that names one message: its shard, cut to that row. */
async function* oneMessage(
  gateways: Pick<Gateways, 'tenant' | 'objects'>,
  tenant: TenantId,
  filter: LogFilter,
  id: string,
): AsyncGenerator<LogSegment> {
  const found = await findOwnMessage(gateways, tenant, id, filter);
  if (!found || !matchesLogFilter(found.row, filter)) return;
  const { home, number } = found;
  const whole = liveShard(gateways.objects, home, {});
  const lines: LogSegment['lines'] = async (after, _maxRows, format) =>
    after >= number ? { bytes: new Uint8Array(), rows: 0, next: null } : { ...(await whole.lines(number - 1, 1, format)), next: null };
  const rows: LogSegment['rows'] = async (after) => ({ rows: after >= number ? [] : [found.row], next: null });
  yield { ...whole, rows, lines, rowsAtMost: async () => 1 };
}

const endOf = (shard: LogShard): LogPosition => ({ receivedAt: shard.untilAt, shard: shard.shard, row: 0 });

const overlaps = (shard: LogShard, filter: LogFilter): boolean => filter.receivedFrom === undefined || shard.untilAt >= filter.receivedFrom;

/** All rows of a task's shard stand at one time: a cursor at that time in a lower shard has left this one behind. */
const isAbove = (shard: LogShard, before: LogPosition | null): boolean =>
  before !== null &&
  shard.task !== null &&
  (shard.startedAt > before.receivedAt || (shard.startedAt === before.receivedAt && shard.shard > before.shard));

/** A number within a task can only be in the shard that its hash names; other shards of that task need not be asked. */
async function thatCanHold(store: LogShardStore, filter: LogFilter, found: readonly LogShard[]): Promise<readonly LogShard[]> {
  const { to } = filter;
  if (to === undefined) return found;
  const tasks = new Set(found.flatMap(({ task }) => (task === null ? [] : [task])));
  const homes = homesOf(await store.ofTasks([...tasks]), to);
  return found.filter(({ shard, task }) => task === null || homes.has(shard));
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

function liveShard(objects: Objects, { shard, startedAt, untilAt }: LogShard, filter: LogFilter): LogSegment {
  const own = shardFilterOf(filter);
  return {
    shard,
    startedAt,
    untilAt,
    page: async (before, limit) =>
      unsealed(await objects.shard(shard).page(below(own, shard, before), before?.shard === shard ? before.row : null, limit)),
    rows: async (after, maxRows) => unsealed(await objects.shard(shard).rowsAfter(own, after, maxRows)),
    lines: async (after, maxRows, format) => unsealed(await objects.shard(shard).exportLines(own, after, maxRows, format)),
    rowsAtMost: async () => (await objects.shard(shard).totals()).rows,
  };
}

/** Rows of the position's own shard are bounded by their number; rows of others by time, and at the same time by the shards' order. */
function below(filter: ShardFilter, shard: ShardNumber, before: LogPosition | null): ShardFilter {
  if (before === null || before.shard === shard) return filter;
  const until = shard < before.shard ? before.receivedAt + 1 : before.receivedAt;
  return { ...filter, receivedUntil: Math.min(filter.receivedUntil ?? Infinity, until) };
}
