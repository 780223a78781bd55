/** Rows of a task come in by range. Nothing is lost or doubled by a repeat. */
import type { RangeAccepted, TaskRow } from '../../schema/protocol/message-shard';
import { rawRows, rows, run } from '../kit/storage';
import { insertRows } from './insert-rows';
import { NumberSet } from './number-set';
import type { ShardState } from './shard-state';

/** @param slices JSON arrays of TaskRow */
export function acceptRange(state: ShardState, range: number, slices: readonly string[]): RangeAccepted {
  const [known] = rows<{ answer: string }>(state.sql, 'SELECT answer FROM ranges WHERE range = ?', range);
  if (known) return JSON.parse(known.answer) as RangeAccepted;
  // Rows after the start would never be counted by the task, and nobody may bring a discarded revision back.
  if (state.progress.phase !== 'accepting') return { inserted: 0, duplicates: [] };
  const recipients = (state.recipients ??= recipientsSoFar(state));
  const duplicates: number[] = [];
  let inserted = 0;
  let position = 0;
  for (const slice of slices) {
    const fresh: TaskRow[] = [];
    for (const row of JSON.parse(slice) as TaskRow[]) {
      if (recipients.add(row[0])) fresh.push(row);
      else duplicates.push(position);
      position += 1;
    }
    inserted += fresh.length;
    insertRows(state, fresh, null);
  }
  const answer: RangeAccepted = { inserted, duplicates };
  run(state.sql, 'INSERT INTO ranges VALUES (?, ?)', range, JSON.stringify(answer));
  return answer;
}

function recipientsSoFar({ sql }: ShardState): NumberSet {
  const set = new NumberSet();
  for (const [recipient] of rawRows(sql, 'SELECT recipient FROM messages')) set.add(recipient as number);
  return set;
}
