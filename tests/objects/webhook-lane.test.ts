import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { describe, expect, it, vi } from 'vitest';
import { STEPS } from '../../durable-objects/webhook-lane/storage-steps';
import { migrate } from '../../durable-objects/kit/storage';
import { WEBHOOK_DISABLED_AFTER_MS, WEBHOOK_PAUSES_MS } from '../../schema/limits';
import type { LaneEvent } from '../../schema/protocol/webhook-lane';
import { changeEndpoint, findEndpoint, rotateSecret } from '../../workers/gateways/stores/endpoints';
import { isSignedWith, makeEndpoint, type TestEndpoint } from '../support/webhooks';
import { makeWorld } from '../support/world';
import { mailsTo } from '../support/world/mailbox';

const waiting = { timeout: 15_000, interval: 30 };
const event = (name: string): LaneEvent => [`${name} delivered`, 'receipt', JSON.stringify({ type: 'receipt', data: { id: name } })];
const events = (count: number): string => JSON.stringify(Array.from({ length: count }, (_, at) => event(`m${at}`)));
const idsIn = (body: string): string[] => {
  const said = JSON.parse(body) as { data: { id: string } | { data: { id: string } }[] };
  return Array.isArray(said.data) ? said.data.map(({ data }) => data.id) : [said.data.id];
};

async function until(check: () => Promise<void>): Promise<void> {
  await vi.waitFor(check, waiting);
}
const seen = async ({ customer }: TestEndpoint, count: number) => {
  await until(async () => expect((await customer.seen()).length).toBeGreaterThanOrEqual(count));
  return await customer.seen();
};
/** As if what is planned were due now. */
async function dueNow({ stub }: TestEndpoint): Promise<void> {
  await runInDurableObject(stub, (_lane, { storage }) => {
    storage.sql.exec('UPDATE deliveries SET next_at = 1 WHERE next_at IS NOT NULL');
    storage.sql.exec('UPDATE lane SET paused_until = 0');
  });
  await evictDurableObject(stub);
  await runDurableObjectAlarm(stub);
}

describe('an event', () => {
  it('reaches the customer once, signed so that an independent reader accepts it', async () => {
    const world = await makeWorld();
    const endpoint = await makeEndpoint(world, { headers: { 'x-shop': 'beijing-2' } });
    await endpoint.lane.announce(endpoint.id, events(1));
    const [request] = await seen(endpoint, 1);
    if (!request) throw new Error('nothing came');
    expect(request).toMatchObject({ method: 'POST', body: JSON.stringify({ type: 'receipt', data: { id: 'm0' } }) });
    expect(request.headers).toMatchObject({ 'x-shop': 'beijing-2', 'content-type': 'application/json; charset=utf-8' });
    const [secret = ''] = await endpoint.secrets();
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(isSignedWith(secret, request)).toBe(true);
    expect(isSignedWith(secret, { ...request, body: `${request.body} ` })).toBe(false);
    expect(Math.abs(Number(request.headers['webhook-timestamp']) * 1_000 - request.at)).toBeLessThan(2_000);
    await until(async () => expect(await endpoint.lane.state()).toEqual({ waiting: 0, failingSince: null, nextAt: null }));
  });

  it('told again, at once or later, is dropped', async () => {
    const endpoint = await makeEndpoint(await makeWorld());
    const answers = await Promise.all([endpoint.lane.announce(endpoint.id, events(3)), endpoint.lane.announce(endpoint.id, events(3))]);
    expect(answers.map((answer) => answer.kind === 'taken' && answer.events).sort()).toEqual([0, 3]);
    await seen(endpoint, 3);
    expect(await endpoint.lane.announce(endpoint.id, events(4))).toEqual({ kind: 'taken', events: 1, repeats: 3 });
    await seen(endpoint, 4);
    await until(async () => expect((await endpoint.lane.state()).waiting).toBe(0));
    expect((await endpoint.customer.seen()).flatMap(({ body }) => idsIn(body)).sort()).toEqual(['m0', 'm1', 'm2', 'm3']);
  });

  it('travels with others where the endpoint wants batches, up to as many as it wants', async () => {
    const endpoint = await makeEndpoint(await makeWorld(), { batchMax: 100 });
    await endpoint.lane.announce(endpoint.id, events(250));
    await until(async () => expect((await endpoint.lane.state()).waiting).toBe(0));
    const requests = await endpoint.customer.seen();
    expect(requests.map(({ body }) => idsIn(body).length).sort((a, b) => a - b)).toEqual([50, 100, 100]);
    expect(requests[0]?.body).toMatch(/^\{"type":"batch","timestamp":"\d{4}-/);
    const [secret = ''] = await endpoint.secrets();
    expect(requests.every((request) => isSignedWith(secret, request))).toBe(true);
  });
});

describe('a secret that is replaced', () => {
  it('signs beside the new one, and is gone after one more rotation', async () => {
    const world = await makeWorld();
    const endpoint = await makeEndpoint(world);
    const [first = ''] = await endpoint.secrets();
    const second = await rotateSecret(world.gateways, world.tenant, endpoint.id, Date.now());
    await endpoint.lane.refresh(endpoint.id);
    await endpoint.lane.announce(endpoint.id, events(1));
    const [both] = await seen(endpoint, 1);
    if (!both) throw new Error('nothing came');
    expect([first, second].map((secret) => isSignedWith(secret, both))).toEqual([true, true]);
    await rotateSecret(world.gateways, world.tenant, endpoint.id, Date.now());
    expect(await endpoint.secrets()).toHaveLength(2);
    expect(await endpoint.secrets()).not.toContain(first);
  });
});

describe('a customer in trouble', () => {
  it.each([
    ['answers 500', { status: 500, body: 'no database' }, { status: 500, error: 'status', answer: 'no database' }],
    ['redirects', { status: 302, headers: { location: 'http://169.254.169.254/' } }, { status: 302, error: 'redirect' }],
    ['breaks the connection', { breaks: true }, { status: null, error: 'unreachable' }],
  ])('that %s is tried again after a pause, with the same id', async (_what, reply, shown) => {
    const endpoint = await makeEndpoint(await makeWorld());
    await endpoint.customer.answers(reply, { status: 204 });
    await endpoint.lane.announce(endpoint.id, events(1));
    await until(async () => expect(await endpoint.lane.attempts(null, 10)).toHaveLength(1));
    const [failed] = await endpoint.lane.attempts(null, 10);
    expect(failed).toMatchObject({ ...shown, deliveryState: 'waiting', url: endpoint.customer.url, events: 1 });
    const pause = (failed?.nextAt ?? 0) - (failed?.at ?? 0);
    expect(pause).toBeGreaterThanOrEqual(WEBHOOK_PAUSES_MS[0]);
    expect(pause).toBeLessThan(WEBHOOK_PAUSES_MS[0] * 1.3);
    await dueNow(endpoint);
    const [first, second] = await seen(endpoint, 2);
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    expect(second?.body).toBe(first?.body);
    await until(async () => expect((await endpoint.lane.attempts(null, 10)).map(({ status }) => status)).toEqual([204, shown.status]));
    expect(await endpoint.lane.state()).toMatchObject({ waiting: 0, failingSince: null });
  });

  it('that asks for time gets it, and nothing else is sent until then', async () => {
    const endpoint = await makeEndpoint(await makeWorld());
    await endpoint.customer.answers({ status: 429, headers: { 'retry-after': '120' } }, { status: 200 });
    await endpoint.lane.announce(endpoint.id, JSON.stringify([event('a')]));
    await seen(endpoint, 1);
    await until(async () => expect(await endpoint.lane.attempts(null, 10)).toHaveLength(1));
    await endpoint.lane.announce(endpoint.id, JSON.stringify([event('b')]));
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await endpoint.customer.seen()).toHaveLength(1);
    const [attempt] = await endpoint.lane.attempts(null, 1);
    expect((attempt?.nextAt ?? 0) - (attempt?.at ?? 0)).toBeGreaterThanOrEqual(120_000);
  });

  it('is given up after the last pause, and what it missed can be replayed', async () => {
    const endpoint = await makeEndpoint(await makeWorld());
    await endpoint.customer.answers({ status: 500 });
    await endpoint.lane.announce(endpoint.id, events(1));
    for (let tries = 1; tries <= WEBHOOK_PAUSES_MS.length + 1; tries += 1) {
      await until(async () => expect(await endpoint.lane.attempts(null, 20)).toHaveLength(tries));
      await dueNow(endpoint);
    }
    expect((await endpoint.lane.attempts(null, 1))[0]).toMatchObject({ deliveryState: 'failed', nextAt: null });
    expect((await endpoint.lane.state()).waiting).toBe(0);
    await endpoint.customer.answers({ status: 200 });
    expect(await endpoint.lane.replay(endpoint.id, { from: 0, until: Date.now() + 1, which: 'failed' })).toBe(1);
    await until(async () => expect((await endpoint.lane.attempts(null, 1))[0]).toMatchObject({ status: 200, deliveryState: 'delivered' }));
    expect(new Set((await endpoint.customer.seen()).map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(await endpoint.lane.replay(endpoint.id, { from: 0, until: Date.now() + 1, which: 'failed' })).toBe(0);
    const [delivered] = await endpoint.lane.attempts(null, 1);
    expect(await endpoint.lane.replay(endpoint.id, { delivery: delivered?.delivery ?? '' })).toBe(1);
    await until(async () => expect((await endpoint.lane.attempts(null, 20)).length).toBe(WEBHOOK_PAUSES_MS.length + 3));
  });

  it('for three days is switched off, and its owners get a mail; switched on again it goes on', async () => {
    const world = await makeWorld();
    const endpoint = await makeEndpoint(world, { name: 'Warehouse' });
    await endpoint.customer.answers({ status: 503 });
    await endpoint.lane.announce(endpoint.id, events(1));
    await until(async () => expect(await endpoint.lane.attempts(null, 10)).toHaveLength(1));
    await runInDurableObject(endpoint.stub, (_lane, { storage }) => {
      storage.sql.exec('UPDATE lane SET failing_since = ?', Date.now() - WEBHOOK_DISABLED_AFTER_MS);
    });
    await dueNow(endpoint);
    await until(async () =>
      expect(await findEndpoint(world.gateways.database, world.tenant, endpoint.id)).toMatchObject({ enabled: false, trouble: 'failing' }),
    );
    await until(async () =>
      expect((await mailsTo(world.email)).map(({ subject }) => subject)).toEqual([expect.stringContaining('Warehouse')]),
    );
    const tries = (await endpoint.lane.attempts(null, 10)).length;
    await dueNow(endpoint);
    expect(await endpoint.lane.attempts(null, 10)).toHaveLength(tries);
    await endpoint.customer.answers({ status: 200 });
    await changeEndpoint(world.gateways, world.tenant, endpoint.id, { enabled: true }, Date.now());
    await endpoint.lane.refresh(endpoint.id);
    await dueNow(endpoint);
    await until(async () => expect((await endpoint.lane.state()).waiting).toBe(0));
  });

  it('that says it is gone is switched off at once', async () => {
    const world = await makeWorld();
    const endpoint = await makeEndpoint(world);
    await endpoint.customer.answers({ status: 410 });
    await endpoint.lane.announce(endpoint.id, events(1));
    await until(async () =>
      expect(await findEndpoint(world.gateways.database, world.tenant, endpoint.id)).toMatchObject({ enabled: false, trouble: 'gone' }),
    );
  });

  it('delays no other: while one hangs, a hundred events reach the other', async () => {
    const world = await makeWorld();
    const [slow, quick] = [await makeEndpoint(world), await makeEndpoint(world)];
    await slow.customer.answers({ delayMs: 10_000 });
    await slow.lane.announce(slow.id, events(100));
    const startedAt = Date.now();
    await quick.lane.announce(quick.id, events(100));
    await until(async () => expect((await quick.lane.state()).waiting).toBe(0));
    expect(Date.now() - startedAt).toBeLessThan(5_000);
    expect((await slow.lane.state()).waiting).toBe(100);
  });
});

describe('a lane', () => {
  it('that dies while it sends sends again, under the same id', async () => {
    const endpoint = await makeEndpoint(await makeWorld());
    await endpoint.customer.answers({ delayMs: 1_500 }, { status: 200 });
    await endpoint.lane.announce(endpoint.id, events(1));
    await seen(endpoint, 1);
    await evictDurableObject(endpoint.stub);
    await runDurableObjectAlarm(endpoint.stub);
    await until(async () => expect((await endpoint.lane.state()).waiting).toBe(0));
    expect(new Set((await endpoint.customer.seen()).map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  });

  it('shows what it sent and got, without secrets', async () => {
    const endpoint = await makeEndpoint(await makeWorld(), { headers: { authorization: 'Bearer very-secret-token' } });
    await endpoint.customer.answers({ status: 401, body: 'bad token: Bearer very-secret-token\u0000' });
    await endpoint.lane.announce(endpoint.id, events(1));
    await until(async () => expect(await endpoint.lane.attempts(null, 10)).toHaveLength(1));
    const shown = JSON.stringify(await endpoint.lane.attempts(null, 10));
    expect(shown).toContain('bad token: ***');
    for (const secret of ['very-secret-token', 'whsec_', ...(await endpoint.secrets())]) expect(shown).not.toContain(secret);
  });

  it.each(STEPS.map((_, done) => done))('whose storage stopped after %i steps becomes the newest shape', async (done) => {
    const { stub } = await makeEndpoint(await makeWorld());
    await runInDurableObject(stub, async (_lane, { storage }) => {
      await storage.deleteAll();
      migrate(storage, STEPS.slice(0, done));
      migrate(storage, STEPS);
      expect(storage.sql.exec('SELECT version FROM storage_version').one()).toEqual({ version: STEPS.length });
    });
  });
});
