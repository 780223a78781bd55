/**
 * Data from before July 2021, from csv into the archive's own form. Every LEGACY_PART_ROWS messages become one archive file of
 * dataset `legacy`. A message is known by the id that the old platform gave it: what was imported before is passed over, so a run that broke off
 * is simply made again, and so is one with more rows. Rows that cannot be taken are told one by one and hold nothing up.
 */
import { createHash } from 'node:crypto';
import type { ShardNumber, TenantId } from '../../schema/ids';
import { LEGACY_ID_HASH_BYTES, LEGACY_PART_ROWS } from '../../schema/limits';
import type { LegacyFileKind } from '../../schema/states';
import { encodeMessageId } from '../../schema/message-id';
import { archiveKey, archivePrefix, shardOfArchiveKey } from '../../schema/storage-keys';
import type { Gateways } from '../gateways';
import { ArchiveFile } from '../gateways/archive-file';
import { addLegacyPart, addLegacyShard, dropUnfinishedShards, knownLegacyIds, ownShards } from '../gateways/stores/legacy';
import { putLegacyTasks } from '../gateways/stores/legacy-tasks';
import {
  isRefusal,
  readLegacyHeader,
  readLegacyMessage,
  readLegacyTask,
  type LegacyMessage,
  type LegacyRefusal,
  type LegacyTask,
} from '../rules/legacy-rows';
import { LegacyTotals } from '../rules/legacy-totals';
import type { LineClass, SharedColumns } from '../rules/log-lines';

type ImportGateways = Pick<Gateways, 'database' | 'files'>;

/** Cells of each row, the titles first. */
export type LegacyFile = AsyncIterable<readonly string[]>;

export interface LegacyOrder {
  readonly tenant: TenantId;
  /** Reads and judges everything and writes nothing. */
  readonly isDryRun: boolean;
  /** @param row number in the file, from 1; the titles are row 1 */
  refuse(row: number, refusal: LegacyRefusal): void;
}

export interface LegacySummary {
  /** New in this run, or what would be. */
  accepted: number;
  /** Messages that were imported before. */
  known: number;
  refused: number;
}

interface NumberedRow<Row> {
  readonly number: number;
  readonly row: Row | LegacyRefusal;
}

/** @throws LegacyHeaderError when its columns can't be used */
async function* judged<Row extends { readonly id: string }>(
  kind: LegacyFileKind,
  rows: LegacyFile,
  read: (columns: readonly string[], cells: readonly string[]) => Row | LegacyRefusal,
): AsyncGenerator<NumberedRow<Row>> {
  let columns: readonly string[] | null = null;
  let number = 0;
  const ids = new Set<string>();
  for await (const cells of rows) {
    number += 1;
    if (columns === null) {
      const header = readLegacyHeader(kind, cells);
      if (isRefusal(header)) throw new LegacyHeaderError(header);
      ({ columns } = header);
      continue;
    }
    if (cells.length === 1 && cells[0] === '') continue;
    const row = read(columns, cells);
    if (isRefusal(row)) yield { number, row };
    else if (ids.has(row.id)) yield { number, row: { column: 'id', reason: 'duplicate' } };
    else {
      ids.add(row.id);
      yield { number, row };
    }
  }
  if (columns === null) throw new LegacyHeaderError({ column: '', reason: 'missing' });
}

export class LegacyHeaderError extends Error {
  readonly refusal: LegacyRefusal;
  constructor(refusal: LegacyRefusal) {
    super(`column ${refusal.column}: ${refusal.reason}`);
    this.name = 'LegacyHeaderError';
    this.refusal = refusal;
  }
}

/** Rows whose ids are looked up in one call. */
const LOOK_UP_ROWS = 10_000;

interface NewMessage {
  readonly hash: string;
  readonly message: LegacyMessage;
}

/** @throws LegacyHeaderError */
export async function importLegacyMessages(gateways: ImportGateways, file: LegacyFile, order: LegacyOrder): Promise<LegacySummary> {
  const summary: LegacySummary = { accepted: 0, known: 0, refused: 0 };
  let unseen: NewMessage[] = [];
  let waiting: NewMessage[] = [];
  const flush = async (): Promise<void> => {
    if (waiting.length > 0 && !order.isDryRun) await writePart(gateways, order.tenant, waiting);
    summary.accepted += waiting.length;
    waiting = [];
  };
  const lookUp = async (): Promise<void> => {
    const known = await knownLegacyIds(
      gateways.database,
      unseen.map(({ hash }) => hash),
    );
    summary.known += known.size;
    for (const one of unseen) {
      if (!known.has(one.hash) && waiting.push(one) === LEGACY_PART_ROWS) await flush();
    }
    unseen = [];
  };
  if (!order.isDryRun) await removeUnfinished(gateways, order.tenant);
  for await (const { number, row } of judged('messages', file, readLegacyMessage)) {
    if (isRefusal(row)) {
      summary.refused += 1;
      order.refuse(number, row);
    } else if (unseen.push({ hash: hashOf(order.tenant, row.id), message: row }) === LOOK_UP_ROWS) await lookUp();
  }
  await lookUp();
  await flush();
  return summary;
}

/** Ids have no spaces, so no two pairs are the same text. */
const hashOf = (tenant: TenantId, id: string): string =>
  createHash('sha256').update(`${tenant} ${id}`).digest().subarray(0, LEGACY_ID_HASH_BYTES).toString('hex');

/** What a run that broke off in the middle of a part left: its number first, so that the part can't be finished after its file has gone. */
async function removeUnfinished({ database, files }: ImportGateways, tenant: TenantId): Promise<void> {
  await dropUnfinishedShards(database, tenant);
  const shardByKey = new Map<string, ShardNumber>();
  for await (const key of files.list(archivePrefix('legacy', tenant))) {
    const shard = shardOfArchiveKey(key);
    if (shard !== null) shardByKey.set(key, shard);
  }
  const kept = await ownShards(database, tenant, [...new Set(shardByKey.values())]);
  await files.remove([...shardByKey].filter(([, shard]) => !kept.has(shard)).map(([key]) => key));
}

async function writePart({ database, files }: ImportGateways, tenant: TenantId, rows: NewMessage[]): Promise<void> {
  const now = Date.now();
  // Within a file a later row was never received earlier: readers count on it.
  rows.sort((a, b) => a.message.receivedAt - b.message.receivedAt);
  const shard = await addLegacyShard(database, tenant, now);
  const revision = 1;
  const key = archiveKey('legacy', tenant, rows[0]?.message.receivedAt ?? now, shard, revision);
  const archive = new ArchiveFile(files, key);
  const classes = new Map<string, LineClass>();
  const shared = new Map<string, SharedColumns>();
  const figures = new LegacyTotals();
  for (const [at, { message }] of rows.entries()) {
    if (archive.isWaiting) await archive.flush();
    const number = at + 1;
    const { id: ref, state, from, to, error, network, body, receivedAt, submittedAt, finalAt } = message;
    const common = { state, from, to, error, network, body, receivedAt, submittedAt, finalAt, ref };
    const lineClass = classOf(classes, message);
    archive.add(number, { id: encodeMessageId(shard, number), lineClass, shared: sharedOf(shared, message), ...common });
    figures.add(message);
  }
  const record = {
    ...(await archive.finish()),
    shard,
    tenantId: tenant,
    dataset: 'legacy',
    file: key,
    revision,
    patches: 0,
    sealedAt: now,
    foldedAt: null,
  } as const;
  await addLegacyPart(database, { record, hashes: rows.map(({ hash }) => hash), totals: figures.totals, reasons: figures.reasons });
}

function classOf(known: Map<string, LineClass>, { country, parts, priceMicros: price }: LegacyMessage): LineClass {
  const name = `${country} ${parts} ${price}`;
  let found = known.get(name);
  if (!found) known.set(name, (found = { country, parts, price }));
  return found;
}

function sharedOf(known: Map<string, SharedColumns>, { task, taskName, key, kind }: LegacyMessage): SharedColumns {
  const name = JSON.stringify([task, taskName, key, kind]);
  let found = known.get(name);
  if (!found) known.set(name, (found = { task, taskName, key, kind }));
  return found;
}

/** Tasks are written over by their id, so importing them again doubles none. @throws LegacyHeaderError */
export async function importLegacyTasks({ database }: ImportGateways, file: LegacyFile, order: LegacyOrder): Promise<LegacySummary> {
  const summary: LegacySummary = { accepted: 0, known: 0, refused: 0 };
  const rows: LegacyTask[] = [];
  for await (const { number, row } of judged('tasks', file, readLegacyTask)) {
    if (isRefusal(row)) {
      summary.refused += 1;
      order.refuse(number, row);
    } else rows.push(row);
  }
  summary.accepted = rows.length;
  if (!order.isDryRun) {
    await putLegacyTasks(
      database,
      rows.map((row) => ({ ...row, tenantId: order.tenant })),
    );
  }
  return summary;
}
