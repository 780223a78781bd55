/** The built platform in processes of its own with a carrier beside it, and the steps that every figure needs. */
import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { ExportView, TaskView } from '../schema/console';
import type { KeyId, TaskId } from '../schema/ids';
import { FINAL_MESSAGE_STATES, type MessageState, type TaskState } from '../schema/states';
import { ConsoleClient } from '../scripts/demo/console-client';
import { startPlatform } from '../tests/support/server';
import type { Meter } from '../workers/gateways/meter';
import type { KnobsInput } from '../workers/simulator/knobs';
import { serveSimulator } from '../workers/simulator/serve';
import { processListeningOn } from './process-memory';

export const TEXT = 'Hi {{name}}, your early access opens at 20:00. Code {{code}} gives 15% off. Reply STOP to opt out.';
/** Nothing in a benchmark takes longer; what does is stuck. */
const STEP_LIMIT_MS = 20 * 60_000;
const POLL_MS = 200;

export interface BenchPlatform {
  readonly client: ConsoleClient;
  readonly carrierUrl: string;
  readonly sender: string;
  readonly key: KeyId;
  /** Process id of the workerd that runs the platform. */
  readonly pid: number;
  turnCarrier(knobs: Partial<KnobsInput>): Promise<void>;
  readMeter(): Promise<Meter>;
  stop(): Promise<void>;
}

async function expectOk(answer: Response): Promise<Response> {
  if (!answer.ok) throw new Error(`${answer.url} answered ${answer.status}: ${await answer.text()}`);
  return answer;
}

async function startBenchPlatform(): Promise<BenchPlatform> {
  const carrier = await serveSimulator();
  const platform = await startPlatform({ carrierUrl: carrier.url }).catch(async (thrown: unknown) => {
    await carrier.stop();
    throw thrown;
  });
  const stop = async (): Promise<void> => {
    await platform.stop();
    await carrier.stop();
  };
  const turnCarrier = async (knobs: Partial<KnobsInput>): Promise<void> => {
    await expectOk(await fetch(`${carrier.url}/control`, { method: 'PATCH', body: JSON.stringify(knobs) }));
  };
  try {
    await turnCarrier({ receiptUrl: `${platform.url}/carriers/vonage/receipts` });
    const [login] = platform.line.demo.logins;
    const marketing = platform.line.demo.keys.find(({ kind, test }) => kind === 'marketing' && !test);
    if (!login || !marketing) throw new Error('the demo data lacks a login or a marketing key');
    const client = new ConsoleClient(platform.url);
    await client.signIn(login, platform.mailbox);
    const { keys, senders } = await client.formOptions();
    const key = keys.find(({ id }) => id === marketing.baseKey)?.id;
    const sender = senders[0]?.value;
    if (!key || sender === undefined) throw new Error('the task form offers no key or no sender');
    return {
      client,
      carrierUrl: carrier.url,
      sender,
      key,
      pid: await processListeningOn(platform.port),
      turnCarrier,
      readMeter: async () => {
        const answer = await expectOk(await fetch(`${platform.url}/local/meter`));
        return answer.json<Meter>();
      },
      stop,
    };
  } catch (thrown) {
    await stop();
    throw thrown;
  }
}

/** A fresh platform for as long as somebody needs it. */
export async function withPlatform<T>(use: (platform: BenchPlatform) => Promise<T>): Promise<T> {
  const platform = await startBenchPlatform();
  try {
    return await use(platform);
  } finally {
    await platform.stop();
  }
}

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** Asks again and again, for STEP_LIMIT_MS at most. */
export async function poll<T>(what: string, ask: () => Promise<T>, isOver: (answer: T) => boolean): Promise<T> {
  const giveUpAt = performance.now() + STEP_LIMIT_MS;
  for (;;) {
    const answer = await ask();
    if (isOver(answer)) return answer;
    if (performance.now() > giveUpAt) throw new Error(`${what} did not end in time: ${JSON.stringify(answer).slice(0, 2_000)}`);
    await pause(POLL_MS);
  }
}

export interface CheckedTask {
  readonly id: TaskId;
  readonly view: TaskView;
  /** From the call of createTask to the end of the check as the task itself dates it. */
  readonly checkMs: number;
}

export async function checkFile({ client, key, sender }: BenchPlatform, path: string): Promise<CheckedTask> {
  const file = await open(path);
  const upload = await client.upload(basename(path), (await stat(path)).size, async (start, end) => {
    const bytes = new Uint8Array(end - start);
    await file.read(bytes, 0, bytes.length, start);
    return bytes;
  });
  await file.close();
  const startedAt = Date.now();
  const content = { sender, text: TEXT, textType: 'auto', key, upload, checkNumbers: true, callbackUrl: null } as const;
  const id = await client.createTask({ ...content, name: `Benchmark ${basename(path)}` });
  const over = new Set<TaskState>(['checked', 'refused', 'cancelled']);
  const view = await poll(
    'the check',
    () => client.task(id),
    ({ state }) => over.has(state),
  );
  const { finishedAt } = view.check;
  if (view.state !== 'checked' || finishedAt === null) throw new Error(`the check ended as ${view.state}: ${view.refusalText ?? ''}`);
  return { id, view, checkMs: finishedAt - startedAt };
}

export const countIn = (view: TaskView, states: readonly MessageState[]): number =>
  states.reduce((total, state) => total + (view.sending.byState[state] ?? 0), 0);

/** @throws Error unless every valid row has one final message. */
export function expectAllFinal(view: TaskView): void {
  const final = countIn(view, FINAL_MESSAGE_STATES);
  const { valid } = view.check.totals;
  if (final !== valid) throw new Error(`${final} of ${valid} messages are final`);
}

/** Confirms and stops at once: every row lands in the log as cancelled, none is sent. */
export async function cancelAll({ client }: BenchPlatform, id: TaskId): Promise<void> {
  await client.confirm(id);
  await expectOk(await client.request('POST', `/api/tasks/${id}/stop`));
  await poll(
    'stopping',
    () => client.task(id),
    ({ state }) => state === 'stopped' || state === 'finished',
  );
}

export interface MadeExport {
  readonly view: ExportView;
  /** From the call to the end as the export itself dates it. */
  readonly exportMs: number;
}

export async function exportLog({ client }: BenchPlatform, task: TaskId): Promise<MadeExport> {
  const startedAt = Date.now();
  const { id } = await client.startLogExport(task);
  const view = await poll(
    'the export',
    () => client.export(id),
    ({ state }) => state !== 'queued' && state !== 'running',
  );
  if (view.state !== 'ready' || view.finishedAt === null) throw new Error(`the export ended as ${view.state}: ${view.error ?? ''}`);
  return { view, exportMs: view.finishedAt - startedAt };
}

/** What the code counted between two readings. */
export function meterBetween(before: Meter, after: Meter): Meter {
  const names = Object.keys(after) as (keyof Meter)[];
  return Object.fromEntries(names.map((name) => [name, after[name] - before[name]])) as unknown as Meter;
}
