/** Messages a second submitted and settled, with a carrier that answers at once and one that takes 50 ms. */
import { readFile } from 'node:fs/promises';
import type { TaskView } from '../schema/console';
import { ENDED_TASK_STATES, type TaskState } from '../schema/states';
import { checkFile, countIn, expectAllFinal, poll, withPlatform, TEXT, type BenchPlatform } from './bench-platform';
import { percentile, type Report } from './figure';
import { withRecipients } from './recipient-file';
import { sendInLoop, type LoopResult } from './references/sdk-loop';

/** Fewer where each takes long: 6 connections at 50 ms make 120 a second. */
const CASES = [
  { answerDelayMs: 0, rows: 50_000, loopMessages: 20_000 },
  { answerDelayMs: 50, rows: 3_000, loopMessages: 1_200 },
] as const;
const LOOP_LIMIT_MS = 20_000;
const ENDED: readonly TaskState[] = ENDED_TASK_STATES;

export interface SentTask {
  readonly view: TaskView;
  readonly submitMs: number;
  readonly settleMs: number;
  /** Milliseconds of each look at the task while it was sent: what the console's reader waits. */
  readonly lookMs: readonly number[];
}

/** Confirms a checked task and watches it until every message is final. */
export async function sendTask({ client }: BenchPlatform, checked: TaskView): Promise<SentTask> {
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
  const view = await poll('the sending', look, ({ state }) => ENDED.includes(state));
  expectAllFinal(view);
  const settleMs = performance.now() - startedAt;
  return { view, submitMs: submitMs ?? settleMs, settleMs, lookMs };
}

async function bareLoop(platform: BenchPlatform, path: string, messages: number): Promise<LoopResult> {
  const lines = (await readFile(path, 'utf8')).split('\n').slice(1, messages + 1);
  const orderOf = (index: number): { to: string; text: string } => {
    const [, name = '', code = ''] = lines[index]?.split(',') ?? [];
    // One number for all: the carrier does not care, and no row of the file is a bad one then.
    return { to: '6281212345678', text: TEXT.replace('{{name}}', name).replace('{{code}}', code) };
  };
  // Without receipts: nobody is there to take them.
  const knobs = await fetch(`${platform.carrierUrl}/control`);
  const { receiptUrl } = await knobs.json<{ receiptUrl: string }>();
  await platform.turnCarrier({ receiptUrl: null });
  try {
    return await sendInLoop(platform.carrierUrl, Math.min(messages, lines.length), LOOP_LIMIT_MS, orderOf);
  } finally {
    await platform.turnCarrier({ receiptUrl });
  }
}

export async function measureSend(report: Report, rowsWanted?: number): Promise<void> {
  for (const { answerDelayMs, rows, loopMessages } of CASES) {
    await withRecipients(rowsWanted ?? rows, async (path) =>
      withPlatform(async (platform) => {
        await platform.turnCarrier({ answerDelayMs });
        const { view: checked } = await checkFile(platform, path);
        const plain = await bareLoop(platform, path, loopMessages);
        const { view, submitMs, settleMs, lookMs } = await sendTask(platform, checked);
        const messages = view.check.totals.valid;
        const name = (what: string): string => `send ${what}, carrier at ${answerDelayMs} ms`;
        const reference = 'bare loop of SDK sends, 6 at once';
        report({
          figure: name('submitted'),
          value: messages / (submitMs / 1_000),
          unit: 'messages/s',
          rows: messages,
          reference,
          referenceValue: plain.perSecond,
        });
        report({
          figure: name('settled'),
          value: messages / (settleMs / 1_000),
          unit: 'messages/s',
          rows: messages,
          reference,
          referenceValue: plain.perSecond,
        });
        report({ figure: name('bare loop, p50'), value: plain.p50Ms, unit: 'ms', rows: plain.sent });
        report({ figure: name('bare loop, p95'), value: plain.p95Ms, unit: 'ms', rows: plain.sent });
        report({ figure: name('look at the task meanwhile, p50'), value: percentile(lookMs, 0.5), unit: 'ms', rows: lookMs.length });
        report({ figure: name('look at the task meanwhile, p95'), value: percentile(lookMs, 0.95), unit: 'ms', rows: lookMs.length });
      }),
    );
  }
}
