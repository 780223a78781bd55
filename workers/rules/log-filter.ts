/** Does a message belong to what a log filter asks for? The same answer that a shard gives in SQL; used where one message is named. */
import type { LogFilter } from '../../schema/console';
import type { LogRow, ShardFilter } from '../../schema/protocol/message-shard';

/** Everything except `message`, which named the row, and `user`, which chose its shard; `taskName` is asked as part of a name. */
export function matchesLogFilter(row: LogRow, filter: LogFilter): boolean {
  if (filter.kind !== undefined && row.kind !== filter.kind) return false;
  if (filter.task !== undefined && row.task !== filter.task) return false;
  if (filter.taskName !== undefined && !(row.taskName ?? '').toLowerCase().includes(filter.taskName.toLowerCase())) return false;
  if (filter.key !== undefined && row.key !== filter.key) return false;
  if (filter.to !== undefined && row.to !== filter.to) return false;
  if (filter.from !== undefined && row.from !== filter.from) return false;
  if (filter.states !== undefined && filter.states.length > 0 && !filter.states.includes(row.state)) return false;
  if (filter.countries !== undefined && filter.countries.length > 0 && !filter.countries.includes(row.country)) return false;
  if (filter.receivedFrom !== undefined && row.receivedAt < filter.receivedFrom) return false;
  return filter.receivedUntil === undefined || row.receivedAt < filter.receivedUntil;
}

/** The part of a log filter that a shard answers; the rest chooses shards. */
export function shardFilterOf(filter: LogFilter): ShardFilter {
  const { kind: _kind, task: _task, taskName: _taskName, user: _user, message: _message, key: _key, ...shardFilter } = filter;
  return shardFilter;
}

/** The part of a log filter that rows themselves can be held against. */
export function rowFilterOf(filter: LogFilter): LogFilter {
  const { user: _user, message: _message, ...rowFilter } = filter;
  return rowFilter;
}
