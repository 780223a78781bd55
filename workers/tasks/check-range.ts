import { exceptionsKey } from '../../schema/storage-keys';
import type { CheckPlan, RangeResult } from '../../schema/protocol/task-run';
import type { CheckJob } from '../../schema/jobs';
import type { Gateways } from '../gateways';
import { parseCsv } from '../rules/csv';
import { decodeStrict } from '../rules/text-encoding';
import { exceptionLines } from './exception-lines';
import { isBlank } from './file-head';
import { judgeRows, type BadRow } from './judge-rows';
import { placeRows } from './place-rows';
import { summarise } from './range-summary';
import { screenRange } from './screen-range';

type Needed = Pick<Gateways, 'files' | 'objects'>;

/**
 * Reads one range of the file and places its rows. May die anywhere and be repeated: a shard answers a range that it knows as it did
 * before, the same bad rows are written over the same object, and TaskRun counts a range once.
 */
export async function checkRange(gateways: Needed, job: Extract<CheckJob, { step: 'range' }>): Promise<void> {
  const task = gateways.objects.taskRun(job.task);
  const plan = await task.plan(job.revision, job.range);
  if (plan === null) return;
  await task.rangeDone(job.revision, job.range, await readRange(gateways, plan, job.range));
}

async function readRange(gateways: Needed, plan: CheckPlan, n: number): Promise<RangeResult> {
  const { settings, revision, range, source, hasHeader } = plan;
  if (range === null || source === null) throw new Error('a range belongs to a source');
  const bytes = await gateways.files.read(source.key, { offset: range.start, length: range.end - range.start });
  if (bytes === null) throw new Error('the uploaded file is gone');
  const rows = parseCsv(decode(bytes, source.encoding), source.delimiter);
  const skipped = hasHeader && n === 0 ? rows.findIndex((row) => !isBlank(row)) + 1 : 0;
  const read = skipped === 0 ? rows : rows.slice(skipped);
  const { count, candidates, bad } = judgeRows(settings, plan.columns, plan, read, range.firstLine + skipped);

  const dropped = new Uint8Array(candidates.rows.length);
  const screened = settings.checkNumbers ? await screenRange(gateways, settings, revision, n, candidates, dropped) : [];
  const duplicates = await placeRows(gateways.objects, n, plan.shards, candidates, dropped);
  const all: BadRow[] = [
    ...bad,
    ...screened,
    ...duplicates.map((at): BadRow => ({
      row: candidates.rows[at] ?? 0,
      value: candidates.digits[at] ?? '',
      reason: 'duplicate',
      detail: '',
    })),
  ];
  if (all.length > 0) await gateways.files.write(exceptionsKey(settings.tenant, settings.task, revision, n), exceptionLines(all));
  return summarise(count, candidates, dropped, all);
}

/** What is text in no encoding keeps its line ends and digits; the rows that were hit are refused one by one. */
const decode = (bytes: Uint8Array, encoding: 'utf-8' | 'gb18030'): string =>
  decodeStrict(bytes, encoding)?.text ?? new TextDecoder(encoding, { fatal: false, ignoreBOM: true }).decode(bytes);
