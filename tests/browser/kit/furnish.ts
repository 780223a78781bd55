/** Gives the demo's tenant something in every state that has a look of its own, through the routes that the console uses. */
import type { BrowserContext } from 'playwright-core';
import type { TaskState } from '../../../schema/states';
import type { TestPlatform } from '../../support/server';
import { brazilian, numbersFile, type NumbersFile } from './numbers';
import { until } from './wait';

/** Ids of what was made. */
export interface Furniture {
  readonly tasks: Readonly<Record<TaskLook, string>>;
  readonly message: string;
  /** From before July 2021. */
  readonly legacyMessage: string;
  readonly endpoint: string;
  readonly key: string;
}
type TaskLook = 'draft' | 'checked' | 'scheduled' | 'running' | 'finished' | 'domestic' | 'refused';

const DAY_MS = 24 * 60 * 60 * 1_000;
/** Numbers with a fixed outcome (workers/rules/magic-numbers.ts): failures of each sort, one without any receipt, which keeps its task running. */
const UNHAPPY = ['1002', '1002', '1003', '1009', '1012', '3001', '3002', '2007'].map((ending) => `+1500555${ending}`);
const NEVER_ANSWERED = '+15005553004';

const csv = (name: string, lines: readonly string[]): NumbersFile => ({
  name,
  mimeType: 'text/csv',
  buffer: Buffer.from(`${lines.join('\r\n')}\r\n`),
});
/** 40 numbers of four countries. */
const abroad = (): string[] =>
  Array.from({ length: 10 }, (_row, at) => [
    `${brazilian(at)},Ana,A7K${at}`,
    `+6281234567${String(at).padStart(2, '0')},Budi,B2M${at}`,
    `+65812345${String(at).padStart(2, '0')},Wei Ling,C9P${at}`,
    `+44740012${String(3_000 + at)},Grace,D4R${at}`,
  ]).flat();

export async function furnish(platform: TestPlatform, context: BrowserContext): Promise<Furniture> {
  const ask = async <T>(path: string, data?: unknown): Promise<T> => {
    const url = `${platform.url}/api/${path}`;
    const answer = data === undefined ? await context.request.get(url) : await context.request.post(url, { data });
    if (!answer.ok()) throw new Error(`${path}: ${answer.status()} ${await answer.text()}`);
    return (answer.status() === 204 ? null : await answer.json()) as T;
  };
  const upload = async ({ name, buffer }: NumbersFile): Promise<string> => {
    const { id } = await ask<{ id: string }>('uploads', { fileName: name, size: buffer.byteLength });
    await context.request.put(`${platform.url}/api/uploads/${id}/parts/1`, { data: buffer });
    await ask(`uploads/${id}/complete`, {});
    return id;
  };
  const { keys } = await ask<{ keys: { id: string }[] }>('task-form');
  const key = keys[0]?.id ?? '';
  const make = async (name: string, file: NumbersFile | null, more: object = {}): Promise<string> => {
    const text = 'Hi {{name}}, your early access opens at 20:00. Code {{code}} gives 15% off. Reply STOP to opt out.';
    const content = { name, sender: 'JINMU', text, key, upload: file && (await upload(file)), ...more };
    return (await ask<{ id: string }>('tasks', content)).id;
  };
  const reaches = (id: string, ...states: TaskState[]) =>
    until(
      async () => (await ask<{ state: TaskState }>(`tasks/${id}`)).state,
      (now) => states.includes(now),
    );
  const confirm = async (id: string, startsAt: number | null = null): Promise<void> => {
    await reaches(id, 'checked');
    await ask(`tasks/${id}/confirm`, { startsAt });
  };

  const titles = 'phone,name,code';
  const tasks = {
    draft: await make('黑五预热', null),
    checked: await make('A task with a long name — 一个名字很长的任务', numbersFile('numbers.csv', 20)),
    scheduled: await make('双十二会员预热', csv('members-1212.csv', [titles, ...abroad()])),
    running: await make('Early access, second wave', csv('second-wave.csv', [titles, ...abroad(), `${NEVER_ANSWERED},Nobody,X1`])),
    finished: await make('Early access', csv('first-wave.csv', [titles, ...abroad(), ...UNHAPPY.map((number) => `${number},Sam,E5`)])),
    domestic: await make(
      '新品开售',
      csv('mainland.csv', [titles, '+8613812340001,李雷,A1', '+8613812340002,韩梅梅,A2', '+6581230001,Wei,A3']),
      {
        text: '{{name}}，您好！新品今晚 20:00 开售，优惠码 {{code}}。回T退订',
        domestic: { signature: 'ap_DEM00000000000000002', template: 'ap_DEM00000000000000003' },
      },
    ),
    refused: await make('会员回访', csv('members.xlsx', ['this is no spreadsheet'])),
  };
  await confirm(tasks.scheduled, Date.now() + 2 * DAY_MS);
  for (const id of [tasks.running, tasks.finished, tasks.domestic]) await confirm(id);
  await Promise.all([
    reaches(tasks.checked, 'checked'),
    reaches(tasks.refused, 'refused'),
    reaches(tasks.finished, 'finished'),
    reaches(tasks.domestic, 'finished'),
  ]);

  const firstOf = async (query: string): Promise<string> => (await ask<{ rows: { id: string }[] }>(`messages?${query}`)).rows[0]?.id ?? '';
  const [message, legacyMessage] = [await firstOf(`task=${tasks.finished}`), await firstOf('dataset=legacy')];
  await ask('exports', { kind: 'log', format: 'csv', filter: {}, bom: true });
  await ask('exports', { kind: 'statement', format: 'xlsx', filter: { task: tasks.finished }, bom: true });
  await ask('exports', {
    kind: 'report',
    format: 'xlsx',
    filter: { groupBy: ['country'], from: Date.now() - 30 * DAY_MS, until: Date.now() },
    bom: true,
  });
  const endpoint = await ask<{ id: string }>('webhooks', { url: `${platform.simulator}/nobody-listens-here`, headers: { 'x-token': 'a' } });
  await ask(`webhooks/${endpoint.id}/test`, {});
  for (const text of ['STOP', 'What time do you open on Sunday?', '今晚几点开售？']) {
    await fetch(`${platform.simulator}/control/inbound`, {
      method: 'POST',
      body: JSON.stringify({ from: '447400123999', to: '447700900123', text }),
    });
  }
  return { tasks, message, legacyMessage, endpoint: endpoint.id, key };
}
