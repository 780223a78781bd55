import { describe, expect, inject, it, vi } from 'vitest';
import type { EndpointId } from '../../schema/ids';
import { newSenderId } from '../../schema/ids';
import { INBOUND_JOIN_MS } from '../../schema/limits';
import { encodeMessageId } from '../../schema/message-id';
import { sealSecret } from '../../workers/gateways/sealed-secrets';
import { addSender } from '../../workers/gateways/stores/provisioning';
import { finishInbound } from '../../workers/messages/inbound-repair';
import { signParameters } from '../../workers/simulator/signature';
import { openMailbox, type FakeCustomer } from '../support/fake-customer-client';
import type { Reply } from '../support/fake-customer';
import { receipts, submitted } from '../support/receipts';
import { apiRowsJson, openApiShard, openShard, taskRowsJson, type TestShard } from '../support/shards';
import { arrive, boundNumber, inboundId } from '../support/inbound';
import { isSignedWith } from '../support/webhooks';
import { makeWorld, request, type World } from '../support/world';

const waiting = { timeout: 15_000, interval: 50 };

interface Endpoint {
  readonly id: EndpointId;
  readonly secret: string;
  readonly customer: FakeCustomer;
}
async function createEndpoint(world: World, wish: object = {}, ...replies: Reply[]): Promise<Endpoint> {
  const customer = openMailbox(inject('customerUrl'));
  if (replies.length > 0) await customer.answers(...replies);
  const answer = await world.fetch('/api/webhooks', { json: { url: customer.url, events: ['receipt', 'inbound'], ...wish } });
  expect(answer.status).toBe(201);
  const { id, secret } = (await answer.json()) as { id: EndpointId; secret: string };
  return { id, secret, customer };
}
const seen = async (customer: FakeCustomer, count: number) =>
  vi.waitFor(async () => {
    const requests = await customer.seen();
    expect(requests.length).toBeGreaterThanOrEqual(count);
    return requests;
  }, waiting);
const quiet = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 700));

describe('an endpoint', () => {
  it('is made, shown, changed and removed; its secret is shown when it is made', async () => {
    const world = await makeWorld();
    const { id, secret } = await createEndpoint(world, { name: 'Shop', headers: { Authorization: 'Bearer token-1' } });
    expect(secret).toMatch(/^whsec_/);
    const shown = await (await world.fetch(`/api/webhooks/${id}`)).text();
    expect(JSON.parse(shown)).toMatchObject({ name: 'Shop', method: 'POST', enabled: true, headerNames: ['authorization'], waiting: 0 });
    expect(shown).not.toMatch(/whsec_|token-1/);
    expect(await (await world.fetch('/api/webhooks')).json()).toMatchObject({ rows: [{ id }] });
    const changed = await world.fetch(`/api/webhooks/${id}`, { method: 'PATCH', json: { enabled: false, method: 'PUT', batchMax: 50 } });
    expect(await changed.json()).toMatchObject({ enabled: false, method: 'PUT', batchMax: 50, name: 'Shop' });
    expect((await world.fetch(`/api/webhooks/${id}`, { method: 'DELETE' })).status).toBe(204);
    expect((await world.fetch(`/api/webhooks/${id}`)).status).toBe(404);
  });

  it.each([
    ['no address', {}, 'url'],
    ['something else than an address', { url: 'shop.example.com' }, 'url'],
    ['a password in its address', { url: 'https://a:b@shop.example.com' }, 'url'],
    ['an unknown event', { url: 'https://shop.example.com', events: ['sent'] }, 'events'],
    ['no event', { url: 'https://shop.example.com', events: [] }, 'events'],
    ['too large a batch', { url: 'https://shop.example.com', batchMax: 101 }, 'batch_max'],
    ['another method', { url: 'https://shop.example.com', method: 'GET' }, 'method'],
    ['a header of ours', { url: 'https://shop.example.com', headers: { 'Webhook-Signature': 'x' } }, 'headers.Webhook-Signature'],
    ['a line break in a header', { url: 'https://shop.example.com', headers: { 'X-A': 'x\r\nY: z' } }, 'headers.X-A'],
  ])('with %s is refused by name', async (_what, json, field) => {
    const answer = await (await makeWorld()).fetch('/api/webhooks', { json });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ code: 'invalid_request', errors: [{ field }] });
  });

  it('belongs to its tenant, and viewers only look', async () => {
    const [world, other] = [await makeWorld(), await makeWorld()];
    const { id } = await createEndpoint(world);
    const viewer = await world.addUser({ role: 'viewer' });
    const as = (cookie: string, path: string, method: string, json?: object) =>
      request(path, { method, headers: { cookie }, ...(json && { json }) });
    const tries: [string, string, object?][] = [
      ['', 'PATCH', { enabled: false }],
      ['', 'DELETE'],
      ['/secrets', 'POST'],
      ['/secrets', 'GET'],
      ['/test', 'POST'],
      ['/replay', 'POST', { from: 0, until: 1 }],
    ];
    for (const [path, method, json] of tries) {
      expect((await as(viewer.cookie, `/api/webhooks/${id}${path}`, method, json)).status).toBe(403);
      expect((await as(other.cookie, `/api/webhooks/${id}${path}`, method, json)).status).toBe(404);
    }
    for (const path of ['', '/attempts']) {
      expect((await as(viewer.cookie, `/api/webhooks/${id}${path}`, 'GET')).status).toBe(200);
      expect((await as(other.cookie, `/api/webhooks/${id}${path}`, 'GET')).status).toBe(404);
    }
  });

  it('is tested by hand, and the answer is shown at once', async () => {
    const world = await makeWorld();
    const { id, secret, customer } = await createEndpoint(world, { enabled: false }, { status: 418, body: 'teapot' });
    const answer = await world.fetch(`/api/webhooks/${id}/test`, { method: 'POST' });
    expect(await answer.json()).toMatchObject({ status: 418, error: 'status', answer: 'teapot', deliveryState: 'failed', nextAt: null });
    const [sent] = await customer.seen();
    expect(sent && isSignedWith(secret, sent)).toBe(true);
    expect(JSON.parse(sent?.body ?? '')).toMatchObject({ type: 'test', data: { endpoint: id } });
  });

  it('gets a new secret beside which the old one signs on', async () => {
    const world = await makeWorld();
    const { id, secret, customer } = await createEndpoint(world);
    const rotated = (await (await world.fetch(`/api/webhooks/${id}/secrets`, { method: 'POST' })).json()) as { secret: string };
    await world.fetch(`/api/webhooks/${id}/test`, { method: 'POST' });
    const [sent] = await seen(customer, 1);
    expect(sent && [isSignedWith(secret, sent), isSignedWith(rotated.secret, sent)]).toEqual([true, true]);
    const live = (await (await world.fetch(`/api/webhooks/${id}/secrets`)).json()) as { secrets: { secret: string }[] };
    expect(live.secrets.map((one) => one.secret)).toEqual([rotated.secret, secret]);
  });
});

describe('a receipt', () => {
  it('reaches the endpoints of the tenant in the words of the API, each message once', async () => {
    const world = await makeWorld({ perSecond: 10_000 });
    const { customer, secret } = await createEndpoint(world);
    const inboundOnly = await createEndpoint(world, { events: ['inbound'] });
    const opened = await openApiShard({ world });
    await submitted(opened, 3);
    await opened.shard.applyReceipts(receipts(3));
    await opened.shard.applyReceipts(receipts(3));
    const requests = await seen(customer, 3);
    await quiet();
    expect(await customer.seen()).toHaveLength(3);
    expect(await inboundOnly.customer.seen()).toEqual([]);
    expect(requests.every((one) => isSignedWith(secret, one))).toBe(true);
    const first = requests.map(({ body }) => JSON.parse(body)).find(({ data }) => data.to === '+8613800000000');
    expect(first).toEqual({
      type: 'receipt',
      timestamp: '2026-11-23T03:00:00.000Z',
      data: {
        id: encodeMessageId(opened.settings.shard, 1),
        to: '+8613800000000',
        from: world.sender,
        kind: 'transactional',
        status: 'delivered',
        error: null,
        parts: 1,
        country: 'CN',
        network: '46000',
        price: { amount: '0.0312', currency: 'EUR' },
        created_at: expect.stringMatching(/^\d{4}-.*Z$/),
        submitted_at: expect.stringMatching(/^\d{4}-.*Z$/),
        final_at: '2026-11-23T03:00:00.000Z',
        client_ref: null,
        task_id: null,
      },
    });
  });

  it('that corrects an earlier one is told as well; a message refused by the carrier too', async () => {
    const world = await makeWorld({ perSecond: 10_000 });
    const { customer } = await createEndpoint(world);
    const { shard } = await openApiShard({ world });
    await submitted({ shard }, 1);
    await shard.applyReceipts(receipts(1, 'unknown', 1));
    await seen(customer, 1);
    await shard.applyReceipts(receipts(1));
    await seen(customer, 2);
    const refused = await openApiShard({ world });
    await refused.shard.acceptMessages(apiRowsJson(1), Date.now(), null);
    await refused.shard.claim(1, 0, '[]');
    await refused.shard.settle(1, JSON.stringify([{ row: 1, outcome: { kind: 'rejected', error: 'number_barred' } }]));
    const requests = await seen(customer, 3);
    const said = requests.map(({ body }) => (JSON.parse(body) as { data: { status: string; error: unknown } }).data);
    expect(said.map(({ status }) => status)).toEqual(['unknown', 'delivered', 'rejected']);
    expect(said[2]?.error).toEqual({ code: 'number_barred', text: 'The number is barred by the carrier' });
  });

  it('goes to the callback of its call, else to that of its task, and not to the endpoints then', async () => {
    const world = await makeWorld({ perSecond: 10_000 });
    const { customer } = await createEndpoint(world);
    const [ofCall, ofTask] = [openMailbox(inject('customerUrl')), openMailbox(inject('customerUrl'))];
    const opened = await openApiShard({ world });
    const content = JSON.stringify({ text: 'Hi', sender: 'JINMU', ref: 'order-7', callback: `${ofCall.url}?order=7` });
    await submitted(opened, 1, { content });
    await opened.shard.applyReceipts(receipts(1));
    const [called] = await seen(ofCall, 1);
    expect(called?.path).toMatch(/\?order=7$/);
    expect(JSON.parse(called?.body ?? '')).toMatchObject({ data: { client_ref: 'order-7', status: 'delivered' } });
    const { secrets } = (await (await world.fetch('/api/webhooks/callbacks/secrets')).json()) as { secrets: { secret: string }[] };
    expect(called && isSignedWith(secrets[0]?.secret ?? '', called)).toBe(true);

    const task = await openShard({ world, callbackUrl: ofTask.url });
    await task.shard.acceptRange(0, [taskRowsJson(1)]);
    await task.shard.start(Date.now());
    await vi.waitFor(
      async () => expect(await task.shard.find(1)).toMatchObject({ state: expect.stringMatching(/submitted|rejected|failed|unknown/) }),
      {
        timeout: 25_000,
      },
    );
    await task.shard.applyReceipts(receipts(1));
    await seen(ofTask, 1);
    await quiet();
    expect(await customer.seen()).toEqual([]);
  });

  it('through the Vonage face is told as Vonage would: one a part, signed when the key has a signature secret', async () => {
    const world = await makeWorld({ perSecond: 10_000 });
    const gate = world.gateways.objects.keyGate(world.marketing.id);
    const settings = await gate.settings();
    if (!settings) throw new Error('a key without settings');
    const secret = 'a signature secret';
    await gate.configure({ ...settings, signature: { secretSealed: await sealSecret(world.gateways.env, secret), method: 'sha256' } });
    const customer = openMailbox(inject('customerUrl'));
    const opened = await openApiShard({ world, traffic: 'marketing' });
    const own = { text: 'Hi', sender: 'JINMU', ref: 'order-8', callback: customer.url, callbackStyle: 'vonage' };
    await submitted(opened, 1, { content: JSON.stringify(own), parts: 2 });
    const part = (id: string) => ({ row: 1, carrierId: id, status: 'failed', errorCode: 6, network: null, receivedAt: Date.now() });
    await opened.shard.applyReceipts(JSON.stringify([part('c0'), part('c1')]));
    const told = (await seen(customer, 2)).map(({ body }) => JSON.parse(body) as Record<string, string>);
    const id = encodeMessageId(opened.settings.shard, 1);
    expect(told.map(({ messageId }) => messageId).sort()).toEqual([id, `${id}-2`]);
    for (const parameters of told) {
      expect(parameters).toMatchObject({
        msisdn: '8613800000000',
        to: 'JINMU',
        status: 'failed',
        'err-code': '6',
        price: '0.01560000',
        'client-ref': 'order-8',
        'api-key': world.marketing.id,
        scts: expect.stringMatching(/^\d{10}$/),
      });
      const { sig, ...unsigned } = parameters;
      expect(sig?.toLowerCase()).toBe(signParameters(unsigned, secret, 'sha256').toLowerCase());
    }
  });

  it('costs a tenant without endpoints no row', async () => {
    const world = await makeWorld({ perSecond: 10_000 });
    expect(await (await world.fetch('/api/webhooks')).json()).toEqual({ rows: [] });
    const opened = await openApiShard({ world });
    await submitted(opened, 2);
    await opened.shard.applyReceipts(receipts(1));
    await quiet();
    const { count, reads } = await countAnnouncements(opened);
    expect({ count, reads }).toEqual({ count: 0, reads: 0 });
  });
});

async function countAnnouncements({ stub, shard }: TestShard): Promise<{ count: number; reads: number }> {
  const { runInDurableObject } = await import('cloudflare:test');
  await shard.applyReceipts(receipts(2));
  return await runInDurableObject(stub, (_shard, { storage }) => ({
    count: storage.sql.exec<{ n: number }>('SELECT count(*) AS n FROM announcements').one().n,
    reads: storage.sql.exec<{ n: number }>('SELECT coalesce(max(n), 0) AS n FROM announcements').one().n,
  }));
}

describe('a message from a handset', () => {
  const listed = async (world: World, cookie = world.cookie) =>
    (await (await request('/api/inbound', { headers: { cookie } })).json()) as { rows: { text: string; from: string; optOut: boolean }[] };

  it('is listed for the tenant of its number and told to its endpoints, once however often it comes', async () => {
    const [world, other] = [await makeWorld(), await makeWorld()];
    const { customer, secret } = await createEndpoint(world, { events: ['inbound'] });
    const parameters = { msisdn: '8613800000001', to: await boundNumber(world), messageId: inboundId(), text: '你好 {"x":1}' };
    for (let times = 0; times < 3; times += 1) expect((await arrive(parameters)).status).toBe(200);
    const [told] = await seen(customer, 1);
    expect(told && isSignedWith(secret, told)).toBe(true);
    expect(JSON.parse(told?.body ?? '')).toMatchObject({
      type: 'inbound',
      data: { from: '+8613800000001', to: parameters.to, text: '你好 {"x":1}', parts: 1, complete: true, opt_out: false },
    });
    expect((await listed(world)).rows).toMatchObject([{ text: '你好 {"x":1}', from: '8613800000001', optOut: false }]);
    expect((await listed(other)).rows).toEqual([]);
    const viewer = await world.addUser({ role: 'viewer' });
    expect((await listed(world, viewer.cookie)).rows[0]?.from).not.toBe('8613800000001');
    await quiet();
    expect(await customer.seen()).toHaveLength(1);
  });

  it('in parts is joined whatever their order, each part as often as it likes', async () => {
    const world = await makeWorld();
    const to = await boundNumber(world);
    const parts = ['One ', 'two ', 'three'].map((text, at) => ({
      msisdn: '8613800000002',
      to,
      messageId: inboundId(),
      text,
      concat: 'true',
      'concat-ref': '17',
      'concat-total': '3',
      'concat-part': String(at + 1),
    }));
    const [one, two, three] = parts;
    if (!one || !two || !three) throw new Error('three parts');
    await Promise.all([three, one, three].map(arrive));
    expect((await listed(world)).rows).toEqual([]);
    await Promise.all([arrive(two), arrive(two)]);
    await arrive(one);
    expect((await listed(world)).rows).toMatchObject([{ text: 'One two three', parts: 3, complete: true }]);
  });

  it('of which a part never comes is joined with a gap when the wait is over', async () => {
    const world = await makeWorld();
    const to = await boundNumber(world);
    const part = { msisdn: '8613800000003', to, concat: 'true', 'concat-ref': '9', 'concat-total': '2' };
    await arrive({ ...part, messageId: inboundId(), text: 'STOP and', 'concat-part': '1' });
    await finishInbound(world.gateways, Date.now());
    expect((await listed(world)).rows).toEqual([]);
    await finishInbound(world.gateways, Date.now() + INBOUND_JOIN_MS + 1_000);
    expect((await listed(world)).rows).toMatchObject([{ text: 'STOP and…', complete: false, optOut: true }]);
  });

  it('that says stop puts its sender on a blacklist of the tenant, and of nobody else', async () => {
    const [world, other] = [await makeWorld(), await makeWorld()];
    await arrive({ msisdn: '8613800000004', to: await boundNumber(world), messageId: inboundId(), text: 'ｔｄ' });
    const gate = (of: World, key: 'marketing' | 'transactional') => of.gateways.objects.keyGate(of[key].id).screen('[8613800000004]');
    expect(await gate(world, 'marketing')).toEqual([8613800000004]);
    expect(await gate(world, 'transactional')).toEqual([]);
    expect(await gate(other, 'marketing')).toEqual([]);
    expect((await listed(world)).rows).toMatchObject([{ optOut: true }]);
  });

  it('to a number that nobody has, or that several share, is kept and shown to none', async () => {
    const [world, other] = [await makeWorld(), await makeWorld()];
    const shared = await boundNumber(world);
    await addSender(other.gateways.database, { id: newSenderId(), tenantId: other.tenant, value: shared, createdAt: Date.now() });
    expect((await arrive({ msisdn: '8613800000005', to: shared, messageId: inboundId(), text: 'Stop' })).status).toBe(200);
    expect((await arrive({ msisdn: '8613800000005', to: '999000999', messageId: inboundId(), text: 'Hello?' })).status).toBe(200);
    expect([...(await listed(world)).rows, ...(await listed(other)).rows]).toEqual([]);
    const keys = [world, other].map((one) => one.gateways.objects.keyGate(one.marketing.id).screen('[8613800000005]'));
    expect(await Promise.all(keys)).toEqual([[8613800000005], [8613800000005]]);
  });
});
