/** The main job, through the routes that the console uses: upload, check, confirm, watch, export, compare. */
import { open, stat, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { TaskView } from '../../schema/console';
import { FINAL_MESSAGE_STATES, type MessageState } from '../../schema/states';
import type { DemoLine } from '../platform/local-platform';
import { ConsoleClient } from './console-client';
import { ProgressBar } from './progress-bar';

const POLL_MS = 250;
const TEXT = 'Hi {{name}}, your early access opens at 20:00. Code {{code}} gives 15% off. Reply STOP to opt out.';

export interface JobReport {
  readonly accepted: number;
  readonly final: number;
  readonly simulatorRefs: number;
  readonly simulatorRepeats: number;
  readonly neverSubmitted: number;
  readonly exportedRows: number;
  readonly exportPath: string;
  readonly seconds: { readonly check: number; readonly submit: number; readonly receipts: number; readonly export: number };
}

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
const seconds = (since: number): number => Math.round(performance.now() - since) / 1000;

const sum = (view: TaskView, states: readonly MessageState[]): number =>
  states.reduce((total, state) => total + (view.sending.byState[state] ?? 0), 0);

async function simulatorStats(url: string): Promise<{ distinctRefs: number; repeats: number }> {
  const answer = await fetch(`${url}/stats`);
  return answer.json<{ distinctRefs: number; repeats: number }>();
}

export async function runJob(line: DemoLine, file: string, exportPath: string): Promise<JobReport> {
  const [login] = line.demo.logins;
  const key = line.demo.keys.find(({ kind, test }) => kind === 'marketing' && !test);
  if (!login || !key) throw new Error('the demo data lacks a login or a marketing key');
  const before = await simulatorStats(line.demo.simulator);
  const client = new ConsoleClient(line.demo.url);
  await client.signIn(login, line.demo.mailbox);
  const options = await client.formOptions();
  const keyId = options.keys.find(({ id }) => id === key.baseKey)?.id;
  const sender = options.senders[0]?.value;
  if (!keyId || sender === undefined) throw new Error('the task form offers no key or no sender');

  // Upload and check
  const { size } = await stat(file);
  const handle = await open(file);
  const upload = await client.upload(basename(file), size, async (start, end) => {
    const bytes = new Uint8Array(end - start);
    await handle.read(bytes, 0, bytes.length, start);
    return bytes;
  });
  await handle.close();
  let clock = performance.now();
  const id = await client.createTask({
    name: 'Demo 双十二会员预热',
    sender,
    text: TEXT,
    textType: 'auto',
    key: keyId,
    upload,
    checkNumbers: true,
    callbackUrl: null,
  });
  const checking = new ProgressBar('checked');
  let view = await client.task(id);
  while (view.state === 'checking' || view.state === 'draft') {
    checking.show(view.check.bytesDone, view.check.bytesTotal);
    await pause(POLL_MS);
    view = await client.task(id);
  }
  checking.show(view.check.bytesTotal, view.check.bytesTotal);
  checking.end();
  if (view.state !== 'checked') throw new Error(`the check ended as ${view.state}: ${view.refusalText ?? ''}`);
  const checkSeconds = seconds(clock);
  const { totals } = view.check;
  console.log(
    `  rows ${totals.rows}  valid ${totals.valid}  invalid ${totals.invalid}  duplicates ${totals.duplicates}  blacklisted ${totals.blacklisted}  parts ${totals.parts}  cost €${(totals.costMicros / 1e6).toFixed(2)}  (${checkSeconds} s)`,
  );

  // Confirm and watch
  clock = performance.now();
  await client.confirm(id);
  const submitted = new ProgressBar('submitted');
  const receipts = new ProgressBar('receipts');
  let submitSeconds: number | null = null;
  for (;;) {
    view = await client.task(id);
    const waiting = sum(view, ['accepted', 'queued']);
    const final = sum(view, FINAL_MESSAGE_STATES);
    if (submitSeconds === null) {
      submitted.show(totals.valid - waiting, totals.valid);
      if (waiting === 0) {
        submitSeconds = seconds(clock);
        submitted.end();
      }
    } else receipts.show(final, totals.valid);
    if (view.state === 'finished' || view.state === 'stopped') break;
    await pause(POLL_MS);
  }
  receipts.end();
  const receiptSeconds = seconds(clock);

  // Export
  clock = performance.now();
  let made = await client.startLogExport(id);
  const exporting = new ProgressBar('exported');
  while (made.state === 'queued' || made.state === 'running') {
    exporting.show(made.rows, totals.valid);
    await pause(POLL_MS);
    made = await client.export(made.id);
  }
  if (made.state !== 'ready') throw new Error(`the export ended as ${made.state}: ${made.error ?? ''}`);
  exporting.show(made.rows, totals.valid);
  exporting.end();
  await writeFile(exportPath, await client.exportFile(made.id));
  const exportSeconds = seconds(clock);

  const after = await simulatorStats(line.demo.simulator);
  return {
    accepted: totals.valid,
    final: sum(view, FINAL_MESSAGE_STATES),
    simulatorRefs: after.distinctRefs - before.distinctRefs,
    simulatorRepeats: after.repeats - before.repeats,
    neverSubmitted: sum(view, ['blocked', 'cancelled']),
    exportedRows: made.rows,
    exportPath,
    seconds: { check: checkSeconds, submit: submitSeconds ?? receiptSeconds, receipts: receiptSeconds, export: exportSeconds },
  };
}
