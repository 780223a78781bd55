import { createHash, createHmac } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startFakeCarrier } from '../support/fake-carrier';
import type { FakeCarrier } from '../support/fake-carrier';
import { SIGNATURE_SECRET, sdkVerifies } from './sdk';
import { ORDINARY, send } from './send';
import { startReceiver } from './webhook-receiver';
import type { WebhookReceiver } from './webhook-receiver';

let carrier: FakeCarrier;
let receiver: WebhookReceiver;
beforeAll(async () => {
  [carrier, receiver] = await Promise.all([startFakeCarrier(), startReceiver()]);
});
afterAll(() => Promise.all([carrier.stop(), receiver.stop()]));
beforeEach(async () => {
  receiver.clear();
  await carrier.control({ receiptUrl: receiver.url, receiptDelayMs: 0, receiptSpreadMs: 0, receiptRetryScale: 0.01 });
});
afterEach(() => carrier.reset());

/** Written from Vonage's description, without looking at the simulator's code. */
function independentSignature(fields: Record<string, string>, method: string): string {
  const names = Object.keys(fields).filter((name) => name !== 'sig');
  names.sort();
  const text = names.map((name) => '&' + name + '=' + String(fields[name]).split('&').join('_').split('=').join('_')).join('');
  return method === 'md5hash'
    ? createHash('md5').update(`${text}${SIGNATURE_SECRET}`).digest('hex')
    : createHmac(method, SIGNATURE_SECRET).update(text).digest('hex');
}

describe('a receipt', () => {
  test.each(['get', 'form', 'json'] as const)('comes as %s with every parameter', async (receiptMethod) => {
    await carrier.control({ receiptMethod });
    const answer = await send(carrier.url, { 'client-ref': 'a=b&c 锦', from: 'JMC' });
    const [call] = await receiver.waitFor(1);
    expect(call).toMatchObject({
      method: receiptMethod === 'get' ? 'GET' : 'POST',
      path: '/webhook',
      contentType: { get: undefined, form: 'application/x-www-form-urlencoded', json: 'application/json' }[receiptMethod],
    });
    expect(call?.fields).toEqual({
      msisdn: ORDINARY,
      to: 'JMC',
      'network-code': '23410',
      messageId: answer.messages[0]?.['message-id'],
      price: '0.03330000',
      status: 'delivered',
      scts: expect.stringMatching(/^\d{10}$/) as string,
      'err-code': '0',
      'api-key': 'demo-account',
      'client-ref': 'a=b&c 锦',
      'message-timestamp': expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/) as string,
      timestamp: expect.stringMatching(/^\d{10}$/) as string,
      nonce: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      sig: expect.stringMatching(/^[0-9A-F]{64}$/) as string,
    });
    expect(call?.fields.sig?.toLowerCase()).toBe(independentSignature(call?.fields ?? {}, 'sha256'));
  });

  test.each(['md5hash', 'md5', 'sha1', 'sha256', 'sha512'] as const)(
    'is signed by %s as the SDK and an independent reading verify it',
    async (signatureMethod) => {
      await carrier.control({
        accounts: [{ apiKey: 'demo-account', apiSecret: 'demo-secret', signatureSecret: SIGNATURE_SECRET, signatureMethod }],
      });
      await send(carrier.url, { 'client-ref': 'x=1&y=2' });
      const fields = (await receiver.waitFor(1))[0]?.fields ?? {};
      expect(fields.sig?.toLowerCase()).toBe(independentSignature(fields, signatureMethod));
      expect(sdkVerifies(fields, signatureMethod)).toBe(true);
      expect(sdkVerifies({ ...fields, status: 'failed' }, signatureMethod)).toBe(false);
    },
  );

  test('is unsigned when the account does not sign', async () => {
    await carrier.control({
      accounts: [{ apiKey: 'demo-account', apiSecret: 'demo-secret', signatureSecret: SIGNATURE_SECRET, signatureMethod: 'none' }],
    });
    await send(carrier.url, {});
    const fields = (await receiver.waitFor(1))[0]?.fields ?? {};
    expect(Object.keys(fields)).not.toEqual(expect.arrayContaining(['sig']));
    expect(fields).not.toHaveProperty('client-ref');
  });

  test('comes for each part, with the id of its part', async () => {
    const answer = await send(carrier.url, { text: 'x'.repeat(400), 'client-ref': 'long' });
    const calls = await receiver.waitFor(3);
    expect(calls.map(({ fields }) => fields.messageId).sort()).toEqual(answer.messages.map((message) => message['message-id']).sort());
    expect(calls.every(({ fields }) => fields['client-ref'] === 'long')).toBe(true);
  });

  test('goes to the callback of the request, with its query', async () => {
    await send(carrier.url, { callback: `${receiver.url.replace('/webhook', '/other')}?tenant=7` });
    const [call] = await receiver.waitFor(1);
    expect(call).toMatchObject({ path: '/other', fields: { tenant: '7', status: 'delivered' } });
  });

  test('is not sent when the request does not want one, or there is nowhere to send it', async () => {
    await send(carrier.url, { 'status-report-req': 'false' });
    await carrier.control({ receiptUrl: null });
    await send(carrier.url, {});
    expect((await carrier.stats()).receipts).toMatchObject({ pending: 0, sent: 0 });
  });

  test('waits for its delay', async () => {
    await carrier.control({ receiptDelayMs: 400 });
    const sentAt = Date.now();
    await send(carrier.url, {});
    const [call] = await receiver.waitFor(1);
    expect((call?.at ?? 0) - sentAt).toBeGreaterThanOrEqual(395);
  });
});

describe('a webhook that does not take a receipt', () => {
  test.each([429, 500, 503])('with %d gets it again, signed afresh, after 5 s, 10 s, …', async (status) => {
    receiver.answer = (response) => {
      response.statusCode = receiver.received.length < 3 ? status : 204;
      response.end();
    };
    await send(carrier.url, { 'client-ref': 'again' });
    const [first, second, third] = await receiver.waitFor(3);
    expect(await carrier.receiptsSettled()).toMatchObject({ receipts: { sent: 1, retried: 2, failed: 0, byStatus: { delivered: 1 } } });
    expect(new Set([first, second, third].map((call) => call?.fields.nonce)).size).toBe(3);
    expect(new Set([first, second, third].map((call) => call?.fields.messageId)).size).toBe(1);
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(45);
    expect((third?.at ?? 0) - (second?.at ?? 0)).toBeGreaterThanOrEqual(95);
  });

  test.each([301, 400, 403, 404])('with %d is not asked again', async (status) => {
    receiver.answer = (response) => {
      response.statusCode = status;
      response.end();
    };
    await send(carrier.url, {});
    await receiver.waitFor(1);
    expect(await carrier.receiptsSettled()).toMatchObject({ receipts: { sent: 0, retried: 0, failed: 1 } });
  });

  test('by closing the connection, or by not answering in time, gets it again', async () => {
    await carrier.control({ receiptTimeoutMs: 200 });
    receiver.answer = (response) => {
      if (receiver.received.length === 1) response.destroy();
      else if (receiver.received.length > 2) response.end();
    };
    await send(carrier.url, {});
    await receiver.waitFor(3);
    expect(await carrier.receiptsSettled()).toMatchObject({ receipts: { sent: 1, retried: 2 } });
  });

  test('because nobody listens gets it once somebody does', async () => {
    const away = await startReceiver();
    await away.stop();
    await carrier.control({ receiptUrl: away.url });
    await send(carrier.url, { 'client-ref': 'patient' });
    await expect.poll(async () => (await carrier.stats()).receipts.retried).toBeGreaterThan(0);
    const back = await startReceiver(Number(new URL(away.url).port));
    const [call] = await back.waitFor(1);
    await back.stop();
    expect(call?.fields['client-ref']).toBe('patient');
  });
});

test.each<[string, (body: string) => (response: Parameters<WebhookReceiver['answer']>[0]) => void]>([
  ['a body with a length', (body) => (response) => response.end(body)],
  [
    'a body in chunks',
    (body) => (response) => {
      response.write(body);
      response.write(body);
      response.end(body);
    },
  ],
  [
    'a body that ends with the connection',
    (body) => (response) => {
      response.setHeader('connection', 'close');
      response.end(body);
    },
  ],
])('answers with %s are understood, one after another', async (_name, answering) => {
  receiver.answer = answering('{"ok":true}\r\n\r\nHTTP/1.1 500 no\r\n\r\n');
  await carrier.control({ receiptConcurrency: 2 });
  for (let message = 0; message < 20; message++) await send(carrier.url, {});
  await receiver.waitFor(20);
  expect(await carrier.receiptsSettled()).toMatchObject({ receipts: { sent: 20, retried: 0, failed: 0 } });
});

describe('knobs for what becomes of a message', () => {
  test('shares of outcomes', async () => {
    await carrier.control({ outcomes: { failed: { 6: 0.3, 99: 0.1 }, expired: 0.1, rejected: 0.1, unknown: 0.1, missing: 0.1 } });
    await Promise.all(Array.from({ length: 600 }, () => send(carrier.url, {})));
    await carrier.receiptsSettled();
    const sent = receiver.received.map(({ fields }) => `${fields.status} ${fields['err-code']}`);
    const counts = ['failed 6', 'failed 99', 'expired 2', 'rejected 14', 'unknown 1', 'delivered 0'].map(
      (what) => sent.filter((text) => text === what).length,
    );
    expect(counts.reduce((total, count) => total + count, 0)).toBe(sent.length);
    // 180 of failed 6, 120 delivered, 60 of each other are the mean: the bounds are five deviations away.
    expect(counts[0]).toBeGreaterThan(124);
    expect(counts[0]).toBeLessThan(236);
    expect(Math.min(...counts)).toBeGreaterThan(23);
    expect(Math.max(...counts.slice(1))).toBeLessThan(170);
  });

  test.each<[string, Record<string, number>, string[]]>([
    ['twice', { duplicateReceiptShare: 1 }, ['delivered', 'delivered']],
    ['buffered first', { bufferedReceiptShare: 1 }, ['buffered', 'delivered']],
    ['out of order', { outOfOrderReceiptShare: 1 }, ['delivered', 'buffered']],
  ])('%s', async (_name, knobs, statuses) => {
    await carrier.control(knobs);
    await send(carrier.url, {});
    const calls = await receiver.waitFor(2);
    expect(calls.map(({ fields }) => fields.status)).toEqual(statuses);
    expect(new Set(calls.map(({ fields }) => fields.messageId)).size).toBe(1);
  });

  test('late', async () => {
    await carrier.control({ lateReceiptShare: 1, lateReceiptMs: 500 });
    const sentAt = Date.now();
    await send(carrier.url, {});
    expect(((await receiver.waitFor(1))[0]?.at ?? 0) - sentAt).toBeGreaterThanOrEqual(495);
  });

  test('before the answer', async () => {
    await carrier.control({ receiptBeforeAnswerShare: 1, answerDelayMs: 100 });
    await send(carrier.url, { text: 'x'.repeat(200) });
    expect(receiver.received).toHaveLength(2);
  });

  test('with a wrong signature', async () => {
    await carrier.control({ wrongSignatureShare: 1 });
    await send(carrier.url, {});
    const fields = (await receiver.waitFor(1))[0]?.fields ?? {};
    expect(fields.sig).toMatch(/^[0-9A-F]{64}$/);
    expect(sdkVerifies(fields)).toBe(false);
  });
});

test('one receipt by hand, for a client-ref that nobody sent', async () => {
  receiver.answer = (response) => {
    response.statusCode = 418;
    response.end();
  };
  expect(await carrier.receipt({ clientRef: 'nobody', status: 'failed', errCode: 7 })).toMatchObject({
    outcome: 'refused',
    httpStatus: 418,
  });
  expect(receiver.received[0]?.fields).toMatchObject({ 'client-ref': 'nobody', status: 'failed', 'err-code': '7' });
});

test('more receipts than one invocation of workerd may send all arrive, each once', async () => {
  const messages = 500;
  const parts = 21;
  const text = 'x'.repeat(3_200);
  await Promise.all(
    Array.from({ length: 10 }, async (_unused, lane) => {
      for (let message = lane; message < messages; message += 10) await send(carrier.url, { text, 'client-ref': `many-${message}` });
    }),
  );
  const stats = await carrier.receiptsSettled(50_000);
  expect(stats).toMatchObject({
    accepted: messages,
    distinctRefs: messages,
    repeats: 0,
    receipts: { sent: messages * parts, retried: 0, failed: 0 },
  });
  expect(receiver.received).toHaveLength(messages * parts);
  expect(new Set(receiver.received.map(({ fields }) => fields.messageId)).size).toBe(messages * parts);
}, 60_000);
