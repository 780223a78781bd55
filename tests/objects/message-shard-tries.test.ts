/** A row that is tried again: which answer counts for which try. */
import { runInDurableObject } from 'cloudflare:test';
import { describe, expect, it } from 'vitest';
import type { SendOutcome } from '../../schema/protocol/message-shard';
import { apiRowsJson, letLeasesRunOut, openApiShard, releaseRetry, type TestShard } from '../support/shards';

const answer = (outcome: SendOutcome): string => JSON.stringify([{ row: 1, outcome }]);
const REFUSED = answer({ kind: 'retry', error: 'carrier_unavailable', delayMs: 0 });
const TAKEN = answer({ kind: 'submitted', carrierIds: ['C1'], network: '46000' });

/** The first try was refused, and the answer is in; the second is on the wire. */
async function atSecondTry(): Promise<TestShard & { readonly first: number; readonly second: number }> {
  const opened = await openApiShard();
  const { shard, stub } = opened;
  const accepted = await shard.acceptMessages(apiRowsJson(1), Date.now(), null);
  if (!('chunks' in accepted)) throw new Error('a new shard is full');
  const first = accepted.chunks[0] ?? 0;
  expect(await shard.claim(first, 0, '[]')).toMatchObject({ kind: 'go' });
  await shard.settle(first, REFUSED);
  const second = await releaseRetry(stub);
  expect(await shard.claim(second, 0, '[]')).toMatchObject({ kind: 'go' });
  return { ...opened, first, second };
}
const triesWaiting = (stub: DurableObjectStub): Promise<number> =>
  runInDurableObject(stub, (_shard, { storage }) => storage.sql.exec('SELECT row FROM retries WHERE due_at IS NOT NULL').toArray().length);

describe('the answer to a try that comes twice', () => {
  it('is not taken for the answer to the next try', async () => {
    const { shard, stub, first, second } = await atSecondTry();
    await shard.settle(first, REFUSED);
    // Also with a claim, as consumers send them.
    await shard.claim(first, 1, REFUSED);
    expect(await triesWaiting(stub)).toBe(0);
    await shard.settle(second, TAKEN);
    expect(await shard.find(1)).toMatchObject({ state: 'submitted', error: null });
    expect(await triesWaiting(stub)).toBe(0);
  });

  it('is not taken for the answer to the next try when that one was lost: the message is not sent a third time', async () => {
    const opened = await atSecondTry();
    await letLeasesRunOut(opened);
    const { shard, stub, first, second } = opened;
    await shard.settle(first, REFUSED);
    expect(await shard.find(1)).toMatchObject({ state: 'submitted', error: 'answer_lost' });
    expect(await triesWaiting(stub)).toBe(0);
    // The second try was only slow.
    await shard.settle(second, TAKEN);
    expect(await shard.find(1)).toMatchObject({ state: 'submitted', error: null });
  });
});
