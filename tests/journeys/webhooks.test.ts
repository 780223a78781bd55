/** Webhooks of the built platform, as a customer's server sees them: the library of Standard Webhooks judges every request. */
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WEBHOOK_ENDPOINTS_KNOWN_MS } from '../../schema/limits';
import type { DemoKey } from '../../scripts/platform/local-platform';
import { serveCustomer, type RunningCustomer, type SeenRequest } from '../support/fake-customer';
import { openMailbox, type FakeCustomer } from '../support/fake-customer-client';
import { startJourney, until, type Journey } from './support/journey';

const WAIT_MS = 30_000;
let journey: Journey;
let server: RunningCustomer;
beforeAll(async () => {
  server = await serveCustomer();
  journey = await startJourney();
});
afterAll(async () => {
  await journey.stop();
  await server.stop();
});

async function call<Answer>(method: string, path: string, body?: object): Promise<Answer> {
  const key = journey.platform.line.demo.keys.find((one: DemoKey) => one.kind === 'transactional' && !one.test);
  if (!key) throw new Error('the demo has no such key');
  const answer = await fetch(journey.platform.url + path, {
    method,
    headers: { authorization: `Bearer ${key.baseKey}:${key.secret}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Answer;
}
const idsIn = (requests: readonly SeenRequest[]): string[] =>
  requests.map(({ body }) => (JSON.parse(body) as { data: { id: string } }).data.id).toSorted();
const untilSeen = (customer: FakeCustomer, count: number): Promise<SeenRequest[]> =>
  until(
    'the webhooks',
    WAIT_MS,
    () => customer.seen(),
    (seen) => seen.length >= count,
  );

describe('an endpoint', () => {
  it('hears of every message, signed so that the library accepts it, though its server was down at first', async () => {
    const customer = openMailbox(server.url);
    await customer.answers({ status: 503 }, { status: 200 });
    const { secret } = await call<{ secret: string }>('POST', '/v1/webhooks', { url: customer.url, events: ['receipt'] });
    const to = Array.from({ length: 20 }, (_, at) => `+6596781${String(at).padStart(3, '0')}`);
    const { messages } = await call<{ messages: { id: string }[] }>('POST', '/v1/messages', { from: 'JINMU', text: 'Your parcel', to });
    const requests = await untilSeen(customer, 21);
    for (const { body, headers } of requests) expect(new Webhook(secret).verify(body, headers)).toMatchObject({ type: 'receipt' });
    expect([...new Set(idsIn(requests))]).toEqual(messages.map(({ id }) => id).toSorted());
    const repeated = requests.map(({ headers }) => headers['webhook-id']);
    expect(new Set(repeated).size).toBe(20);
  });
});

describe('the callback of a message', () => {
  it('is signed with the secret of the callbacks', async () => {
    const customer = openMailbox(server.url);
    const { secret } = await call<{ secret: string }>('POST', '/v1/webhooks/callbacks/secrets');
    const callback = `${customer.url}?order=7`;
    await call('POST', '/v1/messages', { from: 'JINMU', text: 'Ready', to: '+6596782000', callback_url: callback, client_ref: '7' });
    const [request] = await untilSeen(customer, 1);
    if (!request) throw new Error('nothing came');
    expect(new Webhook(secret).verify(request.body, request.headers)).toMatchObject({ type: 'receipt', data: { client_ref: '7' } });
  });
});

describe('a customer in trouble', () => {
  it('delays nobody else: neither other endpoints of its tenant nor callbacks', async () => {
    const [slow, dead, quick, callback] = Array.from({ length: 4 }, () => openMailbox(server.url));
    if (!slow || !dead || !quick || !callback) throw new Error('no mailboxes');
    await slow.answers({ delayMs: 10_000 });
    await dead.answers({ breaks: true });
    for (const { url } of [slow, dead, quick]) await call('POST', '/v1/webhooks', { url, events: ['receipt'] });
    // Shards learn of new endpoints a few seconds later.
    await new Promise((done) => setTimeout(done, WEBHOOK_ENDPOINTS_KNOWN_MS));
    const count = 60;
    const to = Array.from({ length: count }, (_, at) => `+6596783${String(at).padStart(3, '0')}`);
    await call('POST', '/v1/messages', { from: 'JINMU', text: 'Your parcel', to });
    await call('POST', '/v1/messages', { from: 'JINMU', text: 'Yours', to: '+6596784000', callback_url: callback.url });
    const [heard, called] = await Promise.all([untilSeen(quick, count), untilSeen(callback, 1)]);
    expect([new Set(idsIn(heard)).size, called.length]).toEqual([count, 1]);
    // Nobody waited for the slow one: it is far from done.
    expect((await slow.seen()).length).toBeLessThan(count / 2);
  });
});
