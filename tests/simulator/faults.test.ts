import { Vonage } from '@vonage/server-sdk';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { MAGIC_OUTCOMES, MAGIC_PREFIX } from '../../workers/rules/magic-numbers';
import type { KnobsInput } from '../../workers/simulator/knobs';
import { startFakeCarrier } from '../support/fake-carrier';
import type { FakeCarrier } from '../support/fake-carrier';
import { ACCOUNT, ORDINARY, refusalOf, send } from './send';
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
  await carrier.control({ receiptUrl: receiver.url, receiptDelayMs: 0, receiptSpreadMs: 0, lateReceiptMs: 300, hangMs: 300 });
});
afterEach(() => carrier.reset());

const magic = (suffix: number): string => MAGIC_PREFIX + String(suffix).padStart(4, '0');
const raw = (to: string, signal?: AbortSignal): Promise<Response> =>
  fetch(`${carrier.url}/sms/json`, {
    method: 'POST',
    body: new URLSearchParams({ ...ACCOUNT, from: 'JMC', to, text: 'x'.repeat(200), 'client-ref': 'f' }),
    signal: signal ?? null,
  });
const accepted = async (): Promise<number> => (await carrier.stats()).accepted;

describe('magic numbers', () => {
  test.each([2, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 15, 22, 23, 29, 32, 33])(
    'ending in 2000 + status %d are answered with it',
    async (status) => {
      expect(await refusalOf(carrier.url, { to: magic(2_000 + status) })).toMatch(new RegExp(`^${status} .+`));
      expect(await accepted()).toBe(0);
    },
  );

  test('ending in 2001 are throttled each time', async () => {
    expect(await refusalOf(carrier.url, { to: magic(2_001) })).toBe('1 Throughput Rate Exceeded - please wait [ 1000 ] and retry');
    expect(await refusalOf(carrier.url, { to: magic(2_001) })).toBe('1 Throughput Rate Exceeded - please wait [ 1000 ] and retry');
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 50, 51, 52, 53, 54, 99])(
    'ending in 1000 + err-code %d fail with it',
    async (code) => {
      expect((await send(carrier.url, { to: magic(1_000 + code) })).messages[0]?.status).toBe('0');
      expect((await receiver.waitFor(1))[0]?.fields).toMatchObject({ status: 'failed', 'err-code': String(code) });
    },
  );

  test.each<[number, string[]]>([
    [0, ['delivered 0']],
    [777, ['delivered 0']],
    [3_001, ['expired 2']],
    [3_002, ['rejected 14']],
    [3_003, ['unknown 1']],
    [3_005, ['delivered 0']],
    [3_006, ['delivered 0', 'delivered 0']],
    [3_007, ['buffered 0', 'delivered 0']],
    [3_008, ['delivered 0', 'buffered 0']],
  ])('ending in %d get the receipts %j', async (suffix, receipts) => {
    await send(carrier.url, { to: magic(suffix) });
    await receiver.waitFor(receipts.length);
    await carrier.receiptsSettled();
    expect(receiver.received.map(({ fields }) => `${fields.status} ${fields['err-code']}`)).toEqual(receipts);
  });

  test('ending in 3004 never get one, those in 3009 before the answer', async () => {
    await send(carrier.url, { to: magic(3_004) });
    await carrier.receiptsSettled();
    expect(receiver.received).toHaveLength(0);
    await send(carrier.url, { to: magic(3_009) });
    expect(receiver.received).toHaveLength(1);
  });

  test('keep their outcome whatever the shares say', async () => {
    await carrier.control({ httpErrorShare: 1, outcomes: { missing: 1 }, refusals: { 5: 1 } });
    expect((await send(carrier.url, { to: magic(0) })).messages[0]?.status).toBe('0');
    expect((await receiver.waitFor(1))[0]?.fields.status).toBe('delivered');
  });

  test('that fail at the first try take the second, for each client-ref anew', async () => {
    for (const ref of ['one', 'two']) {
      expect(await refusalOf(carrier.url, { to: magic(4_012), 'client-ref': ref })).toMatch(/^1 /);
      expect((await send(carrier.url, { to: magic(4_012), 'client-ref': ref })).messages[0]?.status).toBe('0');
    }
    expect((await raw(magic(4_011))).status).toBe(503);
    expect((await raw(magic(4_011))).status).toBe(200);
    expect(await carrier.stats()).toMatchObject({ requests: 6, accepted: 3, distinctRefs: 3, repeats: 0 });
  });

  test('have a meaning each, and none twice', () => {
    const meanings = [...MAGIC_OUTCOMES.values()].map(({ meaning }) => meaning);
    expect(new Set(meanings).size).toBe(meanings.length);
  });
});

describe('before the message is taken', () => {
  test.each([
    [4_001, 500],
    [4_002, 502],
    [4_003, 503],
  ])('%d is an HTTP %d', async (suffix, status) => {
    expect((await raw(magic(suffix))).status).toBe(status);
    expect(await accepted()).toBe(0);
  });

  test('no answer at all, then a closed connection', async () => {
    const begunAt = Date.now();
    await expect(raw(magic(4_004))).rejects.toThrow('fetch failed');
    expect(Date.now() - begunAt).toBeGreaterThanOrEqual(290);
    expect(await accepted()).toBe(0);
  });
});

describe('after the message is taken', () => {
  test.each<[number, (response: Response) => Promise<void>]>([
    [4_005, (response) => expect(response.json()).rejects.toThrow(SyntaxError)],
    [4_006, async (response) => expect(await response.text()).toContain('<html>')],
    [4_007, async (response) => expect(await response.json()).toEqual({ 'message-count': '0', messages: [] })],
  ])('%d is a 200 that says nothing, and its receipts come', async (suffix, check) => {
    const response = await raw(magic(suffix));
    expect(response.status).toBe(200);
    await check(response);
    expect(await accepted()).toBe(1);
    await receiver.waitFor(2);
  });

  test('4008 closes the connection, and its receipts come', async () => {
    await expect(raw(magic(4_008))).rejects.toThrow('fetch failed');
    expect(await carrier.stats()).toMatchObject({ accepted: 1, byFault: { answer_lost: 1 } });
    expect((await receiver.waitFor(2))[0]?.fields['client-ref']).toBe('f');
  });

  test('4009 lets a client wait until it gives up, and its receipts come', async () => {
    await carrier.control({ hangMs: 5_000 });
    await expect(raw(magic(4_009), AbortSignal.timeout(200))).rejects.toThrow('timeout');
    await receiver.waitFor(2);
    expect(await carrier.stats()).toMatchObject({ accepted: 1, byFault: { answer_hangs: 1 } });
  });

  test('4010 throttles the last part only, so one receipt comes for two parts', async () => {
    const failure = await new Vonage(
      { apiKey: ACCOUNT.api_key, apiSecret: ACCOUNT.api_secret },
      { restHost: carrier.url, timeout: 5_000 },
    ).sms
      .send({ from: 'JMC', to: magic(4_010), text: 'x'.repeat(200) })
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ response: { messages: [{ status: '0' }, { status: '1' }] } });
    await carrier.receiptsSettled();
    expect(receiver.received).toHaveLength(1);
    expect(await carrier.stats()).toMatchObject({ accepted: 1, parts: 1, byStatus: { 0: 1, 1: 1 } });
  });
});

describe('shares of faults', () => {
  const ask = (): Promise<number | 'closed'> =>
    raw(ORDINARY).then(
      (response) => response.status,
      () => 'closed' as const,
    );

  test.each<[string, Partial<KnobsInput>, readonly (number | 'closed')[]]>([
    ['HTTP errors', { httpErrorShare: 1 }, [500, 502, 503]],
    ['lost answers', { answerLostShare: 1 }, ['closed']],
    ['lost answers that hang', { answerHangsShare: 1 }, ['closed']],
    ['hanging', { hangShare: 1 }, ['closed']],
    ['malformed answers', { malformedShare: 1 }, [200]],
    ['mixed parts', { mixedPartsShare: 1 }, [200]],
  ])('of 1 meet every request: %s', async (_name, knobs, statuses) => {
    await carrier.control(knobs);
    for (let request = 0; request < 5; request++) expect(statuses).toContain(await ask());
    const { byFault, requests } = await carrier.stats();
    expect(requests).toBe(5);
    expect(Object.values(byFault).reduce((total, count) => total + count, 0)).toBe(5);
  });

  test('refusals have their shares by status', async () => {
    await carrier.control({ refusals: { 5: 0.5, 33: 0.5 } });
    for (let request = 0; request < 40; request++) await refusalOf(carrier.url, {});
    const { byStatus, accepted: taken } = await carrier.stats();
    expect(taken).toBe(0);
    expect((byStatus['5'] ?? 0) + (byStatus['33'] ?? 0)).toBe(40);
    expect(byStatus['5']).toBeGreaterThan(3);
    expect(byStatus['33']).toBeGreaterThan(3);
  });

  test('between 0 and 1 meet some', async () => {
    await carrier.control({ httpErrorShare: 0.25, malformedShare: 0.25, receiptUrl: null });
    await Promise.all(Array.from({ length: 400 }, () => raw(ORDINARY)));
    const { byFault, accepted: taken } = await carrier.stats();
    const refused = (byFault.http_500 ?? 0) + (byFault.http_502 ?? 0) + (byFault.http_503 ?? 0);
    expect(refused).toBeGreaterThan(50);
    expect(refused).toBeLessThan(150);
    expect(taken).toBe(400 - refused);
  });
});

test('the answer delay holds every answer back, and receipts count from the answer', async () => {
  await carrier.control({ answerDelayMs: 200 });
  const begunAt = Date.now();
  await send(carrier.url, {});
  expect(Date.now() - begunAt).toBeGreaterThanOrEqual(195);
  await refusalOf(carrier.url, { to: '' });
  expect(Date.now() - begunAt).toBeGreaterThanOrEqual(390);
  expect(((await receiver.waitFor(1))[0]?.at ?? 0) - begunAt).toBeGreaterThanOrEqual(195);
});
