/** Queue messages that were given up: looked at, queued once more, or dropped. */
import type { Page } from '../../schema/console';
import { AppError } from '../../schema/errors';
import { BlacklistImportJob, CheckJob, ExportJob, ReceiptJob, SendJob } from '../../schema/jobs';
import { PAGE_ROWS } from '../../schema/limits';
import type { DeadLetter, Operator } from '../../schema/operators';
import type { Gateways } from '../gateways';
import { deadLetterPage, dropDeadLetterRow, findDeadLetter, trafficOf } from '../gateways/stores/dead-letters';
import { auditOperator } from './audit';
import { readCursor } from '../rules/number-cursor';

type Needed = Pick<Gateways, 'database' | 'queues'>;

export async function listDeadLetters({ database }: Pick<Needed, 'database'>, cursor: string | null): Promise<Page<DeadLetter>> {
  const found = await deadLetterPage(database, readCursor(cursor), PAGE_ROWS + 1);
  const rows = found.slice(0, PAGE_ROWS);
  return { rows, cursor: found.length > PAGE_ROWS ? String(rows.at(-1)?.id ?? '') : null };
}

/** Every consumer takes a repeat of a job that was done as nothing new. @throws not_found; conflict for a body that is no job of today's */
export async function redrive(gateways: Needed, operator: Operator, id: number, now: number): Promise<void> {
  const letter = await findDeadLetter(gateways.database, id);
  if (!letter) throw new AppError('not_found');
  const job = jobOf(letter.body);
  if (!job || !(await queueAgain(gateways, job))) throw new AppError('conflict');
  // Queued first: a crash in between queues it twice, never not at all.
  await dropDeadLetterRow(gateways.database, id);
  await auditOperator(gateways, operator, { action: 'dead_letter_redriven', subject: String(id), after: { queue: job.queue } }, now);
}

export async function dropDeadLetter(gateways: Needed, operator: Operator, id: number, now: number): Promise<void> {
  const letter = await findDeadLetter(gateways.database, id);
  if (!letter || !(await dropDeadLetterRow(gateways.database, id))) throw new AppError('not_found');
  await auditOperator(
    gateways,
    operator,
    { action: 'dead_letter_dropped', subject: String(id), before: parsed(letter.body) ?? { body: letter.body } },
    now,
  );
}

type KnownJob =
  | { readonly queue: 'checks'; readonly body: CheckJob | BlacklistImportJob }
  | { readonly queue: 'receipts'; readonly body: ReceiptJob }
  | { readonly queue: 'exports'; readonly body: ExportJob }
  | { readonly queue: 'send'; readonly body: SendJob };

/** Which queue it came from is told by its shape. An export's is held by that of a file for a blacklist, so it comes last. */
function jobOf(text: string): KnownJob | null {
  const value = parsed(text);
  const check = CheckJob.safeParse(value);
  if (check.success) return { queue: 'checks', body: check.data };
  const list = BlacklistImportJob.safeParse(value);
  if (list.success) return { queue: 'checks', body: list.data };
  const receipt = ReceiptJob.safeParse(value);
  if (receipt.success) return { queue: 'receipts', body: receipt.data };
  const sending = SendJob.safeParse(value);
  if (sending.success) return { queue: 'send', body: sending.data };
  const exporting = ExportJob.safeParse(value);
  return exporting.success ? { queue: 'exports', body: exporting.data } : null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function queueAgain({ database, queues }: Needed, job: KnownJob): Promise<boolean> {
  switch (job.queue) {
    case 'checks':
      await queues.checks([job.body]);
      return true;
    case 'receipts':
      await queues.receipts([job.body]);
      return true;
    case 'exports':
      await queues.exports([job.body]);
      return true;
    case 'send': {
      const traffic = await trafficOf(database, job.body.shard);
      if (traffic === null) return false;
      await queues.send(traffic, [job.body]);
      return true;
    }
  }
}
