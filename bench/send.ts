/** Messages a second submitted and settled, with a carrier that answers at once and one that takes 50 ms. */
import { readFile } from 'node:fs/promises';
import type { TaskView } from '../schema/console';
import { until } from '../tests/journeys/support/journey';
import { checkFile, countIn, expectAllFinal, hasEnded, STEP_LIMIT_MS, TEXT, withPlatform, type BenchPlatform } from './bench-platform';
import { percentile, type Report } from './figure';
import { cpuTime } from './process';
import { withRecipients } from './recipient-file';
import { sendInLoop, type BareOrder, type LoopResult } from './references/sdk-loop';

interface SendCase {
  readonly name: string;
  readonly answerDelayMs: number;
  /** Without receipts only the submission is measured: nothing ever settles. */
  readonly receipts: boolean;
  /** Fewer where each takes long: 6 connections at 50 ms make 120 a second. */
  readonly rows: number;
  readonly loopMessages: number;
}
const CASES: readonly SendCase[] = [
  { name: 'carrier at 0 ms', answerDelayMs: 0, receipts: true, rows: 50_000, loopMessages: 10_000 },
  { name: 'carrier at 0 ms, no receipts', answerDelayMs: 0, receipts: false, rows: 50_000, loopMessages: 10_000 },
  { name: 'carrier at 50 ms', answerDelayMs: 50, receipts: true, rows: 3_000, loopMessages: 600 },
];
/** A look costs the platform time as well: seldom enough not to matter. */
const LOOK_EVERY_MS = 500;
const LOOP_LIMIT_MS = 20_000;
const REFERENCE = 'bare loop of SDK sends, 6 at once';

export interface SentTask {
  readonly submitMs: number;
  readonly settleMs: number;
  /** Milliseconds of each look at the task while it was sent: what the console's reader waits. */
  readonly lookMs: readonly number[];
}

/** Confirms a checked task and watches it until every message is final, or, without receipts, until every one is submitted. */
export async function sendTask({ client }: BenchPlatform, checked: TaskView, receipts = true): Promise<SentTask> {
  const id = checked.settings.task;
  const startedAt = performance.now();
  await client.confirm(id);
  let submitMs: number | null = null;
  const lookMs: number[] = [];
  const look = async (): Promise<TaskView> => {
    const askedAt = performance.now();
    const view = await client.task(id);
    lookMs.push(performance.now() - askedAt);
    const begun = Object.keys(view.sending.byState).length > 0;
    if (submitMs === null && begun && countIn(view, ['accepted', 'queued']) === 0) submitMs = performance.now() - startedAt;
    return view;
  };
  const view = await until('the sending', STEP_LIMIT_MS, look, (now) => hasEnded(now) || (!receipts && submitMs !== null), LOOK_EVERY_MS);
  if (receipts) expectAllFinal(view);
  const settleMs = performance.now() - startedAt;
  return { submitMs: submitMs ?? settleMs, settleMs, lookMs };
}

/** What the bare loop sends: the texts that the platform would make of the file's rows. */
async function ordersOf(path: string, messages: number): Promise<readonly BareOrder[]> {
  const lines = (await readFile(path, 'utf8')).split('\n').slice(1, messages + 1);
  return lines.map((line) => {
    const [, name = '', code = ''] = line.split(',');
    // One number for all: the carrier does not care, and no row of the file is a bad one then.
    return { to: '6281212345678', text: TEXT.replace('{{name}}', name).replace('{{code}}', code) };
  });
}

async function measureCase(report: Report, wanted: SendCase, path: string, platform: BenchPlatform): Promise<void> {
  const { name, answerDelayMs, receipts } = wanted;
  const orders = await ordersOf(path, wanted.loopMessages);
  const bareLoop = async (): Promise<LoopResult> => {
    // The platform asks for its receipts itself, in each message; nobody is there to take those of the loop.
    await platform.carrier.control({ answerDelayMs, receiptUrl: null });
    return sendInLoop(platform.carrier.url, orders, LOOP_LIMIT_MS);
  };
  const { view: checked } = await checkFile(platform, path);
  const before = await bareLoop();
  await platform.carrier.control({ outcomes: receipts ? { delivered: 1 } : { missing: 1 } });
  const cpuBefore = await cpuTime(platform.pid);
  const { submitMs, settleMs, lookMs } = await sendTask(platform, checked, receipts);
  const cpuMs = (await cpuTime(platform.pid)) - cpuBefore;
  // Once more, so that a busy machine is as likely to slow the one as the other.
  const after = await bareLoop();
  const messages = checked.check.totals.valid;
  const rate = { unit: 'messages/s', rows: messages, reference: REFERENCE, referenceValue: (before.perSecond + after.perSecond) / 2 };
  report({ figure: `submitted, ${name}`, value: messages / (submitMs / 1_000), ...rate });
  report({
    figure: `CPU of workerd, ${name}`,
    value: (cpuMs * 1_000) / messages,
    unit: 'µs/message',
    rows: messages,
    reference: 'CPU of the bare loop in Node',
    referenceValue: ((before.cpuMs + after.cpuMs) * 1_000) / (before.latenciesMs.length + after.latenciesMs.length),
  });
  if (!receipts) return;
  report({ figure: `settled, ${name}`, value: messages / (settleMs / 1_000), ...rate });
  for (const [share, mark] of [
    [0.5, 'p50'],
    [0.95, 'p95'],
  ] as const) {
    const look = { unit: 'ms', rows: lookMs.length };
    report({ figure: `look at the task meanwhile, ${mark}, ${name}`, value: percentile(lookMs, share), ...look });
    report({
      figure: `bare send, ${mark}, ${name}`,
      value: percentile(after.latenciesMs, share),
      unit: 'ms',
      rows: after.latenciesMs.length,
    });
  }
}

export async function measureSend(report: Report, rowsWanted?: number): Promise<void> {
  for (const wanted of CASES)
    await withRecipients(rowsWanted ?? wanted.rows, async (path) =>
      withPlatform((platform) => measureCase(report, wanted, path, platform)),
    );
}
