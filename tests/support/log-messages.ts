/** Messages in the log of a test tenant, put into real shards the way tasks and the API do it. */
import type { Iso2, KeyId, MessageId, ShardNumber, TaskId } from '../../schema/ids';
import { newTaskId } from '../../schema/ids';
import { CHUNK_MESSAGES } from '../../schema/limits';
import { encodeMessageId } from '../../schema/message-id';
import type { ApiRow, MessageShardApi, OwnContent, SendResult, ShardSettings, TaskRow } from '../../schema/protocol/message-shard';
import type { TrafficKind } from '../../schema/states';
import { addDayShard } from '../../workers/gateways/stores/shards';
import { allotTaskShards, markTaskShardsStarted } from '../../workers/gateways/stores/task-shards';
import { writeTaskRow } from '../../workers/gateways/stores/tasks';
import { shardOf } from '../../workers/rules/shard-choice';
import type { World } from './world';

/** A value in an object takes 2 MB: rows with long texts fill it soon. */
const ROWS_PER_CALL = 300;

export interface TaskWish {
  readonly name?: string;
  readonly text?: string;
  readonly columns?: readonly string[];
  readonly sender?: string;
  readonly shards?: number;
  /** When the task started, ms UTC. */
  readonly at?: number;
  readonly rows: readonly TaskRow[];
}

const PRICE = 30_000;
/** Of a task whose text has no variables. */
export const row = (recipient: number, country = 'CN'): TaskRow => [recipient, country as Iso2, 1, PRICE, null];
/** `count` rows with numbers from `first` on. */
export const manyRows = (count: number, first = 8_613_800_000_000, country = 'CN'): TaskRow[] =>
  Array.from({ length: count }, (_, index) => row(first + index, country));

const settingsOf = (world: World, shard: ShardNumber, rest: Partial<ShardSettings>): ShardSettings => ({
  shard,
  tenant: world.tenant,
  key: world.marketing.id,
  carrierAccount: world.carrierAccount,
  traffic: 'marketing',
  origin: 'task',
  task: null,
  taskName: null,
  sender: world.sender,
  text: '',
  textType: 'auto',
  columns: [],
  callbackUrl: null,
  test: true,
  ...rest,
});

/** A task that started at `at` and is paused since, so that its messages stay as they are. */
export async function addTask(world: World, wish: TaskWish): Promise<{ task: TaskId; shards: readonly ShardNumber[] }> {
  const { database, objects } = world.gateways;
  const { name = 'Autumn sale', text = 'Hello', columns = [], sender = world.sender, shards: count = 1, at = Date.now(), rows } = wish;
  const task = newTaskId();
  await writeTaskRow(database, {
    id: task,
    tenantId: world.tenant,
    kind: 'international',
    name,
    userId: world.actor.user,
    keyId: world.marketing.id,
    uploadId: null,
    sender,
    text,
    state: 'paused',
    createdAt: at,
    startsAt: at,
    startedAt: at,
    endedAt: null,
    rows: rows.length,
    valid: rows.length,
    submitted: 0,
    delivered: 0,
    failed: 0,
    cancelled: 0,
    costMicros: 0,
    countries: [],
    version: 1,
  });
  const shards = await allotTaskShards(database, { tenant: world.tenant, key: world.marketing.id, task, revision: 0, count, at });
  for (const [index, shard] of shards.entries()) {
    const stub = objects.shard(shard);
    await stub.open(settingsOf(world, shard, { task, taskName: name, sender, text, columns }));
    const own = rows.filter(([recipient]) => shardOf(String(recipient), count) === index);
    for (let from = 0; from < own.length; from += ROWS_PER_CALL) {
      await stub.acceptRange(from, [JSON.stringify(own.slice(from, from + ROWS_PER_CALL))]);
    }
    // Calls to one object arrive in order: nothing is released in between.
    await Promise.all([stub.start(at), stub.pause(at)]);
  }
  await markTaskShardsStarted(database, task, 0, at);
  return { task, shards };
}

export interface ApiMessage {
  readonly to: number;
  readonly country?: string;
  readonly text?: string;
  readonly sender?: string;
  readonly ref?: string | null;
}

/** A shard of one key's day. */
export async function addApiShard(
  world: World,
  at: number,
  key: KeyId = world.transactional.id,
  kind: TrafficKind = 'transactional',
): Promise<ShardNumber> {
  const day = new Date(at).toISOString().slice(0, 10);
  const shard = await addDayShard(world.gateways.database, { tenant: world.tenant, key, kind, day }, at);
  await world.gateways.objects.shard(shard).open(settingsOf(world, shard, { key, traffic: kind, origin: 'api' }));
  return shard;
}

/**
 * Messages accepted at `at`. The test itself is their consumer: with outcomes (in order of rows) it sends them all, then the shard pauses,
 * so that its outbox does not.
 */
export async function addApiMessages(
  world: World,
  shard: ShardNumber,
  at: number,
  messages: readonly ApiMessage[],
  outcomes: readonly SendResult['outcome'][] = [],
): Promise<{ ids: readonly MessageId[]; firstRow: number }> {
  const stub = world.gateways.objects.shard(shard);
  const rows = messages.map(({ to, country = 'CN', text = 'Your code is 123456', sender = 'JINMU', ref = null }): ApiRow => [
    to,
    country as Iso2,
    1,
    PRICE,
    JSON.stringify({ text, sender, ref } satisfies OwnContent),
  ]);
  await stub.start(at);
  const accepted = await stub.acceptMessages(JSON.stringify(rows), at, null);
  if (!('chunks' in accepted)) throw new Error('the shard is full');
  const { firstRow, chunks } = accepted;
  for (const [n, chunk] of chunks.entries()) {
    if (outcomes.length > 0) await sendChunk(stub, chunk, outcomes.slice(n * CHUNK_MESSAGES));
  }
  await stub.pause(at);
  return { ids: messages.map((_, index) => encodeMessageId(shard, firstRow + index)), firstRow };
}

async function sendChunk(stub: MessageShardApi, chunk: number, outcomes: readonly SendResult['outcome'][]): Promise<void> {
  let position = 0;
  let results: SendResult[] = [];
  for (;;) {
    const claim = await stub.claim(chunk, position, JSON.stringify(results));
    if (claim.kind === 'none') return;
    results = claim.messages.map(({ row: number }, index) => ({
      row: number,
      outcome: outcomes[position + index] ?? { kind: 'rejected', error: 'none' },
    }));
    position += claim.messages.length;
  }
}
