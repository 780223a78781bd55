/** Receipts of messages of several parts, kept until all parts are heard of. */
import { messageStateCode } from '../../schema/states';
import { rawRows, run } from '../kit/storage';
import { stateOf } from './message-records';
import type { PartReceipt } from './receipt-merge';
import type { ShardState } from './shard-state';

type Stored = [number, string, number, string | null, string | null, number];

export function readParts({ sql }: ShardState, rowNumbers: readonly number[]): Map<number, Map<string, PartReceipt>> {
  const found = new Map<number, Map<string, PartReceipt>>();
  if (rowNumbers.length === 0) return found;
  const query = 'SELECT row, carrier_id, state, error, network, at FROM part_receipts WHERE row IN (SELECT value FROM json_each(?))';
  for (const [row, carrierId, code, error, network, at] of rawRows(sql, query, JSON.stringify(rowNumbers)) as Stored[]) {
    let parts = found.get(row);
    if (!parts) found.set(row, (parts = new Map()));
    parts.set(carrierId, { carrierId, state: stateOf(code) as PartReceipt['state'], error, network, at });
  }
  return found;
}

export function writeParts({ sql }: ShardState, changed: readonly (PartReceipt & { readonly row: number })[]): void {
  if (changed.length === 0) return;
  run(
    sql,
    `INSERT INTO part_receipts SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5 FROM json_each(?) WHERE true
     ON CONFLICT (row, carrier_id) DO UPDATE SET state = excluded.state, error = excluded.error, network = excluded.network, at = excluded.at`,
    JSON.stringify(
      changed.map(({ row, carrierId, state, error, network, at }) => [row, carrierId, messageStateCode(state), error, network, at]),
    ),
  );
}
