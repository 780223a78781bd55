/** The built platform in processes of its own with a carrier beside it, and the steps that every figure needs. */
import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { TaskView } from '../schema/console';
import type { ExportView } from '../schema/exports';
import type { TaskId } from '../schema/ids';
import { ENDED_TASK_STATES, FINAL_MESSAGE_STATES, type MessageState, type TaskState } from '../schema/states';
import { contentOf, startJourney, until, type Journey } from '../tests/journeys/support/journey';
import { freePort } from '../tests/support/server';
import type { Meter } from '../workers/gateways/meter';
import { processListeningOn } from './process';

export const TEXT = 'Hi {{name}}, your early access opens at 20:00. Code {{code}} gives 15% off. Reply STOP to opt out.';
/** Nothing in a benchmark takes longer; what does is stuck. */
export const STEP_LIMIT_MS = 20 * 60_000;

export interface BenchPlatform extends Journey {
  /** Process id of the workerd that runs the platform. */
  readonly pid: number;
  readonly inspectorPort: number;
}

async function expectOk(answer: Response): Promise<Response> {
  if (!answer.ok) throw new Error(`${answer.url} answered ${answer.status}: ${await answer.text()}`);
  return answer;
}

/** A fresh platform for as long as somebody needs it. */
export async function withPlatform<T>(use: (platform: BenchPlatform) => Promise<T>): Promise<T> {
  const inspectorPort = await freePort();
  const journey = await startJourney({ INSPECTOR_PORT: String(inspectorPort) });
  try {
    return await use({ ...journey, pid: await processListeningOn(journey.platform.port), inspectorPort });
  } finally {
    await journey.stop();
  }
}

/** What the code has counted since the platform began. */
export async function readMeter({ platform }: BenchPlatform): Promise<Meter> {
  const answer = await expectOk(await fetch(`${platform.url}/local/meter`));
  return answer.json<Meter>();
}

export interface CheckedTask {
  readonly id: TaskId;
  readonly view: TaskView;
  /** From the call of createTask to the end of the check as the task itself dates it. */
  readonly checkMs: number;
}

export async function checkFile(platform: BenchPlatform, path: string, key = platform.key): Promise<CheckedTask> {
  const { client } = platform;
  const file = await open(path);
  const upload = await client.upload(basename(path), (await stat(path)).size, async (start, end) => {
    const bytes = new Uint8Array(end - start);
    await file.read(bytes, 0, bytes.length, start);
    return bytes;
  });
  await file.close();
  const startedAt = Date.now();
  const id = await client.createTask({ ...contentOf(platform, upload, TEXT), key, name: `Benchmark ${basename(path)}` });
  const over = new Set<TaskState>(['checked', 'refused', 'cancelled']);
  const view = await until(
    'the check',
    STEP_LIMIT_MS,
    () => client.task(id),
    ({ state }) => over.has(state),
  );
  const { finishedAt } = view.check;
  if (view.state !== 'checked' || finishedAt === null) throw new Error(`the check ended as ${view.state}: ${view.refusalText ?? ''}`);
  return { id, view, checkMs: finishedAt - startedAt };
}

const ENDED: ReadonlySet<TaskState> = new Set(ENDED_TASK_STATES);
export const hasEnded = ({ state }: TaskView): boolean => ENDED.has(state);

export const countIn = (view: TaskView, states: readonly MessageState[]): number =>
  states.reduce((total, state) => total + (view.sending.byState[state] ?? 0), 0);

/** @throws Error unless every valid row has one final message. */
export function expectAllFinal(view: TaskView): void {
  const final = countIn(view, FINAL_MESSAGE_STATES);
  const { valid } = view.check.totals;
  if (final !== valid) throw new Error(`${final} of ${valid} messages are final`);
}

/**
 * Puts every row of a file into the log without sending it: checked, confirmed and stopped at once, so that it ends as cancelled. With the test
 * key, because the demo tenant's balance does not hold a million messages.
 */
export async function fillLog(platform: BenchPlatform, path: string): Promise<CheckedTask> {
  const { client } = platform;
  const { keys } = await client.formOptions();
  const checked = await checkFile(platform, path, keys.find(({ test }) => test)?.id);
  await client.confirm(checked.id);
  await expectOk(await client.request('POST', `/api/tasks/${checked.id}/stop`));
  await until('stopping', STEP_LIMIT_MS, () => client.task(checked.id), hasEnded);
  return checked;
}

export interface MadeExport {
  readonly view: ExportView;
  /** From the call to the end as the export itself dates it. */
  readonly exportMs: number;
}

export async function exportLog({ client }: BenchPlatform, task: TaskId): Promise<MadeExport> {
  const startedAt = Date.now();
  const { id } = await client.startLogExport(task);
  const view = await until(
    'the export',
    STEP_LIMIT_MS,
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
