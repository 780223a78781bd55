/** What a running task tells its shards, over the real storage of an object and shards that only remember. */
import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { newRecord, RunStore, type RunRecord } from '../../durable-objects/task-run/record';
import { ShardOrders } from '../../durable-objects/task-run/shard-orders';
import type { Env } from '../../schema/env';
import type { ShardNumber } from '../../schema/ids';
import { ACTIVE_SHARDS } from '../../schema/limits';
import type { MessageShardApi, ShardTotals } from '../../schema/protocol/message-shard';
import type { TaskSettings } from '../../schema/protocol/task-run';

const NOW = 1_790_000_000_000;
const totals = (version: number, done: boolean, delivered = 0): ShardTotals => ({
  rows: 10,
  byState: { delivered, accepted: 10 - delivered },
  costMicros: delivered * 5,
  parts: 10,
  done,
  version,
});

interface Bench {
  readonly store: RunStore;
  readonly orders: ShardOrders;
  /** `start 1`, `pause 2` … in the order in which they arrived. */
  readonly told: string[];
  become(changes: Partial<RunRecord>): void;
  failNext(): void;
}
let objects = 0;

async function withShards(count: number, use: (bench: Bench) => Promise<void>): Promise<void> {
  const stub = (env as unknown as Env).TASK_RUN.getByName(`orders-${objects++}`);
  await runInDurableObject(stub, async (_instance, state) => {
    const told: string[] = [];
    let fails = 0;
    const say = async (order: string, shard: ShardNumber): Promise<void> => {
      if (fails-- > 0) throw new Error('the shard is away');
      told.push(`${order} ${shard}`);
    };
    const shard = (n: ShardNumber): MessageShardApi =>
      ({
        start: () => say('start', n),
        pause: () => say('pause', n),
        stop: () => say('stop', n),
        totals: async () => totals(0, false),
      }) as unknown as MessageShardApi;
    const store = new RunStore(state.storage);
    const record: RunRecord = {
      ...newRecord({} as TaskSettings),
      state: 'running',
      confirmedAt: NOW,
      startedAt: NOW,
      marked: true,
      publishedVersion: 1,
    };
    store.write(record);
    store.addShards(Array.from({ length: count }, (_, at) => (at + 1) as ShardNumber));
    const become = (changes: Partial<RunRecord>): void => void store.write({ ...record, ...changes });
    await use({ store, orders: new ShardOrders(store, { shard }), told, become, failNext: () => void (fails = 1) });
  });
}

describe('the shards of a task', () => {
  it('start a window at a time, and those outside it know that the task has begun', () =>
    withShards(ACTIVE_SHARDS + 2, async ({ orders, told }) => {
      await orders.deliver();
      expect(told.slice(0, ACTIVE_SHARDS).toSorted()).toEqual(
        Array.from({ length: ACTIVE_SHARDS }, (_, at) => `start ${at + 1}`).toSorted(),
      );
      expect(told.slice(ACTIVE_SHARDS)).toEqual([`pause ${ACTIVE_SHARDS + 1}`, `pause ${ACTIVE_SHARDS + 2}`]);
      told.length = 0;
      await orders.deliver();
      expect(told).toEqual([]);
    }));

  it('make room for the next one when they have sent everything, whatever receipts are missing', () =>
    withShards(ACTIVE_SHARDS + 2, async ({ orders, told }) => {
      await orders.deliver();
      told.length = 0;
      expect(orders.note(3 as ShardNumber, totals(5, false, 9), NOW)).toEqual({ makesRoom: false });
      await orders.deliver();
      expect(told).toEqual([]);
      const sent: ShardTotals = { ...totals(6, false), byState: { delivered: 9, submitted: 1 } };
      expect(orders.note(3 as ShardNumber, sent, NOW)).toEqual({ makesRoom: true });
      await orders.deliver();
      expect(told).toEqual([`start ${ACTIVE_SHARDS + 1}`]);
      expect(orders.note(3 as ShardNumber, totals(7, true, 10), NOW)).toEqual({ makesRoom: false });
      await orders.deliver();
      expect(told).toHaveLength(1);
      expect(orders.allDone()).toBe(false);
    }));

  it('are paused, and those of the window started again when it goes on', () =>
    withShards(ACTIVE_SHARDS + 1, async ({ orders, told, become }) => {
      await orders.deliver();
      told.length = 0;
      become({ state: 'paused' });
      await orders.deliver();
      expect(told.toSorted()).toEqual(Array.from({ length: ACTIVE_SHARDS }, (_, at) => `pause ${at + 1}`).toSorted());
      told.length = 0;
      become({ state: 'running' });
      await orders.deliver();
      expect(told.every((order) => order.startsWith('start'))).toBe(true);
      expect(told).toHaveLength(ACTIVE_SHARDS);
    }));

  it('are all stopped, also those that never started', () =>
    withShards(ACTIVE_SHARDS + 3, async ({ orders, told, become }) => {
      await orders.deliver();
      told.length = 0;
      become({ state: 'stopping' });
      await orders.deliver();
      expect(told).toHaveLength(ACTIVE_SHARDS + 3);
      expect(new Set(told).size).toBe(ACTIVE_SHARDS + 3);
    }));

  it('hear an order later when they could not be reached', () =>
    withShards(1, async ({ orders, told, failNext }) => {
      failNext();
      await expect(orders.deliver()).rejects.toThrow('the shard is away');
      expect(told).toEqual([]);
      await orders.deliver();
      expect(told).toEqual(['start 1']);
    }));

  it('are not overwritten by a report that comes late', () =>
    withShards(2, async ({ orders }) => {
      const first = 1 as ShardNumber;
      expect(orders.note(first, totals(7, false, 6), NOW)).not.toBeNull();
      expect(orders.note(first, totals(6, false, 2), NOW)).toBeNull();
      expect(orders.note(first, totals(7, false, 6), NOW)).toBeNull();
      orders.note(2 as ShardNumber, totals(1, true, 10), NOW);
      expect(orders.sums()).toEqual({ sending: { byState: { delivered: 16, accepted: 4 }, costMicros: 80 }, shards: 2, shardsDone: 1 });
    }));
});
