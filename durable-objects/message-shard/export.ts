/** Rows of a shard as csv lines, oldest first, from wherever the last call stopped. */
import { encodeMessageId } from '../../schema/message-id';
import type { LineFormat, ShardFilter } from '../../schema/protocol/message-shard';
import { messageStateCode } from '../../schema/states';
import { count } from '../../workers/gateways/meter';
import { LogLines } from '../../workers/rules/log-lines';
import { contentOf } from './claim';
import { stateOf } from './message-records';
import { conditionOf } from './read';
import type { ShardState } from './shard-state';

/** An answer of a call may have 32 MiB; bodies of 3,200 characters fill it with few rows. */
const BYTES_MAX = 24 * 1024 * 1024;
/** Rows looked at in one call, so that a filter that matches nothing does not hold the object up. */
const ROWS_LOOKED_AT = 200_000;
const ACCEPTED = messageStateCode('accepted');

type Stored = [
  row: number,
  recipient: number,
  classId: number,
  state: number,
  error: string | null,
  network: string | null,
  acceptedAt: number | null,
  finalAt: number | null,
  content: string | null,
];

export interface ExportedLines {
  readonly bytes: Uint8Array;
  readonly rows: number;
  readonly next: number | null;
}

export function exportLines(state: ShardState, filter: ShardFilter, after: number, maxRows: number, format: LineFormat): ExportedLines {
  const condition = conditionOf(state, filter);
  const { settings, progress } = state;
  if (!condition || !settings) return { bytes: new Uint8Array(), rows: 0, next: null };
  const { shard, task, taskName, key, traffic: kind } = settings;
  const lines = new LogLines({ task, taskName, key, kind }, format);
  const until = after + ROWS_LOOKED_AT;
  // Each column costs time: those that are the same for all rows are not asked for.
  const own = settings.origin === 'api' ? 'accepted_at' : 'NULL';
  const cursor = state.sql.exec(
    `SELECT row, recipient, class, state, error, network, ${own}, final_at, content FROM messages
     WHERE row > ? AND row <= ? AND ${condition.where} ORDER BY row LIMIT ?`,
    after,
    until,
    ...condition.bindings,
    maxRows,
  );
  const waiting = waitingRows(state);
  const receivedAt = progress.startedAt ?? 0;
  const constant = settings.origin === 'task' ? contentOf(settings, null) : null;
  let rows = 0;
  let last = after;
  for (const stored of cursor.raw() as Iterable<Stored>) {
    const [row, recipient, classId, code, error, network, acceptedAt, finalAt, content] = stored;
    const { text, from } = content === null && constant ? constant : contentOf(settings, content);
    const isQueued = code === ACCEPTED && row <= progress.releasedTo && !waiting.has(row);
    const shown = isQueued ? 'queued' : stateOf(code);
    const lineClass = state.classes.of(classId);
    lines.add(
      encodeMessageId(shard, row),
      acceptedAt ?? receivedAt,
      finalAt,
      lineClass,
      from,
      String(recipient),
      shown,
      error,
      network,
      text,
    );
    rows += 1;
    last = row;
    if (lines.length > BYTES_MAX) break;
  }
  count('objectRowsRead', cursor.rowsRead);
  const stoppedEarly = rows === maxRows || lines.length > BYTES_MAX;
  const reached = stoppedEarly ? last : until;
  return { bytes: lines.take(), rows, next: reached >= state.lastRow ? null : reached };
}

function waitingRows(state: ShardState): ReadonlySet<number> {
  if (state.waits.retries.waiting === 0) return new Set();
  return new Set(state.waits.rowsWaiting());
}
