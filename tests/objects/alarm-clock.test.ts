import { runInDurableObject } from 'cloudflare:test';
import { expect, it } from 'vitest';
import { AlarmClock } from '../../durable-objects/kit/alarm-clock';
import { openShard } from '../support/shards';

it('an alarm is set once, and earlier when something is due earlier', async () => {
  const { stub } = await openShard();
  await runInDurableObject(stub, async (_shard, { storage }) => {
    const clock = new AlarmClock(storage);
    const soon = Date.now() + 60_000;
    await clock.ringBy(soon);
    await clock.ringBy(soon + 60_000);
    expect(await storage.getAlarm()).toBe(soon);
    await clock.ringBy(soon - 1_000);
    expect(await storage.getAlarm()).toBe(soon - 1_000);
    await storage.deleteAlarm();
  });
});

it('an alarm that the runtime gave up is set again when something is due', async () => {
  const { stub } = await openShard();
  await runInDurableObject(stub, async (_shard, { storage }) => {
    const clock = new AlarmClock(storage);
    await clock.ringBy(Date.now() - 60_000);
    await storage.deleteAlarm();
    const soon = Date.now() + 60_000;
    await clock.ringBy(soon);
    expect(await storage.getAlarm()).toBe(soon);
    await storage.deleteAlarm();
  });
});
