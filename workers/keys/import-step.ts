/**
 * One step of reading a file into the blacklist of a key. The file is made csv, then all its lines are counted, then their numbers are
 * added, window by window, never more than one of them in memory. A step may die anywhere and be repeated, even beside another one: the
 * windows lie where they lay, the gate adds each once, and the figures are absolute.
 */
import { AppError } from '../../schema/errors';
import type { BlacklistImportJob } from '../../schema/jobs';
import { BLACKLIST_FILE_LINES_MAX, CHECK_STEP_MS, LINE_MAX_BYTES, RANGE_BYTES } from '../../schema/limits';
import type { SourceFile } from '../../schema/protocol/task-run';
import { importedBookKey, importedCsvKey, uploadKey } from '../../schema/storage-keys';
import type { Gateways } from '../gateways';
import type { BlacklistImportRow } from '../gateways/stores/blacklist-imports';
import { DELIMITERS } from '../rules/csv';
import { finishLineScan, scanLines, startLineScan, type LineRange, type LineScan } from '../rules/line-ranges';
import { columnsOf, HEAD_BYTES } from '../tasks/file-head';
import { unpackSource } from '../tasks/unpack-source';
import { judgeNumbers } from './judge-numbers';

type Needed = Pick<Gateways, 'files' | 'objects' | 'queues' | 'tenant'>;
type Figures = Pick<BlacklistImportRow, 'lines' | 'added' | 'refused' | 'named'>;

/** One step's work on one import. */
interface Step {
  readonly gateways: Needed;
  readonly row: BlacklistImportRow;
  readonly source: SourceFile;
  readonly endsAt: number;
}

/** A file that cannot be read ends its import; anything else is tried again by the queue. */
export async function runImportStep(gateways: Needed, job: BlacklistImportJob): Promise<void> {
  const { blacklistImports } = gateways.tenant(job.tenant);
  const row = await blacklistImports.find(job.id);
  if (row?.state !== 'running') return;
  try {
    const ended = await proceed(gateways, row);
    if (!ended) return await gateways.queues.checks([job]);
    await blacklistImports.finish(job.id, 'done', null, Date.now());
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    await blacklistImports.finish(job.id, 'failed', { code: thrown.code, details: thrown.details ?? {} }, Date.now());
  }
  await gateways.files.remove([importedCsvKey(row.tenantId, row.id), importedBookKey(row.tenantId, row.id)]);
}

/** @returns whether the whole file has been read */
async function proceed(gateways: Needed, row: BlacklistImportRow): Promise<boolean> {
  const endsAt = Date.now() + CHECK_STEP_MS;
  const { checkpoint } = row;
  const source = checkpoint?.source ?? (await unpack(gateways, row));
  const step: Step = { gateways, row, source, endsAt };
  const scan = checkpoint === null || checkpoint.scan === null ? startOf(source) : (JSON.parse(checkpoint.scan) as LineScan);
  if (checkpoint?.phase === 'adding') return addNumbers(step, scan);
  return (await countLines(step, scan)) && addNumbers(step, startOf(source));
}

function startOf({ delimiter, bomLength }: SourceFile): LineScan {
  return startLineScan(DELIMITERS.find((known) => known === delimiter) ?? ',', { start: bomLength });
}

async function unpack({ files, tenant }: Needed, { id, tenantId, uploadId, fileName }: BlacklistImportRow): Promise<SourceFile> {
  const packed = {
    upload: uploadKey(tenantId, uploadId),
    fileName,
    csv: importedCsvKey(tenantId, id),
    innerBook: importedBookKey(tenantId, id),
  };
  return unpackSource(files, packed, (bytesDone, bytesTotal) =>
    tenant(tenantId).blacklistImports.progress(id, { bytesDone, bytesTotal }, Date.now()),
  );
}

/** @throws AppError file_empty, file_line_too_long, file_too_many_rows: before the first number was added */
async function countLines(step: Step, from: LineScan): Promise<boolean> {
  const { source, endsAt } = step;
  let scan = from;
  while (scan.position < source.size) {
    if (Date.now() > endsAt) return false;
    scan = (await nextWindow(step, scan)).scan;
    await remember(step, 'counting', scan, scan.position);
  }
  const { lines } = finishLineScan(scan);
  // One more may be the title.
  if (lines > BLACKLIST_FILE_LINES_MAX + 1) throw new AppError('file_too_many_rows', { details: { max: BLACKLIST_FILE_LINES_MAX } });
  const { hasHeader } = await columns(step);
  if (lines === 0 || (lines === 1 && hasHeader)) throw new AppError('file_empty');
  await remember(step, 'adding', null, 0);
  return true;
}

async function addNumbers(step: Step, from: LineScan): Promise<boolean> {
  const { source, row, endsAt } = step;
  const { hasHeader } = await columns(step);
  let figures: Figures = from.position === source.bomLength ? { lines: 0, added: 0, refused: 0, named: [] } : row;
  let scan = from;
  while (scan.position < source.size) {
    if (Date.now() > endsAt) return false;
    const found = await nextWindow(step, scan);
    scan = found.scan;
    const isEnd = scan.position >= source.size;
    for (const range of isEnd ? [...found.ranges, ...finishLineScan(scan).ranges] : found.ranges) {
      figures = await addRange(step, range, hasHeader, figures);
    }
    await remember(step, 'adding', scan, scan.position, figures);
  }
  return true;
}

async function addRange({ gateways, row, source }: Step, range: LineRange, hasHeader: boolean, before: Figures): Promise<Figures> {
  const bytes = await gateways.files.read(source.key, { offset: range.start, length: range.end - range.start });
  if (bytes === null) throw new AppError('gone');
  const judged = judgeNumbers(bytes, source, range.firstLine, hasHeader && range.start === source.bomLength, before.named);
  const { added } = await gateways.objects.keyGate(row.keyId).importNumbers(row.id, range.end, judged.recipientsJson);
  return { lines: before.lines + judged.lines, added, refused: before.refused + judged.refused, named: judged.named };
}

async function nextWindow({ gateways, source }: Step, scan: LineScan): Promise<{ scan: LineScan; ranges: LineRange[] }> {
  const length = Math.min(RANGE_BYTES, source.size - scan.position);
  const window = await gateways.files.read(source.key, { offset: scan.position, length });
  if (window === null || window.length === 0) throw new AppError('gone');
  const outcome = scanLines(scan, window);
  if (!outcome.ok) throw new AppError('file_line_too_long', { details: { line: outcome.line, max: LINE_MAX_BYTES } });
  return outcome;
}

async function columns({ gateways, source }: Step): Promise<{ readonly hasHeader: boolean }> {
  const head = await gateways.files.read(source.key, { offset: 0, length: Math.min(HEAD_BYTES, source.size) });
  if (head === null) throw new AppError('gone');
  return columnsOf(head, source, source.delimiter);
}

function remember(
  { gateways, row, source }: Step,
  phase: 'counting' | 'adding',
  scan: LineScan | null,
  bytesDone: number,
  figures: Partial<Figures> = {},
): Promise<void> {
  const checkpoint = { phase, source, scan: scan && JSON.stringify(scan) };
  return gateways
    .tenant(row.tenantId)
    .blacklistImports.progress(row.id, { ...figures, checkpoint, bytesDone, bytesTotal: source.size }, Date.now());
}
