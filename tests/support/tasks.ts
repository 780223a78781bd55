/** What a user does with a task, through the routes that the console uses. */
import { expect } from 'vitest';
import type { TaskView, UploadView } from '../../schema/console';
import type { TaskId, UploadId } from '../../schema/ids';
import type { TaskContent } from '../../schema/protocol/task-run';
import type { TaskState } from '../../schema/states';
import type { World } from './world';

const WAIT_MS = 25_000;

const bytesOf = (content: string | Uint8Array): Uint8Array => (typeof content === 'string' ? new TextEncoder().encode(content) : content);

/** Uploads a file in its parts and finishes it. */
export async function uploadFile(world: World, content: string | Uint8Array, fileName = 'numbers.csv'): Promise<UploadId> {
  const bytes = bytesOf(content);
  const begun = await world.fetch('/api/uploads', { json: { fileName, size: bytes.length } });
  expect(begun.status).toBe(201);
  const upload = await begun.json<UploadView>();
  for (let part = 1; part <= upload.parts; part++) {
    const body = bytes.slice((part - 1) * upload.partBytes, part * upload.partBytes);
    expect((await world.fetch(`/api/uploads/${upload.id}/parts/${part}`, { method: 'PUT', body })).status).toBe(200);
  }
  expect((await world.fetch(`/api/uploads/${upload.id}/complete`, { method: 'POST' })).status).toBe(200);
  return upload.id;
}

export const contentOf = (world: World, changes: Partial<TaskContent> = {}): TaskContent => ({
  name: 'Autumn sale',
  sender: world.sender,
  text: 'Hello from Jinmu',
  textType: 'auto',
  key: world.marketing.id,
  upload: null,
  checkNumbers: true,
  callbackUrl: null,
  ...changes,
});

export async function createTask(world: World, changes: Partial<TaskContent> = {}): Promise<TaskId> {
  const answer = await world.fetch('/api/tasks', { json: contentOf(world, changes) });
  expect(answer.status).toBe(201);
  return (await answer.json<{ id: TaskId }>()).id;
}

export async function readTask(world: World, id: TaskId): Promise<TaskView> {
  const answer = await world.fetch(`/api/tasks/${id}`);
  expect(answer.status).toBe(200);
  return answer.json();
}

/** Looks until the task is in one of the states. */
export async function untilTask(world: World, id: TaskId, ...states: TaskState[]): Promise<TaskView> {
  const endsAt = Date.now() + WAIT_MS;
  for (;;) {
    const task = await readTask(world, id);
    if (states.includes(task.state)) return task;
    if (Date.now() > endsAt) throw new Error(`the task stays ${task.state} (${task.check.phase})`);
    await new Promise((done) => setTimeout(done, 50));
  }
}

/** A task whose file has been read, or refused. */
export async function checkedTask(
  world: World,
  file: string | Uint8Array,
  changes: Partial<TaskContent> = {},
  fileName?: string,
): Promise<TaskView> {
  const upload = await uploadFile(world, file, fileName);
  const id = await createTask(world, { ...changes, upload });
  return untilTask(world, id, 'checked', 'refused');
}

export const act = (world: World, id: TaskId, action: string, body: unknown = {}): Promise<Response> =>
  world.fetch(`/api/tasks/${id}/${action}`, { json: body });
