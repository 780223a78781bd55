/** A filter cut to what is below a place in the log. */
import type { ShardNumber } from '../../schema/ids';
import type { ShardFilter } from '../../schema/protocol/message-shard';
import type { LogPosition } from '../rules/log-cursor';

/** Rows of the position's own shard are bounded by their number; rows of others by time, and at the same time by the shards' order. */
export function belowPosition<Filter extends ShardFilter>(filter: Filter, shard: ShardNumber, before: LogPosition | null): Filter {
  if (before === null || before.shard === shard) return filter;
  const until = shard < before.shard ? before.receivedAt + 1 : before.receivedAt;
  return { ...filter, receivedUntil: Math.min(filter.receivedUntil ?? Infinity, until) };
}
