/** A task with many shards and few rows: its check is taken as done, all that comes after it is real. */
import { evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { newRecord, NO_CHECK, RunStore, type RunRecord } from '../../durable-objects/task-run/record';
import { NO_ROWS } from '../../durable-objects/task-run/totals';
import type { Env } from '../../schema/env';
import { newTaskId, type ShardNumber, type TaskId } from '../../schema/ids';
import { decodeMessageId } from '../../schema/message-id';
import type { MessageShardApi, RowReceipt } from '../../schema/protocol/message-shard';
import type { TaskRunApi } from '../../schema/protocol/task-run';
import { taskReference, taskRunName } from '../../schema/storage-keys';
import type { MessageState } from '../../schema/states';
import { allotTaskShards } from '../../workers/gateways/stores/task-shards';
import { openShard, taskRowsJson } from './shards';
import { contentOf } from './tasks';
import { unsealed } from './unsealed';
import type { World } from './world';

const PRICE = 31_200;

export interface ShardedTask {
  readonly id: TaskId;
  readonly run: TaskRunApi;
  readonly numbers: readonly ShardNumber[];
  readonly shards: readonly MessageShardApi[];
  readonly costMicros: number;
}

/** What its TaskRun writes first. */
export const firstRecord = (world: World, task: TaskId): RunRecord =>
  newRecord({
    ...contentOf(world),
    task,
    tenant: world.tenant,
    createdBy: world.actor.user,
    createdAt: Date.now(),
    carrierAccount: world.carrierAccount,
    test: false,
  });

/** Waits for its confirmation, and its cost is held. */
export async function shardedTask(world: World, count: number, rowsEach: number): Promise<ShardedTask> {
  const { database, objects } = world.gateways;
  const now = Date.now();
  const id = newTaskId();
  const numbers = await allotTaskShards(database, { tenant: world.tenant, key: world.marketing.id, task: id, revision: 1, count, at: now });
  const shards: MessageShardApi[] = [];
  for (const [at, shard] of numbers.entries()) {
    const opened = await openShard({ world, shard, task: id });
    await opened.shard.acceptRange(0, [taskRowsJson(rowsEach, 8613800000000 + at * rowsEach)]);
    shards.push(opened.shard);
  }
  const rows = count * rowsEach;
  const costMicros = rows * PRICE;
  const stub = (env as unknown as Env).TASK_RUN.getByName(taskRunName(id));
  await runInDurableObject(stub, (_run, state) => {
    const store = new RunStore(state.storage);
    const totals = { ...NO_ROWS, rows, valid: rows, costMicros };
    store.write({ ...firstRecord(world, id), state: 'checked', check: { ...NO_CHECK, phase: 'done', totals } });
    store.addShards(numbers);
  });
  // It reads what it is when it wakes up.
  await evictDurableObject(stub);
  await objects.ledger(world.tenant).reserve(taskReference(id, 1), costMicros);
  return { id, run: objects.taskRun(id), numbers, shards, costMicros };
}

/** The carrier says the same of everything that is in this state. */
export async function receiptsFor(shards: readonly MessageShardApi[], status: string, of: MessageState = 'submitted'): Promise<void> {
  for (const shard of shards) {
    const rows = unsealed(await shard.page({ states: [of] }, null, 1_000));
    const receipts = rows.map((row): RowReceipt => ({
      row: decodeMessageId(row.id)?.row ?? 0,
      carrierId: 'C',
      status,
      errorCode: null,
      network: null,
      receivedAt: Date.now(),
    }));
    await shard.applyReceipts(JSON.stringify(receipts));
  }
}
