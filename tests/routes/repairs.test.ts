import { expect, it } from 'vitest';
import { listRow } from '../../durable-objects/task-run/list-row';
import { newTaskId, type TaskId } from '../../schema/ids';
import { SESSION_LIFETIME_MS } from '../../schema/limits';
import type { TaskRunApi } from '../../schema/protocol/task-run';
import type { TaskState } from '../../schema/states';
import { findSession } from '../../workers/gateways/stores/sessions';
import { writeTaskRow } from '../../workers/gateways/stores/tasks';
import { runRepairs } from '../../workers/jobs/repairs';
import { HOUR_MS } from '../../workers/rules/platform-day';
import { wakeTasks } from '../../workers/tasks/wake-tasks';
import { firstRecord } from '../support/sharded-task';
import { makeWorld } from '../support/world';

it('forgets sessions that are over and keeps the others', async () => {
  const { gateways, actor } = await makeWorld();
  const now = Date.now();
  const found = () => findSession(gateways.database, actor.session, actor.user, now);
  await runRepairs(gateways, now);
  expect(await found()).not.toBeNull();
  await runRepairs(gateways, now + SESSION_LIFETIME_MS + 1);
  expect(await found()).toBeNull();
});

it('wakes every task that may need it, however many there are, and no other', async () => {
  const world = await makeWorld();
  const { gateways } = world;
  const now = Date.now();
  const add = async (state: TaskState, startsAt: number | null = null): Promise<TaskId> => {
    const id = newTaskId();
    await writeTaskRow(gateways.database, listRow({ ...firstRecord(world, id), state, startsAt }, { byState: {}, costMicros: 0 }));
    return id;
  };
  const waiting: TaskId[] = [];
  const due: TaskId[] = [];
  for (let n = 0; n < 205; n += 1) {
    waiting.push(await add('scheduled', now + HOUR_MS));
    due.push(await add('running'));
  }
  due.push(await add('scheduled', now), await add('checking'), await add('stopping'));
  waiting.push(await add('draft'), await add('paused'), await add('finished'));
  const woken: TaskId[] = [];
  const taskRun = (id: TaskId) => ({ wake: async () => void woken.push(id) }) as unknown as TaskRunApi;
  await wakeTasks({ ...gateways, objects: { ...gateways.objects, taskRun } }, now);
  expect(due.filter((id) => !woken.includes(id))).toEqual([]);
  expect(waiting.filter((id) => woken.includes(id))).toEqual([]);
});
