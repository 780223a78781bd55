/** A queue delivers at least once, and consumers die: whatever is repeated, the task is the same. */
import { describe, expect, it } from 'vitest';
import { newTaskId, type TaskId } from '../../schema/ids';
import type { TaskRunApi } from '../../schema/protocol/task-run';
import type { Gateways } from '../../workers/gateways';
import { allotTaskShards } from '../../workers/gateways/stores/task-shards';
import { checkRange } from '../../workers/tasks/check-range';
import { splitFile } from '../../workers/tasks/split-file';
import { unpackFile } from '../../workers/tasks/unpack-file';
import { contentOf, readTask, uploadFile } from '../support/tasks';
import { makeWorld, type World } from '../support/world';

const FILE = `number\n${Array.from({ length: 200 }, (_, at) => `86138001${38000 + (at % 150)}`).join('\n')}\nbroken\n`;

/** A task that is being checked, whose steps nobody takes from the queue. */
async function checking(
  world: World,
): Promise<{ id: TaskId; gateways: Gateways; scope: { tenant: World['tenant']; task: TaskId; revision: number } }> {
  const upload = await uploadFile(world, FILE);
  const id = 'T-REPEA-TTTTT'.replace('TTTTT', crypto.randomUUID().slice(0, 5).toUpperCase()) as TaskId;
  const queues = { ...world.gateways.queues, checks: async () => undefined };
  const run = world.gateways.objects.taskRun(id);
  await run.create({
    ...contentOf(world, { upload }),
    task: id,
    tenant: world.tenant,
    createdBy: world.actor.user,
    createdAt: Date.now(),
    carrierAccount: world.carrierAccount,
    test: false,
  });
  return { id, gateways: { ...world.gateways, queues }, scope: { tenant: world.tenant, task: id, revision: 1 } };
}

/** The same gateways, with a TaskRun of which one method does not answer. */
const without = (gateways: Gateways, method: keyof TaskRunApi): Gateways => ({
  ...gateways,
  objects: {
    ...gateways.objects,
    taskRun: (id) =>
      new Proxy(gateways.objects.taskRun(id), {
        get: (target, name) => (name === method ? () => Promise.reject(new Error('lost')) : Reflect.get(target, name)),
      }),
  },
});

describe('a check whose steps are repeated', () => {
  it('finds the same, though the consumer died before it could tell and the blacklist has changed since', async () => {
    const world = await makeWorld();
    const gate = world.gateways.objects.keyGate(world.marketing.id);
    await gate.addNumbers('[8613800138003]', 'user');
    const { id, gateways, scope } = await checking(world);
    // The real consumer runs beside us: what we do by hand, it does as well.
    await gateways.objects.taskRun(id).check();
    await unpackFile(gateways, scope);
    await splitFile(gateways, scope);
    const job = { step: 'range', ...scope, range: 0, start: 0, end: FILE.length } as const;
    await checkRange(without(gateways, 'rangeDone'), job).catch(() => undefined);
    await gate.addNumbers('[8613800138004,8613800138005]', 'user');
    await gate.removeNumbers('[8613800138003]');
    await checkRange(gateways, job);
    await checkRange(gateways, job);
    const task = await readTask(world, id);
    expect(task).toMatchObject({
      state: 'checked',
      check: { totals: { rows: 201, valid: 149, duplicates: 49, blacklisted: 2, invalid: 1 } },
    });
    const answer = await world.fetch(`/api/tasks/${id}/exceptions?limit=200`);
    expect((await answer.json<{ rows: unknown[] }>()).rows).toHaveLength(52);
  });

  it('opens no second set of shards when the split is repeated', async () => {
    const world = await makeWorld();
    const { id, gateways, scope } = await checking(world);
    await gateways.objects.taskRun(id).check();
    await unpackFile(gateways, scope);
    await splitFile(without(gateways, 'splitDone'), scope).catch(() => undefined);
    await splitFile(gateways, scope);
    await splitFile(gateways, scope);
    const counted = await gateways.env.DB.prepare('SELECT COUNT(*) AS shards FROM shards WHERE task_id = ?').bind(id).first('shards');
    expect(counted).toBe(1);
  });

  it('opens no second set of shards when two runs of the split ask at the same moment', async () => {
    const { gateways, tenant, marketing } = await makeWorld();
    const { database, env } = gateways;
    const wanted = { tenant, key: marketing.id, task: newTaskId(), revision: 1, count: 5, at: Date.now() };
    const [first, ...others] = await Promise.all([1, 2, 3].map(() => allotTaskShards(database, wanted)));
    expect(first).toHaveLength(5);
    expect(others).toEqual([first, first]);
    expect(await env.DB.prepare('SELECT COUNT(*) AS shards FROM shards WHERE task_id = ?').bind(wanted.task).first('shards')).toBe(5);
  });
});
