import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { MAGIC_OUTCOMES } from '../../workers/rules/magic-numbers';
import { startFakeCarrier } from '../support/fake-carrier';
import type { FakeCarrier } from '../support/fake-carrier';
import { send } from './send';
import { startReceiver } from './webhook-receiver';
import type { WebhookReceiver } from './webhook-receiver';

let carrier: FakeCarrier;
let receiver: WebhookReceiver;
beforeAll(async () => {
  [carrier, receiver] = await Promise.all([startFakeCarrier({ vars: { API_KEY: 'from-vars' } }), startReceiver()]);
});
afterAll(() => Promise.all([carrier.stop(), receiver.stop()]));
beforeEach(() => receiver.clear());
afterEach(() => carrier.reset());

const write = (method: string, body: unknown, path = '/control'): Promise<Response> =>
  fetch(carrier.url + path, { method, body: typeof body === 'string' ? body : JSON.stringify(body) });

describe('/control', () => {
  test('starts from the vars of the Worker', async () => {
    expect(await (await fetch(`${carrier.url}/control`)).json()).toMatchObject({
      answerDelayMs: 0,
      throttlePerSecond: null,
      receiptUrl: 'http://localhost:8787/carriers/vonage/receipts',
      accounts: [{ apiKey: 'from-vars', apiSecret: 'demo-secret', signatureSecret: 'demo-signature-secret', signatureMethod: 'sha256' }],
    });
  });

  test('PATCH keeps what it does not name, PUT does not', async () => {
    await write('PATCH', { answerDelayMs: 5 });
    expect(await (await write('PATCH', { hangMs: 7 })).json()).toMatchObject({ answerDelayMs: 5, hangMs: 7 });
    expect(await (await write('PUT', { hangMs: 8 })).json()).toMatchObject({ answerDelayMs: 0, hangMs: 8 });
  });

  test('delivered takes what the other outcomes leave', async () => {
    expect((await carrier.control({ outcomes: { failed: { 6: 0.25 }, missing: 0.25 } })).outcomes).toEqual({
      delivered: 0.5,
      failed: { 6: 0.25 },
      expired: 0,
      rejected: 0,
      unknown: 0,
      missing: 0.25,
    });
  });

  test.each<[string, unknown]>([
    ['answerDelayMs', { answerDelayMs: -1 }],
    ['answerDelayMs', { answerDelayMs: 'soon' }],
    ['hangShare', { hangShare: 1.5 }],
    ['httpErrorShare', { httpErrorShare: 0.6, hangShare: 0.6 }],
    ['outcomes', { outcomes: { delivered: 0.5 } }],
    ['outcomes', { outcomes: { expired: 0.7, missing: 0.7 } }],
    ['outcomes.failed', { outcomes: { failed: { 77: 1 } } }],
    ['refusals', { refusals: { 13: 1 } }],
    ['refusals', { refusals: { 5: 0.7, 6: 0.7 } }],
    ['accounts', { accounts: [] }],
    ['accounts.0.signatureMethod', { accounts: [{ apiKey: 'a', apiSecret: 'b', signatureSecret: 'c', signatureMethod: 'sha3' }] }],
    ['receiptUrl', { receiptUrl: 'ftp://example.com' }],
    ['receiptMethod', { receiptMethod: 'xml' }],
    ['throttlePerSecond', { throttlePerSecond: 0 }],
    ['noSuchKnob', { noSuchKnob: 1 }],
    ['', [1, 2]],
    ['', 'not json'],
  ])('refuses bad input and names the field: %s', async (field, body) => {
    const before = await carrier.control({});
    const response = await write('PATCH', body);
    expect(response.status).toBe(400);
    const { errors } = await response.json<{ errors: { field: string; message: string }[] }>();
    expect(errors.map((error) => error.field)).toContain(field);
    expect(errors.every(({ message }) => message.length > 0)).toBe(true);
    expect(await carrier.control({})).toEqual(before);
  });

  test('reset brings back the defaults, empties the counters and forgets what is owed', async () => {
    await carrier.control({ hangMs: 1, receiptUrl: receiver.url, receiptDelayMs: 200, receiptSpreadMs: 0 });
    await send(carrier.url, { api_key: 'from-vars' });
    await carrier.reset();
    expect(await carrier.control({})).toMatchObject({ hangMs: 120_000 });
    expect(await carrier.stats()).toEqual({
      requests: 0,
      accepted: 0,
      parts: 0,
      distinctRefs: 0,
      repeats: 0,
      repeatExamples: [],
      byStatus: {},
      byFault: {},
      receipts: { pending: 0, sent: 0, byStatus: {}, retried: 0, failed: 0 },
      inbound: { sent: 0, failed: 0 },
      peakPerSecond: 0,
    });
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(receiver.received).toHaveLength(0);
    expect(await carrier.messages()).toEqual([]);
  });

  test.each([
    ['DELETE', '/control', 405],
    ['GET', '/control/reset', 405],
    ['GET', '/control/inbound', 405],
    ['PUT', '/sms/json', 405],
    ['GET', '/sms/xml', 404],
  ])('%s %s is a %d', async (method, path, status) => {
    expect((await fetch(carrier.url + path, { method })).status).toBe(status);
  });
});

test('stats tell a message that was accepted twice from one that was refused and sent again', async () => {
  const key = { api_key: 'from-vars' };
  await carrier.control({ receiptUrl: null, throttlePerSecond: 3 });
  for (const ref of ['a', 'b', 'a', 'c']) await send(carrier.url, { ...key, 'client-ref': ref });
  await new Promise((resolve) => setTimeout(resolve, 1_050));
  await send(carrier.url, { ...key, 'client-ref': 'c' });
  expect(await carrier.stats()).toMatchObject({
    requests: 5,
    accepted: 4,
    distinctRefs: 3,
    repeats: 1,
    repeatExamples: ['a'],
    byStatus: { 0: 4, 1: 1 },
  });
});

test('a full backlog of receipts throttles new messages', async () => {
  await carrier.control({ maxPendingReceipts: 2, receiptUrl: receiver.url, receiptDelayMs: 60_000 });
  const key = { api_key: 'from-vars' };
  for (const status of ['0', '0', '1']) expect((await send(carrier.url, key)).messages[0]?.status).toBe(status);
});

test('messages are listed newest first, and found by recipient', async () => {
  await carrier.control({ receiptUrl: null });
  for (const to of ['447700900001', '447700900002', '447700900001'])
    await send(carrier.url, { api_key: 'from-vars', to, text: `to ${to}` });
  expect((await carrier.messages()).map(({ to }) => to)).toEqual(['447700900001', '447700900002', '447700900001']);
  expect(await carrier.messages({ to: '447700900002' })).toMatchObject([{ from: 'JMC', text: 'to 447700900002', parts: 1 }]);
  expect(await carrier.messages({ limit: 1 })).toHaveLength(1);
});

describe('for people', () => {
  test('the page shows the knobs and escapes what it shows', async () => {
    await carrier.control({ refusedSenders: ['<script>alert(1)</script>'] });
    const html = await (await fetch(carrier.url)).text();
    expect(html).toContain('answerDelayMs');
    expect(html).toContain('15005554008');
    expect(html).not.toContain('<script>');
  });

  test('healthz', async () => {
    expect(await (await fetch(`${carrier.url}/healthz`)).json()).toEqual({ ok: true });
  });

  test('the README explains every knob and every magic number', async () => {
    const readme = readFileSync('workers/simulator/README.md', 'utf8');
    const knobs = Object.keys(await carrier.control({}));
    expect(knobs.filter((knob) => !readme.includes(`\`${knob}\``))).toEqual([]);
    // Err-codes and statuses are one line each: 1000 + code, 2000 + status.
    const numbers = [...MAGIC_OUTCOMES.keys()]
      .filter((suffix) => suffix === 0 || suffix > 3_000)
      .map((suffix) => String(suffix).padStart(4, '0'));
    expect(numbers.filter((suffix) => !readme.includes(`| ${suffix} |`))).toEqual([]);
  });
});

test('the messages of a sender are kept while a campaign of another passes', async () => {
  await carrier.control({ receiptUrl: null });
  await send(carrier.url, { api_key: 'from-vars', from: 'CODES', text: 'a code' });
  for (let left = 1_200; left > 0; left -= 100)
    await Promise.all(Array.from({ length: 100 }, () => send(carrier.url, { api_key: 'from-vars', text: 'a campaign' })));
  expect(await carrier.messages({ from: 'CODES' })).toMatchObject([{ text: 'a code' }]);
  const campaign = await carrier.messages({ from: 'JMC', limit: 1_000 });
  expect(campaign).toHaveLength(1_000);
  expect(campaign.filter(({ from }) => from !== 'JMC')).toEqual([]);
});
