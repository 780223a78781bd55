import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startFakeCarrier } from '../support/fake-carrier';
import type { FakeCarrier } from '../support/fake-carrier';
import { sdkVerifies } from './sdk';
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
  await carrier.control({ inboundUrl: receiver.url });
});
afterEach(() => carrier.reset());

const HANDSET = { from: '447700900001', to: '447700900002' };

test('a short message arrives as one signed webhook', async () => {
  const parts = await carrier.inbound({ ...HANDSET, text: 'Stop, please' });
  expect(parts).toEqual([{ messageId: expect.any(String) as string, outcome: 'taken', httpStatus: 200 }]);
  const fields = receiver.received[0]?.fields ?? {};
  expect(fields).toMatchObject({
    'api-key': 'demo-account',
    msisdn: HANDSET.from,
    to: HANDSET.to,
    messageId: parts[0]?.messageId,
    text: 'Stop, please',
    type: 'text',
    keyword: 'STOP,',
  });
  expect(fields).not.toHaveProperty('concat');
  expect(sdkVerifies(fields)).toBe(true);
  expect(await carrier.stats()).toMatchObject({ inbound: { sent: 1, failed: 0 } });
});

test.each<[string, string, string, number]>([
  ['GSM-7', '€'.repeat(100), 'text', 2],
  ['unicode', '😀'.repeat(40), 'unicode', 2],
  ['three parts', 'x'.repeat(400), 'text', 3],
])('a long one comes in parts that join to the text: %s', async (_name, text, type, count) => {
  await carrier.inbound({ ...HANDSET, text });
  const fields = receiver.received.map((call) => call.fields);
  expect(fields).toHaveLength(count);
  expect(fields.map((part) => part.text).join('')).toBe(text);
  expect(fields.map((part) => part['concat-part'])).toEqual(Array.from({ length: count }, (_unused, at) => String(at + 1)));
  expect(new Set(fields.map((part) => part['concat-ref'])).size).toBe(1);
  expect(fields.every((part) => part.type === type && part.concat === 'true' && part['concat-total'] === String(count))).toBe(true);
  expect(new Set(fields.map((part) => part.messageId)).size).toBe(count);
});

test('parts may come last first, and with a wrong signature', async () => {
  await carrier.inbound({ ...HANDSET, text: 'x'.repeat(200), reversed: true, wrongSignature: true });
  const fields = receiver.received.map((call) => call.fields);
  expect(fields.map((part) => part['concat-part'])).toEqual(['2', '1']);
  expect(sdkVerifies(fields[0] ?? {})).toBe(false);
});

test('what the webhook answers is told, and bad input names the field', async () => {
  receiver.answer = (response) => {
    response.statusCode = 403;
    response.end();
  };
  expect(await carrier.inbound({ ...HANDSET, text: 'hi' })).toMatchObject([{ outcome: 'refused', httpStatus: 403 }]);
  await expect(carrier.inbound({ ...HANDSET, from: '+44', text: 'hi' })).rejects.toThrow(/400 .*"field":"from"/);
  await expect(carrier.inbound({ ...HANDSET, text: 'hi', apiKey: 'nobody' })).rejects.toThrow(/400 .*"field":"apiKey"/);
});
