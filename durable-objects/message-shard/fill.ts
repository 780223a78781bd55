/** Finished rows in bulk, as if they had been sent long ago: for benchmarks and for looking at a full platform. Local runs only. */
import type { FinishedRow, OwnContent } from '../../schema/protocol/message-shard';
import { MESSAGE_STATES } from '../../schema/states';
import { run } from '../kit/storage';
import { hourOf } from './message-records';
import type { ShardState } from './shard-state';

/** Until `start` says when they were received, the shard takes more. */
export function fillRows(state: ShardState, filled: readonly FinishedRow[]): void {
  const { phase } = state.progress;
  if (phase !== 'running' && phase !== 'accepting') throw new Error('only a fresh shard can be filled');
  state.turn('accepting');
  const isApi = state.settings?.origin === 'api';
  const senderOf = (content: string | null): string => (isApi ? ((JSON.parse(content ?? '{}') as Partial<OwnContent>).sender ?? '') : '');
  const values = filled.map(([recipient, country, parts, price, content, code, error, network, acceptedAt, submittedAt, finalAt]) => {
    const { id } = state.classes.find(country, parts, price, senderOf(content));
    state.tallies.add(hourOf(acceptedAt), id, MESSAGE_STATES[code] ?? 'unknown', error, 1);
    return [recipient, id, code, error, network, acceptedAt, submittedAt, finalAt, content];
  });
  run(
    state.sql,
    `INSERT INTO messages (row, recipient, class, state, error, network, accepted_at, submitted_at, final_at, content)
     SELECT ? + key, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7, value ->> 8
     FROM json_each(?)`,
    state.lastRow + 1,
    JSON.stringify(values),
  );
  state.lastRow += values.length;
  state.advance({ startedAt: null, releasedTo: state.lastRow });
}
