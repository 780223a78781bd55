/** Lanes without room, and endpoints that have only just begun to listen: nobody waits for another, and nothing is lost. */
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { describe, expect, it, vi } from 'vitest';
import { WEBHOOK_LIFETIME_MS, WEBHOOK_WAITING_MAX } from '../../schema/limits';
import { receipts, submitted } from '../support/receipts';
import { openApiShard, type TestShard } from '../support/shards';
import { makeEndpoint, type TestEndpoint } from '../support/webhooks';
import { makeWorld } from '../support/world';

const waiting = { timeout: 25_000, interval: 50 };

async function setWaiting({ stub, lane, id }: TestEndpoint, waitingNow: number): Promise<void> {
  await lane.refresh(id);
  await runInDurableObject(stub, (_lane, { storage }) => {
    storage.sql.exec('UPDATE lane SET waiting = ?', waitingNow);
  });
  await evictDurableObject(stub);
}
const held = ({ stub }: TestShard): Promise<number> =>
  runInDurableObject(
    stub,
    (_shard, { storage }) => storage.sql.exec<{ n: number }>('SELECT count(*) AS n FROM held_announcements').one().n,
  );
const told = async ({ customer }: TestEndpoint): Promise<number> => (await customer.seen()).length;
const untilTold = (endpoint: TestEndpoint, times: number) => vi.waitFor(async () => expect(await told(endpoint)).toBe(times), waiting);

describe('a lane that is full', () => {
  it('keeps no other endpoint of its tenant waiting, and hears all when it has room', async () => {
    const world = await makeWorld({ perSecond: 10_000 });
    const [full, healthy] = [await makeEndpoint(world), await makeEndpoint(world)];
    await setWaiting(full, WEBHOOK_WAITING_MAX);
    const opened = await openApiShard({ world });
    await submitted(opened, 3);
    await opened.shard.applyReceipts(receipts(2));
    await untilTold(healthy, 2);
    await vi.waitFor(async () => expect(await held(opened)).toBe(2), waiting);
    await opened.shard.applyReceipts(receipts(1, 'delivered', 0, 3));
    await untilTold(healthy, 3);
    expect(await told(full)).toBe(0);
    await setWaiting(full, 0);
    // A shard that wakes up knows nothing of the lane's rest.
    await evictDurableObject(opened.stub);
    await opened.shard.applyReceipts(receipts(1));
    await runDurableObjectAlarm(opened.stub);
    await untilTold(full, 3);
    expect(await held(opened)).toBe(0);
    expect(await told(healthy)).toBe(3);
  });

  it('or broken keeps nobody waiting either', async () => {
    const world = await makeWorld({ perSecond: 10_000 });
    const [broken, healthy] = [await makeEndpoint(world), await makeEndpoint(world)];
    const rename = (from: string, to: string) =>
      runInDurableObject(broken.stub, (_lane, { storage }) => void storage.sql.exec(`ALTER TABLE ${from} RENAME TO ${to}`));
    await rename('events', 'mislaid');
    const opened = await openApiShard({ world });
    await submitted(opened, 2);
    await opened.shard.applyReceipts(receipts(2));
    await untilTold(healthy, 2);
    await vi.waitFor(async () => expect(await held(opened)).toBe(2), waiting);
    await rename('mislaid', 'events');
    await untilTold(broken, 2);
    expect(await told(healthy)).toBe(2);
  });

  it('is not waited for longer than a day', async () => {
    const world = await makeWorld({ perSecond: 10_000 });
    const full = await makeEndpoint(world);
    await setWaiting(full, WEBHOOK_WAITING_MAX);
    const opened = await openApiShard({ world });
    await submitted(opened, 1);
    await opened.shard.applyReceipts(receipts(1));
    await vi.waitFor(async () => expect(await held(opened)).toBe(1), waiting);
    await runInDurableObject(opened.stub, (_shard, { storage }) => {
      storage.sql.exec('UPDATE held_announcements SET at = at - ?', WEBHOOK_LIFETIME_MS + 1_000);
    });
    await runDurableObjectAlarm(opened.stub);
    expect(await held(opened)).toBe(0);
  });
});

describe('an endpoint that is made a moment before a receipt', () => {
  it('hears of it though the shard believed that nobody listens', async () => {
    const world = await makeWorld({ perSecond: 10_000 });
    const opened = await openApiShard({ world });
    await submitted(opened, 2);
    // Asks who listens: nobody. For a while that is believed.
    await opened.shard.applyReceipts(receipts(1));
    await vi.waitFor(async () => expect(await announcements(opened)).toBe(0), waiting);
    await opened.shard.applyReceipts(receipts(1, 'delivered', 0, 2));
    expect(await announcements(opened)).toBe(0);
    const late = await makeEndpoint(world);
    await untilTold(late, 1);
  });
});

const announcements = ({ stub }: TestShard): Promise<number> =>
  runInDurableObject(stub, (_shard, { storage }) => storage.sql.exec<{ n: number }>('SELECT count(*) AS n FROM announcements').one().n);
