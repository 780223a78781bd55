import { AppError } from '../../schema/errors';
import type { ShardNumber } from '../../schema/ids';
import type { CheckJob } from '../../schema/jobs';
import { CHECK_STEP_MS, CONNECTIONS_PER_INVOCATION, LINE_MAX_BYTES, SPLIT_WINDOW_BYTES, UPLOAD_MAX_ROWS } from '../../schema/limits';
import type { CheckPlan, SourceFile } from '../../schema/protocol/task-run';
import type { Gateways } from '../gateways';
import { isExact } from '../gateways/stores/approvals';
import { allotTaskShards } from '../gateways/stores/task-shards';
import type { Delimiter } from '../rules/csv';
import { finishLineScan, scanLines, startLineScan, type LineRange, type LineScan } from '../rules/line-ranges';
import { shardCount } from '../rules/shard-choice';
import { bindTemplate, parseTemplate } from '../rules/text-variables';
import { columnsOf, HEAD_BYTES, type FileColumns } from './file-head';
import { usedColumns } from './row-messages';

type Needed = Pick<Gateways, 'database' | 'files' | 'objects' | 'queues' | 'tenant'>;
type Scope = Pick<CheckJob, 'tenant' | 'task' | 'revision'>;

/** Windows between two checkpoints. */
const CHECKPOINT_WINDOWS = 8;

/**
 * Cuts the file into ranges at line ends, from the checkpoint on. Works for CHECK_STEP_MS, then queues its next step; what follows
 * the last range (columns, shards) is done in the step that finds it.
 */
export async function splitFile(gateways: Needed, scope: Scope): Promise<void> {
  const task = gateways.objects.taskRun(scope.task);
  const plan = await task.plan(scope.revision);
  if (plan === null || plan.source === null) return;
  const { source } = plan;
  const checkpoint = await task.splitCheckpoint(scope.revision);
  let scan = checkpoint.scanner === null ? startScan(source) : (JSON.parse(checkpoint.scanner) as LineScan);
  let known = checkpoint.ranges;
  const endsAt = Date.now() + CHECK_STEP_MS;
  while (scan.position < source.size) {
    if (Date.now() > endsAt) return gateways.queues.checks([{ step: 'split', ...scope }]);
    const found = await scanWindows(gateways, source, scan);
    scan = found.scan;
    await task.rangesFound(scope.revision, known, found.ranges, JSON.stringify(scan));
    known += found.ranges.length;
  }
  const end = finishLineScan(scan);
  if (end.lines === 0) throw new AppError('file_empty');
  const head = await columns(gateways, source);
  if (end.lines === 1 && head.hasHeader) throw new AppError('file_empty');
  refuseUnknownVariables(plan.settings.text, head.columns);
  if (end.lines > UPLOAD_MAX_ROWS + 1) throw new AppError('file_too_many_rows', { details: { max: UPLOAD_MAX_ROWS } });
  await task.rangesFound(scope.revision, known, end.ranges, JSON.stringify(scan));
  const shards = await openShards(gateways, plan, end.lines);
  const prices = plan.settings.test ? {} : await gateways.tenant(scope.tenant).prices();
  // A tenant held to approved texts has none approved here: by an international task they would go round the approval.
  const mainlandClosed = !plan.settings.domestic && (await isExact(gateways.database, scope.tenant));
  const countries = (await gateways.objects.keyGate(plan.settings.key).settings())?.countries ?? null;
  await task.splitDone(scope.revision, head.columns, head.hasHeader, shards, { prices, mainlandClosed, countries });
}

const startScan = (source: SourceFile): LineScan => startLineScan(source.delimiter as Delimiter, { start: source.bomLength });

/** Some windows, the next being fetched while one is scanned. */
async function scanWindows({ files }: Needed, source: SourceFile, from: LineScan): Promise<{ scan: LineScan; ranges: LineRange[] }> {
  const read = (offset: number): Promise<Uint8Array | null> =>
    offset >= source.size
      ? Promise.resolve(null)
      : files.read(source.key, { offset, length: Math.min(SPLIT_WINDOW_BYTES, source.size - offset) });
  let scan = from;
  const ranges: LineRange[] = [];
  let coming = read(scan.position);
  for (let count = 0; count < CHECKPOINT_WINDOWS && scan.position < source.size; count++) {
    const window = await coming;
    if (window === null || window.length === 0) throw new Error('the uploaded file is gone');
    const next = scan.position + window.length;
    coming = count + 1 < CHECKPOINT_WINDOWS ? read(next) : Promise.resolve(null);
    const outcome = scanLines(scan, window);
    if (!outcome.ok) {
      await coming;
      throw new AppError('file_line_too_long', { details: { line: outcome.line, max: LINE_MAX_BYTES } });
    }
    scan = outcome.scan;
    ranges.push(...outcome.ranges);
  }
  return { scan, ranges };
}

async function columns({ files }: Needed, source: SourceFile): Promise<FileColumns> {
  const head = await files.read(source.key, { offset: 0, length: Math.min(HEAD_BYTES, source.size) });
  if (head === null) throw new Error('the uploaded file is gone');
  return columnsOf(head, source, source.delimiter);
}

/** @throws AppError variable_unknown for the first variable of the text that the file lacks */
function refuseUnknownVariables(text: string, columnNames: readonly string[]): void {
  const template = parseTemplate(text);
  const missing = bindTemplate(template, columnNames).columns.indexOf(-1);
  if (missing >= 0) throw new AppError('variable_unknown', { details: { name: template.names[missing] ?? '' } });
}

async function openShards({ database, objects }: Needed, plan: CheckPlan, lines: number): Promise<ShardNumber[]> {
  const { settings, revision } = plan;
  const { tenant, task, key } = settings;
  const shards = await allotTaskShards(database, { tenant, key, task, revision, count: shardCount(lines), at: Date.now() });
  const waiting = shards.values();
  const open = async (): Promise<void> => {
    for (const shard of waiting) {
      await objects.shard(shard).open({
        shard,
        tenant,
        key,
        carrierAccount: settings.carrierAccount,
        traffic: 'marketing',
        origin: 'task',
        task,
        taskName: settings.name,
        sender: settings.sender,
        text: settings.text,
        textType: settings.textType,
        columns: usedColumns(settings.text),
        callbackUrl: settings.callbackUrl,
        test: settings.test,
      });
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS_PER_INVOCATION }, open));
  return shards;
}
