import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { describe, expect, it } from 'vitest';
import type { MessageShard } from '../../durable-objects/message-shard';
import { CHUNK_MESSAGES, CLAIM_MESSAGES, MESSAGE_LIFETIME_MS, SEND_ATTEMPTS } from '../../schema/limits';
import type { Claim, MessageShardApi, RowReceipt, SendOutcome } from '../../schema/protocol/message-shard';
import { unsealed } from '../support/unsealed';
import {
  apiRowsJson,
  letLeasesRunOut,
  openApiShard,
  openShard,
  releaseRetry,
  taskRows,
  taskRowsJson,
  type TestShard,
} from '../support/shards';

const submitted = (row: number, ...carrierIds: string[]) => ({
  row,
  outcome: { kind: 'submitted', carrierIds: carrierIds.length > 0 ? carrierIds : [`C${row}`], network: '46000' } satisfies SendOutcome,
});
const result = (row: number, outcome: SendOutcome) => ({ row, outcome });
const receipt = (row: number, status: string, more: Partial<RowReceipt> = {}): RowReceipt => ({
  row,
  carrierId: `C${row}`,
  status,
  errorCode: null,
  network: '46000',
  receivedAt: 5_000_000_000_000,
  ...more,
});
const claimed = (claim: Claim): number[] => (claim.kind === 'go' ? claim.messages.map(({ row }) => row) : []);
const stateOf = async (shard: MessageShardApi, row: number): Promise<string | undefined> => unsealed(await shard.find(row))?.state;

/** A shard with `count` accepted messages in one chunk that no queue knows of, so that the test is its only consumer. */
async function withChunk(count: number, row?: Parameters<typeof apiRowsJson>[2]): Promise<TestShard & { chunk: number }> {
  const opened = await openApiShard();
  const accepted = await opened.shard.acceptMessages(apiRowsJson(count, undefined, row), Date.now(), null);
  if (!('chunks' in accepted)) throw new Error('a new shard is full');
  return { ...opened, chunk: accepted.chunks[0] ?? 0 };
}
describe('accepting the rows of a task', () => {
  it('drops a number that the task has already, in the same call, a later one and after an eviction', async () => {
    const { shard, stub } = await openShard();
    const [first, second] = taskRows(2);
    expect(await shard.acceptRange(0, [JSON.stringify([first, second, first])])).toEqual({ inserted: 2, duplicates: [2] });
    expect(await shard.acceptRange(1, [JSON.stringify([second]), taskRowsJson(1, 4_179_000_0000)])).toEqual({
      inserted: 1,
      duplicates: [0],
    });
    await evictDurableObject(stub);
    expect(await shard.acceptRange(2, [JSON.stringify([first])])).toEqual({ inserted: 0, duplicates: [0] });
    expect(await shard.totals()).toMatchObject({ rows: 3, byState: { accepted: 3 } });
  });

  it('keeps the values of a row, whether it comes alone or with others', async () => {
    const { shard } = await openShard({ text: 'Hi {{name}}', columns: ['name'] });
    // As the check writes its slices: the values stand in them as they are.
    await shard.acceptRange(0, [
      '[[6281210000001,"ID",1,5,["Ann"]]]',
      '[[6281210000002,"ID",1,5,["Bob"]],[6281210000003,"ID",1,5,["Bob"]]]',
    ]);
    await shard.start(1);
    const bodies = [];
    for (const row of [1, 2, 3]) bodies.push(unsealed(await shard.find(row))?.body);
    expect(bodies).toEqual(['Hi Ann', 'Hi Bob', 'Hi Bob']);
  });

  it('answers a repeated range as the first time and changes nothing', async () => {
    const { shard, stub } = await openShard();
    const answer = await shard.acceptRange(7, [taskRowsJson(10)]);
    await evictDurableObject(stub);
    expect(await shard.acceptRange(7, [taskRowsJson(10)])).toEqual(answer);
    expect(await shard.totals()).toMatchObject({ rows: 10 });
  });

  it('releases nothing before the start', async () => {
    const { shard, stub } = await openShard();
    await shard.acceptRange(0, [taskRowsJson(10)]);
    await runDurableObjectAlarm(stub);
    expect(await shard.claim(1, 0, '[]')).toEqual({ kind: 'none' });
    expect(await shard.totals()).toMatchObject({ byState: { accepted: 10 }, done: false });
  });

  it('forgets everything when discarded, and takes nothing more', async () => {
    const { shard } = await openShard();
    await shard.acceptRange(0, [taskRowsJson(10)]);
    await shard.discard();
    expect(await shard.acceptRange(1, [taskRowsJson(10)])).toEqual({ inserted: 0, duplicates: [] });
    await shard.start(Date.now());
    expect(await shard.totals()).toMatchObject({ rows: 0, byState: {} });
  });

  it('is done at once when it holds nothing', async () => {
    const { shard } = await openShard();
    await shard.start(Date.now());
    expect(await shard.totals()).toMatchObject({ rows: 0, done: true });
  });
});

describe('accepting messages of the API', () => {
  it('answers a repeat of the same call with the same rows', async () => {
    const { shard } = await openApiShard();
    const first = await shard.acceptMessages(apiRowsJson(3), Date.now(), 'order-1');
    expect(await shard.acceptMessages(apiRowsJson(3), Date.now(), 'order-1')).toEqual(first);
    expect(await shard.totals()).toMatchObject({ rows: 3 });
  });

  it('of one moment shares a chunk between calls, which one of the callers queues; a large call has its own', async () => {
    const { shard, stub } = await openApiShard();
    const sizes = [2, 1, CHUNK_MESSAGES, 3];
    const answers = await runInDurableObject(stub as DurableObjectStub<MessageShard>, (own) =>
      Promise.all(sizes.map((size) => own.acceptMessages(apiRowsJson(size), Date.now(), null))),
    );
    const accepted = answers.flatMap((answer) => ('chunks' in answer ? [answer] : []));
    expect(accepted.map(({ firstRow, count }) => [firstRow, count])).toEqual([
      [1, 2],
      [3, 1],
      [4, CHUNK_MESSAGES],
      [4 + CHUNK_MESSAGES, 3],
    ]);
    const [first, joined, large, last] = accepted.map(({ chunks }) => chunks[0]);
    expect(joined).toBeUndefined();
    expect(claimed(await shard.claim(first ?? 0, 0, '[]'))).toEqual([1, 2, 3]);
    expect(claimed(await shard.claim(large ?? 0, 0, '[]'))[0]).toBe(4);
    expect(claimed(await shard.claim(last ?? 0, 0, '[]'))).toEqual([1, 2, 3].map((at) => 3 + CHUNK_MESSAGES + at));
  });

  it('shares out a call that is larger than a chunk', async () => {
    const { shard } = await openApiShard();
    const accepted = await shard.acceptMessages(apiRowsJson(2 * CHUNK_MESSAGES + 1), Date.now(), null);
    const chunks = 'chunks' in accepted ? accepted.chunks : [];
    const begun = await Promise.all(chunks.map(async (chunk) => claimed(await shard.claim(chunk, 0, '[]'))[0]));
    expect(begun).toEqual([1, CHUNK_MESSAGES + 1, 2 * CHUNK_MESSAGES + 1]);
  });

  it('with one repeat key twice in a moment is one call', async () => {
    const { shard, stub } = await openApiShard();
    const [first, again] = await runInDurableObject(stub as DurableObjectStub<MessageShard>, (own) =>
      Promise.all([1, 2].map(() => own.acceptMessages(apiRowsJson(2), Date.now(), 'order-2'))),
    );
    expect(again).toEqual(first);
    expect(await shard.totals()).toMatchObject({ rows: 2 });
  });

  it('keeps rows in order of time though clocks differ', async () => {
    const { shard } = await openApiShard();
    const now = Date.now();
    await shard.acceptMessages(apiRowsJson(1), now, null);
    await shard.acceptMessages(apiRowsJson(1), now - 5_000, null);
    expect(unsealed(await shard.find(2))?.receivedAt).toBe(now);
  });
});

describe('handing out rows', () => {
  it('hands out a chunk a few rows at a time, each row once', async () => {
    const { shard, chunk } = await withChunk(30);
    const seen: number[] = [];
    for (let position = 0; ;) {
      const claim = await shard.claim(chunk, position, '[]');
      seen.push(...claimed(claim));
      if (claim.kind === 'none') break;
      expect(claim.messages.length).toBeLessThanOrEqual(CLAIM_MESSAGES);
      position += claim.messages.length;
    }
    expect(seen).toEqual(Array.from({ length: 30 }, (_, at) => at + 1));
  });

  it('gives a second delivery of the same queue message nothing', async () => {
    const { shard, chunk } = await withChunk(30);
    expect(claimed(await shard.claim(chunk, 0, '[]'))).toHaveLength(CLAIM_MESSAGES);
    expect(await shard.claim(chunk, 0, '[]')).toEqual({ kind: 'none' });
    expect(claimed(await shard.claim(chunk, CLAIM_MESSAGES, '[]'))).toHaveLength(CLAIM_MESSAGES);
  });

  it('renders the variables of a task and keeps sender and number', async () => {
    const opened = await openShard({ text: 'Dear {{name}}, {{sum}} due', columns: ['number', 'name', 'sum'] });
    await opened.shard.acceptRange(0, [JSON.stringify([[4915112345678, 'DE', 1, 1, ['+49 151', 'Ärne', '12 €']]])]);
    await opened.shard.start(Date.now());
    await opened.shard.pause(Date.now());
    expect(await opened.shard.find(1)).toMatchObject({ body: 'Dear Ärne, 12 € due', from: opened.settings.sender, to: '4915112345678' });
  });

  it('gives nothing after a pause has returned, and all of it after the resumption', async () => {
    const { shard, chunk } = await withChunk(30);
    expect(claimed(await shard.claim(chunk, 0, '[]'))).toHaveLength(CLAIM_MESSAGES);
    await shard.pause(Date.now());
    expect(await shard.claim(chunk, CLAIM_MESSAGES, '[]')).toEqual({ kind: 'none' });
    const rows = Array.from({ length: CLAIM_MESSAGES }, (_, at) => submitted(at + 1));
    await shard.settle(chunk, JSON.stringify(rows));
    expect((await shard.totals()).byState).toEqual({ submitted: CLAIM_MESSAGES, queued: 30 - CLAIM_MESSAGES });
    await shard.start(Date.now());
    expect(await shard.claim(chunk, CLAIM_MESSAGES, '[]')).toEqual({ kind: 'none' });
  });

  it('cancels after a stop what nobody claimed, lets the rest finish, and is done then', async () => {
    const { shard, chunk, stub } = await withChunk(30);
    const rows = claimed(await shard.claim(chunk, 0, '[]'));
    await shard.stop(Date.now());
    expect(await shard.claim(chunk, CLAIM_MESSAGES, '[]')).toEqual({ kind: 'none' });
    await runDurableObjectAlarm(stub);
    await shard.settle(
      chunk,
      JSON.stringify([...rows.slice(1).map((row) => submitted(row)), result(1, { kind: 'retry', error: 'throttled', delayMs: 0 })]),
    );
    const totals = await shard.totals();
    expect(totals).toMatchObject({ byState: { submitted: 11, cancelled: 19 }, costMicros: 11 * 31_200, done: false });
    await shard.applyReceipts(JSON.stringify(rows.slice(1).map((row) => receipt(row, 'delivered'))));
    expect(await shard.totals()).toMatchObject({ byState: { delivered: 11, cancelled: 19 }, done: true });
  });
});

describe('what the carrier answers', () => {
  it('writes what was submitted once, whatever is repeated', async () => {
    const { shard, chunk } = await withChunk(3);
    await shard.claim(chunk, 0, '[]');
    await shard.settle(chunk, JSON.stringify([submitted(1)]));
    const version = (await shard.totals()).version;
    await shard.settle(chunk, JSON.stringify([submitted(1), result(1, { kind: 'rejected', error: 'number_barred' })]));
    expect(await shard.find(1)).toMatchObject({ state: 'submitted', error: null, network: '46000' });
    expect((await shard.totals()).version).toBe(version);
  });

  it('ends what was refused, at no cost', async () => {
    const { shard, chunk } = await withChunk(2);
    await shard.claim(chunk, 0, '[]');
    await shard.settle(chunk, JSON.stringify([submitted(1), result(2, { kind: 'rejected', error: 'number_barred' })]));
    expect(await shard.find(2)).toMatchObject({ state: 'rejected', error: 'number_barred', submittedAt: null });
    expect(await shard.totals()).toMatchObject({ costMicros: 31_200 });
  });

  it('tries again what surely was not taken, later and in another chunk, and gives up at no cost', async () => {
    const opened = await withChunk(1);
    const { shard, stub } = opened;
    let { chunk } = opened;
    for (let attempt = 1; attempt <= SEND_ATTEMPTS; attempt += 1) {
      expect(claimed(await shard.claim(chunk, 0, '[]'))).toEqual([1]);
      await shard.settle(chunk, JSON.stringify([result(1, { kind: 'retry', error: 'carrier_internal_error', delayMs: 0 })]));
      if (attempt === SEND_ATTEMPTS) break;
      expect(await stateOf(shard, 1)).toBe('accepted');
      chunk = await releaseRetry(stub);
    }
    expect(await shard.find(1)).toMatchObject({ state: 'failed', error: 'carrier_internal_error', priceMicros: 0 });
    expect(await shard.totals()).toMatchObject({ byState: { failed: 1 }, costMicros: 0, done: true });
  });
});

describe('a consumer that dies', () => {
  it('before it claimed anything: the rows go out under another chunk, and the old message finds nothing', async () => {
    const opened = await withChunk(5);
    await letLeasesRunOut(opened);
    expect(await opened.shard.claim(opened.chunk, 0, '[]')).toEqual({ kind: 'none' });
    expect((await opened.shard.totals()).byState).not.toHaveProperty('unknown');
  });

  it('after it claimed: those rows are never sent again, wait for receipts and become unknown; the rest goes out', async () => {
    const opened = await withChunk(CLAIM_MESSAGES + 5);
    const { shard, chunk, stub } = opened;
    const rows = claimed(await shard.claim(chunk, 0, '[]'));
    await shard.settle(chunk, JSON.stringify([submitted(1)]));
    await letLeasesRunOut(opened);
    expect(await shard.find(2)).toMatchObject({ state: 'submitted', error: 'answer_lost' });
    // The carrier had taken the third: its receipt says so.
    await shard.applyReceipts(JSON.stringify([receipt(3, 'delivered')]));
    await runInDurableObject(stub, (_object, { storage }) => {
      storage.sql.exec('UPDATE unanswered SET until = 1');
    });
    await evictDurableObject(stub);
    await runDurableObjectAlarm(stub);
    expect(await stateOf(shard, 1)).toBe('submitted');
    expect(await shard.find(2)).toMatchObject({ state: 'unknown', error: 'answer_lost' });
    expect(await stateOf(shard, 3)).toBe('delivered');
    // A later receipt still corrects what was unknown.
    await shard.applyReceipts(JSON.stringify([receipt(2, 'delivered')]));
    expect(await stateOf(shard, 2)).toBe('delivered');
    expect(rows).toHaveLength(CLAIM_MESSAGES);
  });

  it('after it claimed, but it was only slow: its answers still count', async () => {
    const opened = await withChunk(3);
    const { shard, chunk } = opened;
    await shard.claim(chunk, 0, '[]');
    await letLeasesRunOut(opened);
    await shard.settle(
      chunk,
      JSON.stringify([submitted(1), result(2, { kind: 'rejected', error: 'number_barred' }), result(3, { kind: 'unanswered' })]),
    );
    expect(await shard.find(1)).toMatchObject({ state: 'submitted', error: null });
    expect(await shard.find(2)).toMatchObject({ state: 'rejected', error: 'number_barred' });
    expect(await shard.find(3)).toMatchObject({ state: 'submitted', error: 'answer_lost' });
  });

  it('with the object itself evicted in the middle: nothing is lost, nothing goes out twice', async () => {
    const { shard, chunk, stub } = await withChunk(30);
    const first = claimed(await shard.claim(chunk, 0, '[]'));
    await evictDurableObject(stub);
    expect(await shard.claim(chunk, 0, '[]')).toEqual({ kind: 'none' });
    const second = claimed(await shard.claim(chunk, first.length, JSON.stringify(first.map((row) => submitted(row)))));
    expect(second.filter((row) => first.includes(row))).toEqual([]);
    expect((await shard.totals()).byState).toEqual({ submitted: 12, queued: 18 });
  });
});

describe('receipts', () => {
  async function withSubmitted(count: number, parts = 1) {
    const opened = await withChunk(count, { parts });
    const rows = claimed(await opened.shard.claim(opened.chunk, 0, '[]'));
    const ids = (row: number) => (parts === 1 ? [`C${row}`] : Array.from({ length: parts }, (_, part) => `C${row}-${part}`));
    await opened.shard.settle(opened.chunk, JSON.stringify(rows.map((row) => submitted(row, ...ids(row)))));
    return opened;
  }

  it('make messages final, once: a second one changes nothing', async () => {
    const { shard } = await withSubmitted(3);
    const receipts = [receipt(1, 'delivered'), receipt(2, 'failed', { errorCode: 9 }), receipt(3, 'expired', { errorCode: 2 })];
    expect(await shard.applyReceipts(JSON.stringify(receipts))).toEqual({ applied: 3, ignored: 0 });
    expect(await shard.applyReceipts(JSON.stringify(receipts))).toEqual({ applied: 0, ignored: 3 });
    expect(await shard.find(1)).toMatchObject({ state: 'delivered', error: null, finalAt: 5_000_000_000_000 });
    expect(await shard.find(2)).toMatchObject({ state: 'failed', error: 'illegal_number' });
    expect(await shard.totals()).toMatchObject({ byState: { delivered: 1, failed: 1, expired: 1 }, done: true });
  });

  it('may come before the answer: the state stands and the answer adds the rest', async () => {
    const { shard, chunk, stub } = await withChunk(1);
    await shard.claim(chunk, 0, '[]');
    await shard.applyReceipts(JSON.stringify([receipt(1, 'delivered')]));
    await evictDurableObject(stub);
    await shard.settle(chunk, JSON.stringify([submitted(1)]));
    expect(await shard.find(1)).toMatchObject({ state: 'delivered', network: '46000' });
    expect((await shard.totals()).byState).toEqual({ delivered: 1 });
  });

  it('out of order: what is on its way does not undo what has arrived', async () => {
    const { shard } = await withSubmitted(1);
    await shard.applyReceipts(JSON.stringify([receipt(1, 'delivered'), receipt(1, 'buffered'), receipt(1, 'failed', { errorCode: 1 })]));
    expect(await stateOf(shard, 1)).toBe('delivered');
  });

  it('late: correct unknown and expired, and nothing else', async () => {
    const { shard } = await withSubmitted(4);
    const early = [receipt(1, 'unknown'), receipt(2, 'expired'), receipt(3, 'failed', { errorCode: 9 }), receipt(4, 'unknown')];
    await shard.applyReceipts(JSON.stringify(early));
    await shard.applyReceipts(JSON.stringify([1, 2, 3].map((row) => receipt(row, 'delivered'))));
    await shard.applyReceipts(JSON.stringify([receipt(4, 'expired')]));
    expect(await Promise.all([1, 2, 3, 4].map((row) => stateOf(shard, row)))).toEqual(['delivered', 'delivered', 'failed', 'expired']);
  });

  it('for rows that nobody sent, or that do not exist, are ignored', async () => {
    const { shard } = await withChunk(3);
    const receipts = [receipt(1, 'delivered'), receipt(99, 'delivered')];
    expect(await shard.applyReceipts(JSON.stringify(receipts))).toEqual({ applied: 0, ignored: 2 });
    expect((await shard.totals()).byState).toEqual({ queued: 3 });
  });

  it('of several parts: delivered when all are, failed as soon as one is', async () => {
    const { shard } = await withSubmitted(2, 2);
    await shard.applyReceipts(
      JSON.stringify([receipt(1, 'delivered', { carrierId: 'C1-0' }), receipt(1, 'delivered', { carrierId: 'C1-0' })]),
    );
    expect(await stateOf(shard, 1)).toBe('submitted');
    await shard.applyReceipts(
      JSON.stringify([receipt(1, 'delivered', { carrierId: 'C1-1' }), receipt(2, 'failed', { carrierId: 'C2-1', errorCode: 6 })]),
    );
    expect(await stateOf(shard, 1)).toBe('delivered');
    expect(await shard.find(2)).toMatchObject({ state: 'failed', error: 'spam_rejected' });
    expect(await shard.totals()).toMatchObject({ parts: 4, done: true });
  });

  it('of several parts before the answer are counted when it comes', async () => {
    const { shard, chunk } = await withChunk(1, { parts: 2 });
    await shard.claim(chunk, 0, '[]');
    await shard.applyReceipts(
      JSON.stringify(['a', 'b', 'c'].map((carrierId) => receipt(1, carrierId === 'c' ? 'buffered' : 'delivered', { carrierId }))),
    );
    await shard.settle(chunk, JSON.stringify([submitted(1, 'a', 'b')]));
    expect(await stateOf(shard, 1)).toBe('delivered');
  });

  it('of a message of which the carrier took only some parts: failed once those are heard of', async () => {
    const { shard, chunk } = await withChunk(1, { parts: 2 });
    await shard.claim(chunk, 0, '[]');
    await shard.settle(chunk, JSON.stringify([result(1, { kind: 'partial', carrierIds: ['a'], network: null, error: 'throttled' })]));
    expect(await stateOf(shard, 1)).toBe('submitted');
    await shard.applyReceipts(JSON.stringify([receipt(1, 'delivered', { carrierId: 'a' })]));
    expect(await shard.find(1)).toMatchObject({ state: 'failed', error: 'throttled' });
  });

  it('of a try that was thought to have failed: the message is not tried again', async () => {
    const { shard, chunk, stub } = await withChunk(1);
    await shard.claim(chunk, 0, '[]');
    await shard.settle(chunk, JSON.stringify([result(1, { kind: 'retry', error: 'carrier_unavailable', delayMs: 60_000 })]));
    const next = await releaseRetry(stub);
    await shard.applyReceipts(JSON.stringify([receipt(1, 'buffered')]));
    expect(await shard.claim(next, 0, '[]')).toEqual({ kind: 'none' });
    expect(await stateOf(shard, 1)).toBe('submitted');
  });

  it('of one moment are all applied', async () => {
    const { shard } = await withSubmitted(4);
    await Promise.all([1, 2, 3].map((row) => shard.applyReceipts(JSON.stringify([receipt(row, 'delivered')]))));
    expect(await Promise.all([1, 2, 3, 4].map((row) => stateOf(shard, row)))).toEqual(['delivered', 'delivered', 'delivered', 'submitted']);
  });

  it('that never come: unknown after the lifetime of a message', async () => {
    const { shard, stub } = await withSubmitted(2);
    await shard.applyReceipts(JSON.stringify([receipt(1, 'delivered')]));
    // An alarm that is under way would write over what is changed behind its back.
    await evictDurableObject(stub);
    await runInDurableObject(stub, (_object, { storage }) => {
      storage.sql.exec('UPDATE messages SET submitted_at = submitted_at - ?', MESSAGE_LIFETIME_MS);
      storage.sql.exec('UPDATE progress SET expire_at = 1');
    });
    await evictDurableObject(stub);
    await runDurableObjectAlarm(stub);
    expect(await stateOf(shard, 1)).toBe('delivered');
    expect(await shard.find(2)).toMatchObject({ state: 'unknown', error: 'no_receipt' });
    expect(await shard.totals()).toMatchObject({ done: true });
  });
});
