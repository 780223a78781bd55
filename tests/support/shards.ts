/** Shards for tests inside workerd: real objects, opened as the platform opens them. */
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { inject } from 'vitest';
import type { Env } from '../../schema/env';
import { newTaskId, type Iso2, type ShardNumber, type TaskId } from '../../schema/ids';
import type { ApiRow, MessageShardApi, OwnContent, ShardSettings, TaskRow } from '../../schema/protocol/message-shard';
import { shardName } from '../../schema/storage-keys';
import { makeWorld, type World, type WorldWish } from './world';

let last = Math.floor(Math.random() * 1_000_000) * 1_000;

export interface TestShard {
  readonly world: World;
  readonly shard: MessageShardApi;
  readonly settings: ShardSettings;
  readonly task: TaskId;
  /** For runInDurableObject and its kin. */
  readonly stub: DurableObjectStub;
}

export async function openShard(
  wish: Partial<ShardSettings> & { readonly world?: World; readonly carrier?: WorldWish } = {},
): Promise<TestShard> {
  const { world: given, carrier, ...changes } = wish;
  const world = given ?? (await makeWorld({ perSecond: 10_000, restHost: inject('carrierUrl'), ...carrier }));
  const number = changes.shard ?? ((last += 1) as ShardNumber);
  const task = newTaskId();
  const settings: ShardSettings = {
    shard: number,
    tenant: world.tenant,
    key: world.marketing.id,
    carrierAccount: world.carrierAccount,
    traffic: 'marketing',
    origin: 'task',
    task,
    taskName: 'Spring sale',
    sender: world.sender,
    text: 'Hello',
    textType: 'auto',
    columns: [],
    callbackUrl: null,
    test: false,
    ...changes,
  };
  const shard = world.gateways.objects.shard(number);
  await shard.open(settings);
  const stub = (env as unknown as Env).MESSAGE_SHARD.getByName(shardName(number));
  return { world, shard, settings, task, stub };
}

/** A shard of a key's day: its chunks are queued by the caller, so a test that queues nothing is the only consumer. */
export const openApiShard = (wish: Parameters<typeof openShard>[0] = {}): Promise<TestShard> =>
  openShard({ origin: 'api', task: null, taskName: null, text: 'Hello', traffic: 'transactional', ...wish });

export const CN = 'CN' as Iso2;
type RowWish<Content> = Partial<{ parts: number; content: Content }>;
const someRows = <Content>(count: number, from: number, parts: number, content: Content): [number, Iso2, number, number, Content][] =>
  Array.from({ length: count }, (_, at) => [from + at, CN, parts, 31_200, content]);
const FIRST_NUMBER = 8613800000000;

/** `count` rows of a task with numbers of their own. */
export const taskRows = (count: number, from = FIRST_NUMBER, { parts = 1, content = null }: RowWish<TaskRow[4]> = {}): TaskRow[] =>
  someRows(count, from, parts, content);
export const taskRowsJson = (...wish: Parameters<typeof taskRows>): string => JSON.stringify(taskRows(...wish));

const HELLO = JSON.stringify({ text: 'Hello', sender: 'JINMU', ref: null } satisfies OwnContent);
/** `count` messages of the API to numbers of their own. */
export const apiRows = (count: number, from = FIRST_NUMBER, { parts = 1, content = HELLO }: RowWish<ApiRow[4]> = {}): ApiRow[] =>
  someRows(count, from, parts, content);
export const apiRowsJson = (...wish: Parameters<typeof apiRows>): string => JSON.stringify(apiRows(...wish));

/** As if the leases had run out now, and the alarm rang. */
export async function letLeasesRunOut({ stub }: TestShard): Promise<void> {
  await runInDurableObject(stub, (_shard, { storage }) => {
    storage.sql.exec('UPDATE chunks SET deadline = 1 WHERE deadline IS NOT NULL');
  });
  await evictDurableObject(stub);
  await runDurableObjectAlarm(stub);
}

/** Row 1 has waited long enough for its next try: released as the outbox would, without telling the queue. @returns its new chunk */
export async function releaseRetry(stub: DurableObjectStub): Promise<number> {
  const chunk = await runInDurableObject(stub, (_object, { storage }) => {
    storage.sql.exec('UPDATE retries SET due_at = NULL');
    const [{ next } = { next: 0 }] = storage.sql.exec<{ next: number }>('SELECT next_chunk AS next FROM progress').toArray();
    storage.sql.exec(
      "INSERT INTO chunks (number, first, count, list, claimed, handed, deadline) VALUES (?, 1, 1, '[1]', 0, 0, 9e15)",
      next,
    );
    storage.sql.exec('UPDATE progress SET next_chunk = next_chunk + 1');
    return next;
  });
  await evictDurableObject(stub);
  return chunk;
}
