import { expect, inject, it, vi } from 'vitest';
import { connectFakeCarrier } from '../support/fake-carrier-client';
import { openShard, rowsJson } from '../support/shards';

const carrier = connectFakeCarrier(inject('carrierUrl'));

it('sends every row of a task once', async () => {
  const { shard } = await openShard({ carrier: { restHost: carrier.url } });
  await shard.acceptRange(0, [rowsJson(1000)]);
  const t0 = Date.now();
  await shard.start(Date.now());
  await vi.waitFor(async () => expect((await shard.totals()).byState).toEqual({ submitted: 1000 }), { timeout: 20_000 });
  console.log(Date.now() - t0, await shard.totals(), await carrier.stats());
});
