import {
  abortAllDurableObjects,
  createExecutionContext,
  createMessageBatch,
  evictDurableObject,
  getQueueResult,
  runDurableObjectAlarm,
  runInDurableObject,
} from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, inject, it, vi } from 'vitest';
import { Carriers } from '../../durable-objects/message-shard/carriers';
import { Trouble } from '../../durable-objects/message-shard/trouble';
import type { Env } from '../../schema/env';
import type { CarrierAccountId, MessageId, ShardNumber } from '../../schema/ids';
import { CHUNK_MESSAGES, CLAIM_MESSAGES, MESSAGES_PER_INVOCATION } from '../../schema/limits';
import { decodeMessageId } from '../../schema/message-id';
import type { MessageShardApi, SendResult, ShardTotals } from '../../schema/protocol/message-shard';
import { shardName } from '../../schema/storage-keys';
import { consumeBatch } from '../../workers/jobs/dispatch';
import { changeKeyRow } from '../../workers/gateways/stores/service-desk';
import { acceptMessages } from '../../workers/messages/accept';
import { unsealed } from '../support/unsealed';
import { connectFakeCarrier } from '../support/fake-carrier-client';
import { apiRowsJson, CN, openApiShard, openShard, taskRows, taskRowsJson } from '../support/shards';
import { addCarrier, makeWorld, worldGateways, type World } from '../support/world';

const bindings = env as unknown as Env;
const carrier = connectFakeCarrier(inject('carrierUrl'));
const waiting = { timeout: 25_000, interval: 50 };
/** Recipients of the fake carrier with a fixed outcome. */
const magic = (code: number): number => 1_500_555_0000 + code;

const counts = async (shard: MessageShardApi): Promise<ShardTotals['byState']> => (await shard.totals()).byState;
const sumOf = (byState: ShardTotals['byState']): number => Object.values(byState).reduce((sum, count) => sum + count, 0);
/** What the carrier took of one shard, by row. */
async function takenOf(shard: ShardNumber): Promise<number[]> {
  const messages = await carrier.messages({ limit: 10_000 });
  return messages.flatMap(({ clientRef }) => {
    const home = clientRef === null ? null : decodeMessageId(clientRef);
    return home?.shard === shard ? [home.row] : [];
  });
}
async function deliver(jobs: readonly { shard: ShardNumber; chunk: number }[], queue = 'jmc-send-transactional') {
  const batch = createMessageBatch(
    queue,
    jobs.map((body, index) => ({ id: `${index}`, timestamp: new Date(), attempts: 1, body })),
  );
  await consumeBatch(batch, bindings);
  return await getQueueResult(batch, createExecutionContext());
}
async function withChunk(count: number) {
  const opened = await openApiShard();
  const accepted = await opened.shard.acceptMessages(apiRowsJson(count), Date.now(), null);
  if (!('chunks' in accepted)) throw new Error('a new shard is full');
  return { ...opened, job: { shard: opened.settings.shard, chunk: accepted.chunks[0] ?? 0 } };
}

describe('a task', () => {
  it('goes out whole, every row once', async () => {
    const { shard, settings } = await openShard();
    await shard.acceptRange(0, [taskRowsJson(700)]);
    await shard.start(Date.now());
    await vi.waitFor(async () => expect(await counts(shard)).toEqual({ submitted: 700 }), waiting);
    expect((await takenOf(settings.shard)).sort((a, b) => a - b)).toEqual(Array.from({ length: 700 }, (_, at) => at + 1));
  });

  it('stands still while it is paused and goes on after it', async () => {
    const { shard, settings } = await openShard({ carrier: { perSecond: 200 } });
    await shard.acceptRange(0, [taskRowsJson(600)]);
    await shard.start(Date.now());
    await vi.waitFor(async () => expect((await counts(shard)).submitted ?? 0).toBeGreaterThan(100), waiting);
    await shard.pause(Date.now());
    const claimed = await takenOnceQuiet(settings.shard);
    expect(claimed).toBeLessThan(600);
    await shard.start(Date.now());
    await vi.waitFor(async () => expect(await counts(shard)).toEqual({ submitted: 600 }), waiting);
  });

  it('stops: what was not claimed is cancelled, and what was claimed is accounted for', async () => {
    const { shard, settings } = await openShard({ carrier: { perSecond: 200 } });
    await shard.acceptRange(0, [taskRowsJson(2_000)]);
    await shard.start(Date.now());
    await vi.waitFor(async () => expect((await counts(shard)).submitted ?? 0).toBeGreaterThan(50), waiting);
    await shard.stop(Date.now());
    const taken = await takenOnceQuiet(settings.shard);
    await vi.waitFor(async () => expect(await counts(shard)).toEqual({ submitted: taken, cancelled: 2_000 - taken }), waiting);
    expect((await shard.totals()).costMicros).toBe(taken * 31_200);
  });

  it('keeps within the pace of its carrier account', async () => {
    const { shard } = await openShard({ carrier: { perSecond: 100 } });
    await shard.acceptRange(0, [taskRowsJson(400)]);
    const startedAt = Date.now();
    await shard.start(startedAt);
    await vi.waitFor(async () => expect(await counts(shard)).toEqual({ submitted: 400 }), waiting);
    // A full second's worth at once, then a hundred a second.
    expect(Date.now() - startedAt).toBeGreaterThan(2_500);
  });
});

const lostAnswers = async (shard: MessageShardApi): Promise<number> =>
  unsealed(await shard.page({ states: ['submitted'] }, null, 1_000)).filter(({ error }) => error === 'answer_lost').length;

/** Rows that the carrier has taken, once it takes no more. */
async function takenOnceQuiet(shard: ShardNumber): Promise<number> {
  let before = -1;
  return await vi.waitFor(
    async () => {
      const now = (await takenOf(shard)).length;
      const quiet = now === before;
      before = now;
      expect(quiet).toBe(true);
      return now;
    },
    { timeout: 10_000, interval: 700 },
  );
}

describe('a queue message', () => {
  it('delivered twice, one after the other or at once, sends every row once', async () => {
    const { job, shard, settings } = await withChunk(CHUNK_MESSAGES);
    const results = await Promise.all([deliver([job]), deliver([job, job])]);
    await deliver([job]);
    expect(results.map(({ explicitAcks }) => explicitAcks.length)).toEqual([1, 2]);
    expect(await counts(shard)).toEqual({ submitted: CHUNK_MESSAGES });
    expect(new Set(await takenOf(settings.shard)).size).toBe(CHUNK_MESSAGES);
    expect(await takenOf(settings.shard)).toHaveLength(CHUNK_MESSAGES);
  });

  it('of another deployment is taken away, not retried for ever', async () => {
    const result = await deliver([{ shard: 'x' as unknown as ShardNumber, chunk: 1 }]);
    expect(result.explicitAcks).toEqual(['0']);
  });

  it('of a batch with more messages than an invocation may send is left to the next one', async () => {
    const { shard, settings } = await openApiShard();
    const accepted = await shard.acceptMessages(apiRowsJson(MESSAGES_PER_INVOCATION + CHUNK_MESSAGES), Date.now(), null);
    if (!('chunks' in accepted)) throw new Error('a new shard is full');
    const result = await deliver(accepted.chunks.map((chunk) => ({ shard: settings.shard, chunk })));
    expect(result.explicitAcks).toHaveLength(accepted.chunks.length);
    expect((await counts(shard)).submitted).toBe(MESSAGES_PER_INVOCATION);
    await vi.waitFor(async () => expect(await counts(shard)).toEqual({ submitted: MESSAGES_PER_INVOCATION + CHUNK_MESSAGES }), waiting);
    expect(await takenOf(settings.shard)).toHaveLength(MESSAGES_PER_INVOCATION + CHUNK_MESSAGES);
  });

  it('of one chunk does not wait for another chunk whose carrier is gone', async () => {
    const [good, bad] = [await withChunk(30), await openApiShard({ carrier: { restHost: 'http://127.0.0.1:1' } })];
    const accepted = await bad.shard.acceptMessages(apiRowsJson(5), Date.now(), null);
    if (!('chunks' in accepted)) throw new Error('a new shard is full');
    await deliver([{ shard: bad.settings.shard, chunk: accepted.chunks[0] ?? 0 }, good.job]);
    expect(await counts(good.shard)).toEqual({ submitted: 30 });
    expect(sumOf(await counts(bad.shard))).toBe(5);
  });
});

describe('a consumer that dies', () => {
  it('leaves the rows it had claimed unanswered; the others go out by themselves', async () => {
    const { job, shard, settings, stub } = await withChunk(CHUNK_MESSAGES);
    await shard.claim(job.chunk, 0, '[]');
    await runInDurableObject(stub, (_object, { storage }) => {
      storage.sql.exec('UPDATE chunks SET deadline = 1');
    });
    await evictDurableObject(stub);
    await runDurableObjectAlarm(stub);
    const others = CHUNK_MESSAGES - CLAIM_MESSAGES;
    await vi.waitFor(async () => expect(await counts(shard)).toEqual({ submitted: others, unknown: CLAIM_MESSAGES }), waiting);
    expect(await takenOf(settings.shard)).toHaveLength(others);
  });

  it('with everything else: objects aborted again and again lose nothing and send nothing twice', async () => {
    const { shard, settings, world } = await openShard({ carrier: { perSecond: 500 } });
    await shard.acceptRange(0, [taskRowsJson(900)]);
    await shard.start(Date.now());
    for (let round = 0; round < 3; round += 1) {
      await new Promise((resolve) => setTimeout(resolve, 300));
      await abortAllDurableObjects();
    }
    // Leases end after a minute; here they end now, as often as it takes.
    const again = () => world.gateways.objects.shard(settings.shard);
    await vi.waitFor(
      async () => {
        const byState = await counts(again());
        if (byState.accepted || byState.queued) {
          const fresh = bindings.MESSAGE_SHARD.getByName(shardName(settings.shard));
          await runInDurableObject(fresh, (_object, { storage }) => {
            storage.sql.exec('UPDATE chunks SET deadline = 1 WHERE deadline IS NOT NULL');
          });
          await evictDurableObject(fresh);
          await runDurableObjectAlarm(fresh);
        }
        expect(byState.accepted ?? 0).toBe(0);
        expect(byState.queued ?? 0).toBe(0);
        // Lost answers wait for their receipts for a while.
        expect(await lostAnswers(again())).toBe(0);
        expect(sumOf(byState)).toBe(900);
      },
      { timeout: 25_000, interval: 1_500 },
    );
    const rows = await takenOf(settings.shard);
    expect(new Set(rows).size).toBe(rows.length);
    // Every row that counts as sent is with the carrier; where that is not known, the row says so.
    const { submitted = 0, unknown = 0 } = await counts(again());
    expect(rows.length).toBeGreaterThanOrEqual(submitted);
    expect(rows.length).toBeLessThanOrEqual(submitted + unknown);
  });
});

describe('a carrier that misbehaves', () => {
  async function send(recipients: readonly number[], parts = 1, text = 'Hello') {
    const { shard, settings } = await openShard({ text });
    await shard.acceptRange(0, [JSON.stringify(recipients.map((to) => [to, 'US', parts, 6_800, null]))]);
    await shard.start(Date.now());
    const rowOf = async (row: number) => shard.find(row);
    return { shard, settings, rowOf };
  }

  it('refuses for good: rejected with its reason, at no cost', async () => {
    const { shard, rowOf } = await send([magic(2_007), magic(2_009), magic(2_015)]);
    await vi.waitFor(async () => expect(await counts(shard)).toEqual({ rejected: 3 }), waiting);
    expect(await Promise.all([1, 2, 3].map(async (row) => unsealed(await rowOf(row))?.error))).toEqual([
      'number_barred',
      'carrier_credit_exhausted',
      'invalid_sender',
    ]);
    expect((await shard.totals()).costMicros).toBe(0);
  });

  it('throttles or answers 503 once: tried again until it is taken', async () => {
    const { shard, settings } = await send([magic(4_011), magic(4_012)]);
    await vi.waitFor(async () => expect(await counts(shard)).toEqual({ submitted: 2 }), waiting);
    expect((await takenOf(settings.shard)).sort()).toEqual([1, 2]);
  });

  it('answers with what says nothing, or not at all: never sent again, unknown when no receipt comes', async () => {
    const { shard, settings, rowOf } = await send([magic(4_005), magic(4_006), magic(4_007), magic(4_008)]);
    await vi.waitFor(async () => expect(await counts(shard)).toEqual({ unknown: 4 }), waiting);
    expect(await rowOf(1)).toMatchObject({ state: 'unknown', error: 'answer_lost' });
    expect((await takenOf(settings.shard)).sort()).toEqual([1, 2, 3, 4]);
  });

  it('takes some parts of a message and refuses others: never sent again', async () => {
    const { shard, settings, rowOf } = await send([magic(4_010)], 2, 'long '.repeat(50));
    await vi.waitFor(async () => expect(await counts(shard)).toEqual({ submitted: 1 }), waiting);
    expect(await rowOf(1)).toMatchObject({ state: 'submitted', error: 'throttled' });
    expect(await takenOf(settings.shard)).toEqual([1]);
  });

  it('hangs: given up after the time limit, as unanswered', async () => {
    const { shard } = await send([magic(4_009)]);
    await vi.waitFor(async () => expect(await counts(shard)).toEqual({ unknown: 1 }), { timeout: 28_000, interval: 500 });
  });
});

describe('a carrier that is down', () => {
  it('gets a few messages and then a probe now and then: a task is not thrown away on it', async () => {
    const { shard } = await openShard({ carrier: { restHost: 'http://127.0.0.1:1' } });
    await shard.acceptRange(0, [taskRowsJson(500)]);
    await shard.start(Date.now());
    await vi.waitFor(async () => expect((await counts(shard)).unknown ?? 0).toBeGreaterThan(20), waiting);
    const { unknown = 0, submitted = 0 } = await counts(shard);
    expect(unknown + submitted).toBeLessThan(60);
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    expect((await counts(shard)).queued).toBeGreaterThan(430);
  });

  it('is found to be back by a probe, and then the rest goes out', () => {
    const trouble = new Trouble();
    const lost = Array.from({ length: 24 }, () => ({ kind: 'unanswered' }) as const);
    trouble.note(lost, 1_000);
    expect(trouble.isThere).toBe(true);
    const first = trouble.probeAt;
    expect(first).toBeGreaterThanOrEqual(5_000);
    trouble.note([{ kind: 'retry', error: 'carrier_unavailable', delayMs: 0 }], first);
    expect(trouble.probeAt - first).toBeGreaterThan(first - 1_000);
    trouble.note([{ kind: 'rejected', error: 'number_barred' }], trouble.probeAt);
    expect([trouble.isThere, trouble.probeAt]).toEqual([false, 0]);
  });
});

/** The world's keys are bound to a second account as well. @param first what is wrong with the one that they have */
async function pooledWorld(wish: {
  readonly perSecond: number;
  readonly firstIsRefused?: boolean;
}): Promise<{ world: World; second: CarrierAccountId }> {
  const { perSecond, firstIsRefused = false } = wish;
  const world = await makeWorld({ restHost: carrier.url, perSecond });
  const { gateways } = world;
  const second = await addCarrier(gateways, { restHost: carrier.url, perSecond }, Date.now());
  const refused = firstIsRefused ? await addCarrier(gateways, { restHost: carrier.url, perSecond, apiSecret: 'wrong' }, Date.now()) : null;
  for (const { id } of [world.marketing, world.transactional]) {
    await changeKeyRow(gateways.database, id, { carrierAccountId: refused ?? world.carrierAccount, furtherAccounts: [second] });
  }
  return { world, second };
}
/** What D1 holds of each account of a shard, once the shard has told. */
async function sentBy(shard: ShardNumber): Promise<Map<string, number>> {
  const found = await worldGateways()
    .env.DB.prepare(
      'SELECT account_id AS account, sum(sent) AS sent, sum(missed) AS missed FROM carrier_totals WHERE shard = ? GROUP BY account_id',
    )
    .bind(shard)
    .all<{ account: string; sent: number; missed: number }>();
  expect(found.results.every(({ missed }) => missed === 0)).toBe(true);
  return new Map(found.results.filter(({ sent }) => sent > 0).map(({ account, sent }) => [account, sent]));
}

describe('a key of several carrier accounts', () => {
  it('sends a task through all of them, each row once, and counts what went through which', async () => {
    const { world, second } = await pooledWorld({ perSecond: 100 });
    const { shard, settings, stub } = await openShard({ world });
    await shard.acceptRange(0, [taskRowsJson(600)]);
    await shard.start(Date.now());
    await vi.waitFor(async () => expect(await counts(shard)).toEqual({ submitted: 600 }), waiting);
    expect(new Set(await takenOf(settings.shard)).size).toBe(600);
    const sent = await vi.waitFor(async () => {
      const told = await sentBy(settings.shard);
      expect(sumOf(Object.fromEntries(told))).toBe(600);
      return told;
    }, waiting);
    // Of the same pace, so about the same.
    expect(sent.get(world.carrierAccount)).toBeGreaterThan(150);
    expect(sent.get(second)).toBeGreaterThan(150);
    // What memory knew of it stands in the storage.
    await evictDurableObject(stub);
    expect((await shard.totals()).byState).toEqual({ submitted: 600 });
  });

  it('loses nothing to one that the carrier refuses: it rests, and the other takes its messages', async () => {
    const { world, second } = await pooledWorld({ perSecond: 1_000, firstIsRefused: true });
    const { shard, settings } = await openShard({ world });
    await shard.acceptRange(0, [taskRowsJson(600)]);
    await shard.start(Date.now());
    await vi.waitFor(async () => expect(await counts(shard)).toEqual({ submitted: 600 }), waiting);
    await vi.waitFor(async () => expect(await sentBy(settings.shard)).toEqual(new Map([[second, 600]])), waiting);
  });

  it('sends what the API took through them in turn', async () => {
    const { world, second } = await pooledWorld({ perSecond: 1_000 });
    const { shard, settings } = await openApiShard({ world, key: world.transactional.id });
    for (let n = 0; n < 4; n += 1) {
      const accepted = await shard.acceptMessages(apiRowsJson(1, 8613800000000 + n), Date.now(), null);
      if (!('chunks' in accepted)) throw new Error('a new shard is full');
      await deliver([{ shard: settings.shard, chunk: accepted.chunks[0] ?? 0 }]);
    }
    const half = new Map<string, number>([
      [world.carrierAccount, 2],
      [second, 2],
    ]);
    await vi.waitFor(async () => expect(await sentBy(settings.shard)).toEqual(half), waiting);
  });
});

describe('carrier accounts that share the messages of a key', () => {
  const [fast, slow] = ['ca_fast' as CarrierAccountId, 'ca_slow' as CarrierAccountId];
  const refused: SendResult = { row: 1, outcome: { kind: 'rejected', error: 'carrier_credit_exhausted' } };
  const shared = (): Carriers => {
    const carriers = new Carriers();
    carriers.bind([
      { id: fast, perSecond: 60 },
      { id: slow, perSecond: 20 },
    ]);
    return carriers;
  };
  const turns = (carriers: Carriers, count: number, now = 0): string[] =>
    Array.from({ length: count }, () => {
      const [line] = carriers.inTurn(now);
      if (line) carriers.took(line, now);
      return line?.account ?? '';
    });

  it('take turns by their pace, never long one after the other', () => {
    const taken = turns(shared(), 80);
    expect(taken.filter((account) => account === slow)).toHaveLength(20);
    for (let at = 0; at + 4 <= taken.length; at += 4) expect(taken.slice(at, at + 4)).toContain(slow);
  });

  it('leave out one that was refused, give its messages to the other, and take it back after a while', () => {
    const carriers = shared();
    expect(carriers.note([refused], () => fast, 0)).toMatchObject([
      { row: 1, outcome: { kind: 'retry', error: 'carrier_credit_exhausted' } },
    ]);
    expect(new Set(turns(carriers, 10))).toEqual(new Set([slow]));
    expect(turns(carriers, 10, 600_000)).toContain(fast);
  });

  it('refuse for good what the last of them refuses, and what is the message’s own fault', () => {
    const carriers = shared();
    carriers.note([refused], () => fast, 0);
    expect(carriers.note([refused], () => slow, 0)).toEqual([refused]);
    const barred: SendResult = { row: 2, outcome: { kind: 'rejected', error: 'number_barred' } };
    expect(shared().note([barred], () => fast, 0)).toEqual([barred]);
  });
});

describe('a message of the API', () => {
  const message = (to: number) => ({
    to: String(to),
    country: CN,
    sender: 'JINMU',
    text: 'Code 123456',
    parts: 1,
    priceMicros: 27_800,
    ref: 'order-7',
  });

  it('is with the carrier at once, under an id that names its home', async () => {
    const world = await makeWorld({ restHost: carrier.url, perSecond: 1_000 });
    const wanted = {
      tenant: world.tenant,
      key: world.transactional.id,
      traffic: 'transactional' as const,
      carrierAccount: world.carrierAccount,
      test: false,
      textType: 'auto' as const,
      repeatKey: null,
    };
    const accepted = async (call: Parameters<typeof acceptMessages>[1]): Promise<readonly MessageId[]> => {
      const outcome = await acceptMessages(world.gateways, call, Date.now());
      if (!outcome.ok) throw new Error('not covered');
      return outcome.ids;
    };
    const [recipient] = taskRows(1, 8613900000000)[0] ?? [0];
    const ids = await accepted({ ...wanted, messages: [message(recipient), message(recipient + 1)] });
    expect(ids).toHaveLength(2);
    await vi.waitFor(async () => expect(await carrier.messages({ clientRef: String(ids[0]) })).toHaveLength(1), waiting);
    const home = decodeMessageId(String(ids[1]));
    const row = await world.gateways.objects.shard(home?.shard as ShardNumber).find(home?.row ?? 0);
    expect(row).toMatchObject({ body: 'Code 123456', from: 'JINMU', ref: 'order-7', kind: 'transactional', to: String(recipient + 1) });
    const later = await accepted({ ...wanted, messages: [message(recipient)] });
    expect(decodeMessageId(String(later[0]))).toEqual({ shard: home?.shard, row: 3 });
  });

  it('is queued by its shard when its Worker died before it did', async () => {
    const { shard, stub, settings } = await withChunk(1);
    await runInDurableObject(stub, (_object, { storage }) => {
      storage.sql.exec('UPDATE chunks SET deadline = 1');
    });
    await evictDurableObject(stub);
    await runDurableObjectAlarm(stub);
    await vi.waitFor(async () => expect(await counts(shard)).toEqual({ submitted: 1 }), waiting);
    expect(await takenOf(settings.shard)).toEqual([1]);
  });
});

it('over all of this, no message came to the carrier twice', async () => {
  expect((await carrier.stats()).repeatExamples).toEqual([]);
});
