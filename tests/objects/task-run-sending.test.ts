/** A task with more shards than may send at once, from its confirmation to its end: all objects are real. */
import { runDurableObjectAlarm } from 'cloudflare:test';
import { inject, describe, expect, it, vi } from 'vitest';
import { ACTIVE_SHARDS } from '../../schema/limits';
import { receiptsFor, shardedTask, type ShardedTask } from '../support/sharded-task';
import { openShard, taskRowsJson } from '../support/shards';
import { unsealed } from '../support/unsealed';
import { makeWorld } from '../support/world';

const waiting = { timeout: 25_000, interval: 100 };
const SHARDS = ACTIVE_SHARDS + 2;
const slow = { restHost: inject('carrierUrl'), perSecond: 1 };
const fast = { restHost: inject('carrierUrl'), perSecond: 10_000 };
const sendingOf = async ({ run }: ShardedTask) => (await run.snapshot())?.sending;

describe('a task of more shards than may send at once', () => {
  it('stops: what was not sent is cancelled in all of them, and its money is free again', async () => {
    const world = await makeWorld(slow);
    const task = await shardedTask(world, SHARDS, 30);
    expect(await task.run.confirm(null, 1)).toMatchObject({ ok: true });
    expect(await task.run.stop()).toMatchObject({ ok: true });
    await vi.waitFor(async () => {
      // What the carrier took meanwhile is waited for.
      await receiptsFor(task.shards, 'delivered');
      expect((await task.run.snapshot())?.state).toBe('stopped');
    }, waiting);
    const { byState = {}, costMicros } = (await sendingOf(task)) ?? {};
    const { delivered = 0, cancelled = 0 } = byState;
    expect(delivered + cancelled).toBe(SHARDS * 30);
    expect(cancelled).toBeGreaterThan(200);
    await vi.waitFor(async () => {
      const { balanceMicros, reservedMicros } = await world.gateways.objects.ledger(world.tenant).balance();
      expect({ balanceMicros, reservedMicros }).toEqual({ balanceMicros: 1_000_000_000 - (costMicros ?? 0), reservedMicros: 0 });
    }, waiting);
  });

  it('sends all of them though no receipt comes, and is finished when the receipts are there', async () => {
    const world = await makeWorld(fast);
    const task = await shardedTask(world, SHARDS, 3);
    await task.run.confirm(null, 1);
    await vi.waitFor(async () => expect((await sendingOf(task))?.byState).toEqual({ submitted: SHARDS * 3 }), waiting);
    expect((await task.run.snapshot())?.state).toBe('running');
    await receiptsFor(task.shards, 'delivered');
    await vi.waitFor(async () => expect((await task.run.snapshot())?.state).toBe('finished'), waiting);
  });

  it('pays less when receipts after its end say that messages were refused, in the ledger as in the list', async () => {
    const world = await makeWorld(fast);
    const task = await shardedTask(world, 2, 3);
    await task.run.confirm(null, 1);
    await vi.waitFor(async () => expect((await sendingOf(task))?.byState).toEqual({ submitted: 6 }), waiting);
    await receiptsFor(task.shards, 'unknown');
    await vi.waitFor(async () => expect((await task.run.snapshot())?.state).toBe('finished'), waiting);
    const paid = async () => {
      const { balanceMicros, reservedMicros } = await world.gateways.objects.ledger(world.tenant).balance();
      const listed = await world.gateways.tenant(world.tenant).tasks.find(task.id);
      return { spent: 1_000_000_000 - balanceMicros, reservedMicros, listed: listed?.costMicros };
    };
    const { costMicros } = task;
    await vi.waitFor(async () => expect(await paid()).toEqual({ spent: costMicros, reservedMicros: 0, listed: costMicros }), waiting);
    await receiptsFor(task.shards.slice(0, 1), 'rejected', 'unknown');
    const half = costMicros / 2;
    await vi.waitFor(async () => expect(await paid()).toEqual({ spent: half, reservedMicros: 0, listed: half }), waiting);
  });

  it('has the rows of those that wait in the log and in the totals, as accepted when the task began', async () => {
    const world = await makeWorld(slow);
    const task = await shardedTask(world, SHARDS, 30);
    await task.run.confirm(null, 1);
    const startedAt = (await task.run.snapshot())?.startedAt;
    const last = task.shards.at(-1);
    const rows = unsealed((await last?.page({}, null, 100)) ?? []);
    expect(rows).toHaveLength(30);
    expect(rows[0]).toMatchObject({ state: 'accepted', receivedAt: startedAt });
    // No range may add to them any more.
    expect(await last?.acceptRange(1, ['[[8613900000000,"CN",1,31200,null]]'])).toEqual({ inserted: 0, duplicates: [] });
    await task.run.stop();
  });
});

it('a shard that is stopped before its turn came cancels all its rows', async () => {
  const { shard, stub } = await openShard();
  await shard.acceptRange(0, [taskRowsJson(10)]);
  await shard.stop(5_000);
  await runDurableObjectAlarm(stub);
  expect(await shard.totals()).toMatchObject({ byState: { cancelled: 10 }, costMicros: 0, done: true });
  expect(await shard.find(1)).toMatchObject({ state: 'cancelled', receivedAt: 5_000 });
});
