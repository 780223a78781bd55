/** Shards full of finished messages, and what the archive then holds of them. Inside workerd, all of it real. */
import { runDurableObjectAlarm } from 'cloudflare:test';
import { gunzipSync } from 'node:zlib';
import { COUNTED_MESSAGE_STATES, messageStateCode, type MessageState } from '../../schema/states';
import type { Iso2, ShardNumber } from '../../schema/ids';
import type { FinishedRow } from '../../schema/protocol/message-shard';
import { shardTotals } from '../../schema/tables';
import { and, eq } from 'drizzle-orm';
import { parseCsv } from '../../workers/rules/csv';
import { findArchiveFile, findCells, type ArchiveRecord } from '../../workers/gateways/stores/archive-files';
import { openShard, type TestShard } from './shards';
import type { World } from './world';

export const FILLED_AT = Date.UTC(2026, 2, 14, 10);
const COUNTRIES = ['CN', 'FR', 'SG'] as Iso2[];
const STATES: readonly MessageState[] = ['delivered', 'delivered', 'failed', 'delivered', 'unknown', 'expired', 'rejected', 'delivered'];

/** Row number `row` as it is after sending: its state goes round STATES, its country round COUNTRIES. */
export function finishedRow(row: number): FinishedRow {
  const state = STATES[row % STATES.length] ?? 'delivered';
  const country = COUNTRIES[row % COUNTRIES.length] ?? COUNTRIES[0];
  if (!country) throw new Error('no country');
  const error = state === 'delivered' ? null : `${state}_why`;
  return [
    8613800000000 + row,
    country,
    row % 7 === 0 ? 2 : 1,
    31_200,
    null,
    messageStateCode(state),
    error,
    '46000',
    null,
    FILLED_AT + row,
    FILLED_AT + 2 * row,
  ];
}

const ROWS_A_CALL = 5_000;

/** A task's shard whose rows were all sent; D1 and everybody else know it. */
export async function filledShard(rows: number, wish: Parameters<typeof openShard>[0] = {}): Promise<TestShard> {
  const opened = await openShard(wish);
  for (let from = 1; from <= rows; from += ROWS_A_CALL) {
    const count = Math.min(ROWS_A_CALL, rows - from + 1);
    await opened.shard.fill(JSON.stringify(Array.from({ length: count }, (_, at) => finishedRow(from + at))));
  }
  await opened.shard.start(FILLED_AT);
  await runDurableObjectAlarm(opened.stub);
  return opened;
}

export interface Archived {
  readonly record: ArchiveRecord;
  /** Without the header. */
  readonly rows: readonly (readonly string[])[];
}

/** The file that D1 names, read as any tool reads it. */
export async function archived({ gateways }: World, shard: ShardNumber): Promise<Archived> {
  const file = await findArchiveFile(gateways.database, shard);
  if (!file) throw new Error('D1 knows no file of this shard');
  const record = { ...file, cells: await findCells(gateways.database, file) };
  const bytes = await gateways.files.read(record.file);
  if (!bytes) throw new Error('the file is not there');
  const [, ...rows] = parseCsv(new TextDecoder().decode(gunzipSync(bytes)), ',');
  return { record, rows };
}

/** Keys in R2 that belong to a shard. */
export async function archiveKeys({ gateways, tenant }: World): Promise<string[]> {
  const keys: string[] = [];
  for await (const key of gateways.files.list(`archive/current/${tenant}/`)) keys.push(key);
  return keys;
}

/** What D1 adds up for a shard, by state. */
export async function writtenTotals({ gateways }: World, shard: ShardNumber): Promise<Record<string, number>> {
  const found = await gateways.database
    .select()
    .from(shardTotals)
    .where(and(eq(shardTotals.shard, shard), eq(shardTotals.span, 'hour')));
  const byState: Record<string, number> = {};
  for (const cell of found) {
    for (const state of COUNTED_MESSAGE_STATES) if (cell[state] > 0) byState[state] = (byState[state] ?? 0) + cell[state];
  }
  return byState;
}

export function countStates(rows: readonly (readonly string[])[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const row of rows) counts[row[7] ?? ''] = (counts[row[7] ?? ''] ?? 0) + 1;
  return counts;
}
