/**
 * Data from before July 2021, from csv into the archive's own form (product §4). Every LEGACY_PART_ROWS rows become one archive file of dataset
 * `legacy`; a part that was imported before, known by the hash of its csv and its number, is left alone, so a run that broke off is simply
 * made again. Rows that cannot be taken are told one by one and hold nothing up.
 */
import type { TenantId } from '../../schema/ids';
import { LEGACY_PART_ROWS } from '../../schema/limits';
import { encodeMessageId } from '../../schema/message-id';
import { archiveKey } from '../../schema/storage-keys';
import type { Gateways } from '../gateways';
import { ArchiveFile } from '../gateways/archive-file';
import { addLegacyPart, addLegacyShard, importedPart, putLegacyTasks } from '../gateways/stores/legacy';
import {
  isRefusal,
  readLegacyHeader,
  readLegacyMessage,
  readLegacyTask,
  type LegacyFileKind,
  type LegacyMessage,
  type LegacyRefusal,
  type LegacyTask,
} from '../rules/legacy-rows';
import type { LineClass, SharedColumns } from '../rules/log-lines';

type ImportGateways = Pick<Gateways, 'database' | 'files'>;

export interface LegacyFile {
  /** SHA-256 of its bytes, hex. */
  readonly hash: string;
  /** Cells of each row, the titles first. */
  readonly rows: AsyncIterable<readonly string[]>;
}

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
  /** Of parts that were imported before. */
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
  { rows }: LegacyFile,
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

/** @throws LegacyHeaderError */
export async function importLegacyMessages(gateways: ImportGateways, file: LegacyFile, order: LegacyOrder): Promise<LegacySummary> {
  const summary: LegacySummary = { accepted: 0, known: 0, refused: 0 };
  let part = 0;
  let waiting: LegacyMessage[] = [];
  const flush = async (): Promise<void> => {
    if (waiting.length === 0) return;
    const before = await importedPart(gateways.database, order.tenant, file.hash, part);
    if (before === null && !order.isDryRun) await writePart(gateways, order.tenant, file.hash, part, waiting);
    if (before === null) summary.accepted += waiting.length;
    else summary.known += before;
    part += 1;
    waiting = [];
  };
  for await (const { number, row } of judged('messages', file, readLegacyMessage)) {
    if (isRefusal(row)) {
      summary.refused += 1;
      order.refuse(number, row);
    } else if (waiting.push(row) === LEGACY_PART_ROWS) await flush();
  }
  await flush();
  return summary;
}

async function writePart(
  { database, files }: ImportGateways,
  tenant: TenantId,
  hash: string,
  part: number,
  rows: LegacyMessage[],
): Promise<void> {
  const now = Date.now();
  // Within a file a later row was never received earlier: readers count on it.
  rows.sort((a, b) => a.receivedAt - b.receivedAt);
  const shard = await addLegacyShard(database, tenant, now);
  const revision = 1;
  const key = archiveKey('legacy', tenant, rows[0]?.receivedAt ?? now, shard, revision);
  const archive = new ArchiveFile(files, key);
  const classes = new Map<string, LineClass>();
  const shared = new Map<string, SharedColumns>();
  for (const [at, row] of rows.entries()) {
    if (archive.isWaiting) await archive.flush();
    const number = at + 1;
    const { id: ref, state, from, to, error, network, body, receivedAt, submittedAt, finalAt } = row;
    const common = { state, from, to, error, network, body, receivedAt, submittedAt, finalAt, ref };
    archive.add(number, { id: encodeMessageId(shard, number), lineClass: classOf(classes, row), shared: sharedOf(shared, row), ...common });
  }
  const contents = await archive.finish();
  const record = {
    ...contents,
    shard,
    tenantId: tenant,
    dataset: 'legacy',
    file: key,
    revision,
    patches: 0,
    sealedAt: now,
    foldedAt: null,
  } as const;
  await addLegacyPart(database, record, hash, part);
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
