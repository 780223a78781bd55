import { evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { inject, describe, expect, it, vi } from 'vitest';
import type { Env } from '../../schema/env';
import type { ShardNumber } from '../../schema/ids';
import { newTenantId } from '../../schema/ids';
import { ledgerName } from '../../schema/storage-keys';
import { apiRowsJson, openApiShard, type TestShard } from '../support/shards';
import { makeWorld, worldGateways, type World } from '../support/world';

const PRICE = 31_200;
const HOUR_MS = 60 * 60 * 1_000;

const worldWith = (messages: number): Promise<World> =>
  makeWorld({ perSecond: 10_000, restHost: inject('carrierUrl'), balanceMicros: messages * PRICE });
/** For messages that wait for their time, so that what they cost does not change. @returns whether they were accepted */
async function accept({ shard }: TestShard, count = 1): Promise<boolean> {
  const later = { isPaid: true, notBefore: Date.now() + HOUR_MS };
  return 'firstRow' in (await shard.acceptMessages(apiRowsJson(count), Date.now(), null, later));
}
async function acceptOneByOne(shard: TestShard, count: number): Promise<void> {
  for (let one = 0; one < count; one += 1) expect(await accept(shard)).toBe(true);
}
const ledgerOf = ({ gateways, tenant }: World) => gateways.objects.ledger(tenant);
/** What shards have drawn and not spent, as far as the ledger knows. */
const setAside = ({ tenant }: World): Promise<number> =>
  runInDurableObject((env as unknown as Env).TENANT_LEDGER.getByName(ledgerName(tenant)), (_ledger, { storage }) =>
    Number(storage.sql.exec('SELECT COALESCE(SUM(ceiling - micros), 0) AS aside FROM shards').one()['aside']),
  );

describe('what a shard may spend', () => {
  it('is the balance to the last cent, whatever comes at once, and a refusal names what is left', async () => {
    const world = await worldWith(10);
    const own = await openApiShard({ world });
    const accepted = await Promise.all(Array.from({ length: 30 }, () => accept(own)));
    expect(accepted.filter(Boolean)).toHaveLength(10);
    expect(await own.shard.acceptMessages(apiRowsJson(1), Date.now(), null, { isPaid: true })).toEqual({ availableMicros: 0 });
    expect(await own.shard.totals()).toMatchObject({ rows: 10, costMicros: 10 * PRICE });
  });

  it('is nothing of a call that is not covered whole', async () => {
    const world = await worldWith(2);
    const own = await openApiShard({ world });
    expect(await own.shard.acceptMessages(apiRowsJson(3), Date.now(), null, { isPaid: true })).toEqual({ availableMicros: 2 * PRICE });
    expect(await accept(own, 2)).toBe(true);
    expect(await ledgerOf(world).balance()).toEqual({ balanceMicros: 0, reservedMicros: 0, availableMicros: 0 });
  });

  it('and is not spent, another shard of the tenant spends', async () => {
    const world = await worldWith(100);
    const [first, second] = [await openApiShard({ world }), await openApiShard({ world })];
    await acceptOneByOne(first, 20);
    expect(await setAside(world)).toBeGreaterThan(0);
    expect((await ledgerOf(world).balance()).availableMicros).toBe(80 * PRICE);
    expect(await accept(second, 80)).toBe(true);
    expect([await accept(first), await accept(second)]).toEqual([false, false]);
  });

  it('and is not spent, a task may reserve', async () => {
    const world = await worldWith(100);
    const own = await openApiShard({ world });
    await acceptOneByOne(own, 20);
    expect(await setAside(world)).toBeGreaterThan(0);
    expect(await ledgerOf(world).reserve('task', 80 * PRICE + 1)).toEqual({ ok: false, availableMicros: 80 * PRICE });
    expect(await ledgerOf(world).reserve('task', 80 * PRICE)).toEqual({ ok: true });
    expect(await accept(own)).toBe(false);
  });

  it('is drawn anew after an eviction, and counted once', async () => {
    const world = await worldWith(100);
    const [first, second] = [await openApiShard({ world }), await openApiShard({ world })];
    await acceptOneByOne(first, 20);
    await evictDurableObject(first.stub);
    expect(await accept(first, 5)).toBe(true);
    await evictDurableObject(first.stub);
    expect(await accept(second, 75)).toBe(true);
    expect(await accept(first)).toBe(false);
    // What is paid back can be spent again.
    expect(await first.shard.cancelScheduled(1)).toBe(true);
    expect([await accept(first), await accept(second)]).toEqual([true, false]);
  });

  it('flows back when nothing more comes', async () => {
    const world = await worldWith(100);
    const own = await openApiShard({ world });
    await acceptOneByOne(own, 20);
    await vi.waitFor(async () => expect(await setAside(world)).toBe(0), { timeout: 10_000 });
    expect(await ledgerOf(world).balance()).toEqual({ balanceMicros: 80 * PRICE, reservedMicros: 0, availableMicros: 80 * PRICE });
  });

  it('is exact for shards that want the last of it from each other, also while they are evicted', async () => {
    const world = await worldWith(60);
    const shards = await Promise.all([1, 2, 3].map(() => openApiShard({ world })));
    const waves = await Promise.all(
      shards.map(async (own, index) => {
        let accepted = 0;
        for (let wave = 0; wave < 5; wave += 1) {
          if (wave === 2 && index === 0) await evictDurableObject(own.stub);
          accepted += (await Promise.all(Array.from({ length: 8 }, () => accept(own)))).filter(Boolean).length;
        }
        return accepted;
      }),
    );
    expect(waves.reduce((sum, accepted) => sum + accepted)).toBe(60);
    expect((await ledgerOf(world).balance()).availableMicros).toBe(0);
  });
});

describe('the account of a shard', () => {
  const SHARD = 7 as ShardNumber;

  it('takes the newest cost once, in one entry that grows', async () => {
    const ledger = worldGateways().objects.ledger(newTenantId());
    await ledger.topUp('a', 1_000);
    const spent = { turn: 1, version: 3, costMicros: 100 };
    expect(await ledger.settleShard(SHARD, spent, 0, 0)).toEqual({ kind: 'settled', ceilingMicros: 100, availableMicros: 900 });
    await ledger.settleShard(SHARD, spent, 0, 0);
    await ledger.settleShard(SHARD, { turn: 2, version: 5, costMicros: 80 }, 0, 0);
    await ledger.settleShard(SHARD, { turn: 3, version: 4, costMicros: 90 }, 0, 0);
    expect(await ledger.entries(5)).toMatchObject([
      { kind: 'settle', micros: 80 },
      { kind: 'top_up', micros: 1_000 },
    ]);
    expect((await ledger.balance()).balanceMicros).toBe(920);
  });

  it('does not rise again by an older word, also when the newer one said nothing new', async () => {
    const ledger = worldGateways().objects.ledger(newTenantId());
    await ledger.topUp('a', 1_000);
    await ledger.settleShard(SHARD, { turn: 1, version: 3, costMicros: 100 }, 0, 0);
    await ledger.settleShard(SHARD, { turn: 2, version: 9, costMicros: 100 }, 0, 0);
    await ledger.settleShard(SHARD, { turn: 3, version: 5, costMicros: 140 }, 0, 0);
    expect((await ledger.balance()).balanceMicros).toBe(900);
  });

  it('is not changed by a word from before its last one, save that a newer cost counts', async () => {
    const ledger = worldGateways().objects.ledger(newTenantId());
    await ledger.topUp('a', 1_000);
    const drawn = await ledger.settleShard(SHARD, { turn: 10, version: 1, costMicros: 0 }, 100, 600);
    expect(drawn).toEqual({ kind: 'settled', ceilingMicros: 600, availableMicros: 1_000 });
    expect(await ledger.settleShard(SHARD, { turn: 9, version: 2, costMicros: 50 }, 0, 0)).toEqual({ kind: 'stale', turn: 10 });
    expect((await ledger.settleShard(8 as ShardNumber, { turn: 1, version: 1, costMicros: 0 }, 400, 500)).kind).toBe('settled');
    expect(await ledger.settleShard(9 as ShardNumber, { turn: 1, version: 1, costMicros: 0 }, 0, 1)).toMatchObject({ availableMicros: 0 });
  });
});
