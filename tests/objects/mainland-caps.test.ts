/** How often which text may go to a mainland number: counted by tenant, over the API and tasks alike. */
import { env } from 'cloudflare:workers';
import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { describe, expect, inject, it, vi } from 'vitest';
import type { Env } from '../../schema/env';
import { newKeyId, newTenantId, type Iso2, type ShardNumber, type TenantId } from '../../schema/ids';
import { MAINLAND_DIFFERENT, MAINLAND_IDENTICAL, MAINLAND_ROWS_AHEAD, MAINLAND_WINDOW_MS } from '../../schema/limits';
import type { MainlandText } from '../../schema/protocol/mainland-caps';
import type { KeyVerdict, ScreenedRecipient } from '../../schema/protocol/objects';
import { mainlandCapsName } from '../../schema/storage-keys';
import { textHash } from '../../workers/gateways/text-hash';
import { apiClient } from '../support/api-client';
import { openShard, taskRows } from '../support/shards';
import { makeWorld, worldGateways } from '../support/world';

const bindings = env as unknown as Env;
const CN = 'CN' as Iso2;
const NUMBER = 8_613_800_138_001;
const WAIT = { timeout: 20_000, interval: 50 };

const capsOf = (tenant: TenantId) => worldGateways().objects.mainlandCaps(tenant);
const stubOf = (tenant: TenantId): DurableObjectStub => bindings.MAINLAND_CAPS.getByName(mainlandCapsName(tenant));
const textsOf = (...texts: MainlandText[]): string => JSON.stringify(texts);
const times = (count: number, text: MainlandText): MainlandText[] => Array.from({ length: count }, () => text);

async function openGate(
  tenant: TenantId,
  wish: { readonly perSecond?: number; readonly test?: boolean; readonly dailyMessages?: number } = {},
) {
  const key = newKeyId();
  const gate = worldGateways().objects.keyGate(key);
  await gate.configure({ key, tenant, kind: 'marketing', enabled: true, test: false, perSecond: 10_000, ipAllowlist: [], ...wish });
  await gate.addSecret('aa');
  const ask = (...to: ScreenedRecipient[]): Promise<KeyVerdict> =>
    gate.admitRequest({
      credential: { kind: 'secret', sha256: 'aa' },
      address: null,
      recipientsJson: JSON.stringify(to),
      repeat: null,
    });
  return { gate, ask };
}
const blockedOf = (verdict: KeyVerdict): unknown => (verdict.kind === 'admitted' ? verdict.blocked : verdict.kind);
const text = (body: number, recipient = NUMBER): ScreenedRecipient => [recipient, CN, 10_000, body];

describe('the keys of a tenant', () => {
  it('send three identical and fifteen different messages a day to a mainland number, whoever of them it is', async () => {
    const tenant = newTenantId();
    const [first, second] = await Promise.all([openGate(tenant), openGate(tenant)]);
    expect(blockedOf(await first.ask(text(1), text(1), text(1, NUMBER + 1)))).toEqual([null, null, null]);
    expect(blockedOf(await second.ask(text(1), text(1)))).toEqual([null, 'too_many_identical']);
    const different = Array.from({ length: MAINLAND_DIFFERENT }, (_, at) => text(at + 2));
    expect(blockedOf(await second.ask(...different))).toEqual([
      ...Array.from({ length: MAINLAND_DIFFERENT - 1 }, () => null),
      'too_many_different',
    ]);
    expect(blockedOf(await first.ask(text(5)))).toEqual([null]);
    const another = await openGate(newTenantId());
    expect(blockedOf(await another.ask(text(1)))).toEqual([null]);
  });

  it('are counted exactly when 200 requests come at once', async () => {
    const tenant = newTenantId();
    const gates = await Promise.all([1, 2, 3, 4].map(() => openGate(tenant)));
    const verdicts = await Promise.all(gates.flatMap(({ ask }) => Array.from({ length: 50 }, () => ask(text(7)))));
    expect(verdicts.filter((verdict) => verdict.kind === 'admitted' && verdict.blocked[0] === null)).toHaveLength(MAINLAND_IDENTICAL);
  });

  it('use up nothing with what does not go: over the rate, over a daily cap, on the blacklist, with a test key', async () => {
    const tenant = newTenantId();
    const [slow, capped, listed, test] = await Promise.all([
      openGate(tenant, { perSecond: 1 }),
      openGate(tenant, { dailyMessages: 0 }),
      openGate(tenant),
      openGate(tenant, { test: true }),
    ]);
    await slow.ask(text(100, NUMBER + 1), text(100, NUMBER + 2), text(100, NUMBER + 3));
    await listed.gate.addNumbers(`[${NUMBER}]`, 'user');
    for (let time = 1; time <= 4; time += 1) {
      expect(blockedOf(await slow.ask(text(1)))).toBe('rate_limited');
      expect(blockedOf(await capped.ask(text(1)))).toEqual(['daily_messages']);
      expect(blockedOf(await listed.ask(text(1)))).toEqual(['blacklisted']);
      expect(blockedOf(await test.ask(text(1)))).toEqual([null]);
    }
    expect(await capsOf(tenant).count(textsOf(...times(4, [NUMBER, 1])))).toEqual([
      expect.any(Number),
      expect.any(Number),
      expect.any(Number),
      'too_many_identical',
    ]);
  });
});

describe('a text', () => {
  it('is forgotten after 24 hours, not at midnight', async () => {
    const tenant = newTenantId();
    await capsOf(tenant).count(textsOf(...times(3, [NUMBER, 1])));
    await runInDurableObject(stubOf(tenant), (_, { storage }) => {
      storage.sql.exec('UPDATE texts SET at = at - ? WHERE n = 1', MAINLAND_WINDOW_MS);
    });
    expect(await capsOf(tenant).count(textsOf(...times(2, [NUMBER, 1])))).toEqual([expect.any(Number), 'too_many_identical']);
    expect(await runDurableObjectAlarm(stubOf(tenant))).toBe(true);
    const left = await runInDurableObject(
      stubOf(tenant),
      (_, { storage }) => storage.sql.exec('SELECT count(*) AS n FROM texts').one()['n'],
    );
    expect(left).toBe(3);
  });
});

describe('rows of a task', () => {
  it('that are asked for again after a crash are answered as before, however far the first call went', async () => {
    const tenant = newTenantId();
    const shard = 7 as ShardNumber;
    await capsOf(tenant).count(textsOf([NUMBER, 1], [NUMBER, 1]));
    const rows = JSON.stringify([
      [1, NUMBER, 1],
      [2, NUMBER, 1],
    ]);
    const judged = { last: 2, blocked: [[2, 'too_many_identical']] };
    expect(await capsOf(tenant).countRows(shard, 1, 2, rows)).toEqual(judged);
    expect(await capsOf(tenant).countRows(shard, 1, 1, JSON.stringify([[1, NUMBER, 1]]))).toEqual(judged);
    expect(await capsOf(tenant).countRows(shard, 1, 3, JSON.stringify([...JSON.parse(rows), [3, NUMBER, 2]]))).toEqual({
      ...judged,
      last: 3,
    });
    const counted = await runInDurableObject(
      stubOf(tenant),
      (_, { storage }) => storage.sql.exec('SELECT count(*) AS n FROM texts').one()['n'],
    );
    expect(counted).toBe(4);
  });

  it('that would be one message too many are blocked before they leave, at no cost, and the others go', async () => {
    const { shard, world, settings } = await openShard();
    const { tenant } = world;
    const hash = textHash(bindings, 'Hello');
    await capsOf(tenant).count(textsOf(...times(3, [NUMBER, hash])));
    const others = taskRows(5, NUMBER + 1);
    await shard.acceptRange(0, [JSON.stringify([[NUMBER, CN, 1, 31_200, null], ...others, [6_591_234_567, 'SG', 1, 41_200, null]])]);
    await shard.start(Date.now());
    await vi.waitFor(async () => expect((await shard.totals()).byState).toEqual({ blocked: 1, submitted: 6 }), WAIT);
    expect(await shard.find(1)).toMatchObject({ state: 'blocked', error: 'too_many_identical', submittedAt: null });
    expect(await shard.totals()).toMatchObject({ costMicros: 5 * 31_200 + 41_200 });
    // What the task sent counts for the API as well.
    const once = await capsOf(tenant).count(textsOf(...times(3, [NUMBER + 1, hash])));
    expect(once.map((verdict) => typeof verdict)).toEqual(['number', 'number', 'string']);
    expect(settings.test).toBe(false);
  });

  it('that are all too many end the task without waiting for the carrier’s pace', async () => {
    const { shard, world } = await openShard({ carrier: { perSecond: 1 } });
    const rows = taskRows(2 * MAINLAND_ROWS_AHEAD + 10, NUMBER + 10_000);
    const hash = textHash(bindings, 'Hello');
    const texts = rows.map(([recipient]): MainlandText => [recipient, hash]);
    for (let time = 1; time <= 3; time += 1) await capsOf(world.tenant).count(textsOf(...texts));
    await shard.acceptRange(0, [JSON.stringify(rows)]);
    await shard.start(Date.now());
    await vi.waitFor(
      async () => expect(await shard.totals()).toMatchObject({ byState: { blocked: rows.length }, costMicros: 0, done: true }),
      WAIT,
    );
  });

  it('with texts of their own are counted by what each of them says', async () => {
    const { shard, world } = await openShard({ text: 'Hi {{name}}', columns: ['name'] });
    await capsOf(world.tenant).count(textsOf(...times(3, [NUMBER, textHash(bindings, 'Hi Ann')])));
    const rows = [
      [NUMBER, CN, 1, 31_200, '["Ann"]'],
      [NUMBER + 1, CN, 1, 31_200, '["Ben"]'],
    ];
    await shard.acceptRange(0, [JSON.stringify(rows)]);
    await shard.start(Date.now());
    await vi.waitFor(async () => expect((await shard.totals()).byState).toEqual({ blocked: 1, submitted: 1 }), WAIT);
    expect(await shard.find(1)).toMatchObject({ body: 'Hi Ann', state: 'blocked' });
  });

  it('of a test key, or to other countries, ask nobody', async () => {
    const { shard, world } = await openShard({ test: true });
    await shard.acceptRange(0, [JSON.stringify(taskRows(3, NUMBER))]);
    await shard.start(Date.now());
    await vi.waitFor(async () => expect((await shard.totals()).done).toBe(true), WAIT);
    const counted = await runInDurableObject(
      stubOf(world.tenant),
      (_, { storage }) => storage.sql.exec('SELECT count(*) AS n FROM texts').one()['n'],
    );
    expect(counted).toBe(0);
  });
});

it('the API and a task of one tenant count together', async () => {
  const world = await makeWorld({ restHost: inject('carrierUrl'), perSecond: 10_000 });
  const to = '+8613800138044';
  const client = apiClient(world.marketing);
  const wanted = { from: 'JINMU', text: 'Hello', to: [to, to] };
  expect((await client.call('POST', '/v1/messages', wanted)).status).toBe(202);
  for (const state of ['submitted', 'blocked']) {
    const { shard } = await openShard({ world });
    await shard.acceptRange(0, [JSON.stringify([[8_613_800_138_044, CN, 1, 31_200, null]])]);
    await shard.start(Date.now());
    await vi.waitFor(async () => expect((await shard.totals()).byState).toEqual({ [state]: 1 }), WAIT);
  }
});
