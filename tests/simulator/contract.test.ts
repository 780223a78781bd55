import { Vonage } from '@vonage/server-sdk';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { signParameters } from '../../workers/simulator/signature';
import { startFakeCarrier } from '../support/fake-carrier';
import type { FakeCarrier } from '../support/fake-carrier';
import { ACCOUNT, BASIC, ORDINARY, refusalOf, send } from './send';
import type { Answer } from './send';

let carrier: FakeCarrier;
beforeAll(async () => {
  carrier = await startFakeCarrier();
});
afterAll(() => carrier.stop());
beforeEach(async () => {
  await carrier.reset();
  await carrier.control({ receiptUrl: null });
});

const json = (body: object, headers: Record<string, string> = {}): Promise<Answer> =>
  fetch(`${carrier.url}/sms/json`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  }).then((response) => response.json<Answer>());

describe('a request is taken however it is written', () => {
  const message = { from: 'JMC', to: ORDINARY, text: 'Hello', 'client-ref': 'ref-1' };
  test.each<[string, () => Promise<Answer>]>([
    ['form', () => send(carrier.url, message)],
    ['JSON with Basic authentication', () => json(message, { authorization: BASIC })],
    ['JSON with credentials inside', () => json({ ...ACCOUNT, ...message })],
    ['JSON whose recipient is a number', () => json({ ...message, to: Number(ORDINARY) }, { authorization: BASIC })],
    [
      'GET with a query',
      async () => (await fetch(`${carrier.url}/sms/json?${new URLSearchParams({ ...ACCOUNT, ...message }).toString()}`)).json<Answer>(),
    ],
    [
      'POST with a query',
      async () =>
        (
          await fetch(`${carrier.url}/sms/json?${new URLSearchParams({ ...ACCOUNT, ...message }).toString()}`, { method: 'POST' })
        ).json<Answer>(),
    ],
  ])('%s', async (_name, ask) => {
    expect(await ask()).toEqual({
      'message-count': '1',
      messages: [
        {
          to: ORDINARY,
          'message-id': expect.stringMatching(/^[0-9A-F]{16}$/) as string,
          status: '0',
          'remaining-balance': '999999.96670000',
          'message-price': '0.03330000',
          network: '23410',
          'client-ref': 'ref-1',
        },
      ],
    });
  });

  test('signed instead of with a secret', async () => {
    const fields = {
      api_key: 'demo-account',
      from: 'JMC',
      to: ORDINARY,
      text: 'a & b = c',
      timestamp: String(Math.floor(Date.now() / 1_000)),
    };
    const sig = signParameters(fields, 'demo-signature-secret', 'sha256');
    expect((await json({ ...fields, sig })).messages[0]?.status).toBe('0');
    expect((await json({ ...fields, sig, text: 'another' })).messages[0]).toEqual({ status: '14', 'error-text': 'Invalid Signature' });
    expect((await json({ ...fields, sig, api_secret: 'demo-secret' })).messages[0]?.status).toBe('32');
  });
});

describe('one element a part', () => {
  test.each<[string, Record<string, string>, number]>([
    ['160 septets', { text: 'x'.repeat(160) }, 1],
    ['161 septets', { text: 'x'.repeat(161) }, 2],
    ['70 units of unicode', { text: '锦'.repeat(70), type: 'unicode' }, 1],
    ['71 units of unicode', { text: '锦'.repeat(71), type: 'unicode' }, 2],
    ['3 200 characters', { text: 'x'.repeat(3_200) }, 21],
  ])('%s', async (_name, fields, parts) => {
    const answer = await send(carrier.url, fields);
    expect(answer['message-count']).toBe(String(parts));
    expect(answer.messages).toHaveLength(parts);
    expect(new Set(answer.messages.map((message) => message['message-id'])).size).toBe(parts);
    expect(answer.messages.every(({ status }) => status === '0')).toBe(true);
    expect(await carrier.stats()).toMatchObject({ requests: 1, accepted: 1, parts, byStatus: { 0: parts } });
  });

  test('type text sends a question mark for each character outside GSM-7, and counts septets', async () => {
    expect((await send(carrier.url, { text: `${'锦'.repeat(80)}😀`, 'client-ref': 'q' })).messages).toHaveLength(1);
    const [message] = await carrier.messages({ clientRef: 'q' });
    expect(message?.text).toBe('?'.repeat(81));
  });
});

describe('refusals, each with HTTP 200', () => {
  test.each<[string, Record<string, string>, string]>([
    ['no api_key', { api_key: '' }, '2 Missing api_key'],
    ['no api_secret', { api_secret: '' }, '2 Missing api_secret'],
    ['no sender', { from: '' }, '2 Missing from param'],
    ['no recipient', { to: '' }, '2 Missing to param'],
    ['no text', { text: '' }, '2 Missing text param'],
    ['a recipient with letters', { to: '4477009oo123' }, '3 to address is not numeric'],
    ['a recipient of 6 digits', { to: '123456' }, '3 Invalid to param'],
    ['a recipient of 16 digits', { to: '1234567890123456' }, '3 Invalid to param'],
    ['a sender of 12 letters', { from: 'TwelveLetter' }, '3 Invalid from param'],
    ['a sender of 16 digits', { from: '1234567890123456' }, '3 Invalid from param'],
    ['a sender with a hyphen', { from: 'J-M-C' }, '3 Invalid from param'],
    ['an unknown type', { type: 'flash' }, '3 Invalid type param'],
    ['a client-ref of 101 characters', { 'client-ref': 'r'.repeat(101) }, '3 Invalid client-ref param'],
    ['a ttl under 20 s', { ttl: '19999' }, '3 value for ttl field out of range'],
    ['a ttl over 7 days', { ttl: '604800001' }, '3 value for ttl field out of range'],
    ['a message class 4', { 'message-class': '4' }, '3 Invalid message-class param'],
    ['an unknown key', { api_key: 'nobody' }, '4 Bad Credentials'],
    ['a wrong secret', { api_secret: 'guess' }, '4 Bad Credentials'],
    ['3 201 characters', { text: 'x'.repeat(3_201) }, '12 Message Too Long'],
    ['a callback without protocol', { callback: 'example.com/hook' }, '23 Invalid Callback Url'],
  ])('%s', async (_name, fields, refused) => {
    expect(await refusalOf(carrier.url, fields)).toBe(refused);
    expect(await carrier.stats()).toMatchObject({ requests: 1, accepted: 0, byStatus: { [refused.split(' ', 1)[0] ?? '']: 1 } });
  });

  test('wrong Basic credentials', async () => {
    expect(
      (await json({ from: 'JMC', to: ORDINARY, text: 'Hello' }, { authorization: `Basic ${btoa('demo-account:wrong')}` })).messages[0]
        ?.status,
    ).toBe('4');
  });

  test('a body that says it is JSON and is not', async () => {
    const response = await fetch(`${carrier.url}/sms/json`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: BASIC },
      body: '{"to":',
    });
    expect(await response.json()).toEqual({ 'message-count': '1', messages: [{ status: '3', 'error-text': 'Invalid JSON body' }] });
  });

  test('a sender that the account may not use', async () => {
    await carrier.control({ refusedSenders: ['BANK'] });
    expect(await refusalOf(carrier.url, { from: 'BANK' })).toBe('15 Illegal Sender Address - rejected');
  });

  test('an empty balance, counted exactly', async () => {
    await carrier.control({ messagePrice: 0.05, balance: 0.1 });
    const twoParts = 'x'.repeat(200);
    expect((await send(carrier.url, { text: twoParts })).messages.map((message) => message['remaining-balance'])).toEqual([
      '0.05000000',
      '0.00000000',
    ]);
    expect(await refusalOf(carrier.url, {})).toBe('9 Quota Exceeded - rejected');
    const response = await fetch(`${carrier.url}/account/get-balance?${new URLSearchParams(ACCOUNT).toString()}`);
    expect(await response.json()).toEqual({ value: 0, autoReload: false });
    expect((await fetch(`${carrier.url}/account/get-balance?api_key=demo-account&api_secret=no`)).status).toBe(401);
  });

  test('more requests in a second than the account may make, no matter how they bunch', async () => {
    await carrier.control({ throttlePerSecond: 5 });
    const answers = await Promise.all(Array.from({ length: 12 }, () => send(carrier.url, {})));
    const statuses = answers.map(({ messages }) => messages[0]?.status);
    expect(statuses.filter((status) => status === '0')).toHaveLength(5);
    expect(answers.find(({ messages }) => messages[0]?.status === '1')?.messages[0]?.['error-text']).toMatch(
      /^Throughput Rate Exceeded - please wait \[ \d+ \] and retry$/,
    );
    await new Promise((resolve) => setTimeout(resolve, 1_050));
    expect((await send(carrier.url, {})).messages[0]?.status).toBe('0');
  });
});

test('each account has its own credentials and its own rate', async () => {
  const other = { apiKey: 'other', apiSecret: 'other-secret', signatureSecret: 's', signatureMethod: 'md5hash' } as const;
  const { accounts } = await carrier.control({});
  await carrier.control({ accounts: [...accounts, other], throttlePerSecond: 1 });
  const asOther = { api_key: 'other', api_secret: 'other-secret' };
  expect((await send(carrier.url, {})).messages[0]?.status).toBe('0');
  expect((await send(carrier.url, asOther)).messages[0]?.status).toBe('0');
  expect((await send(carrier.url, asOther)).messages[0]?.status).toBe('1');
  expect(await refusalOf(carrier.url, { api_key: 'other', api_secret: 'demo-secret' })).toBe('4 Bad Credentials');
});

describe('the SDK of Vonage', () => {
  const client = (apiSecret = 'demo-secret'): Vonage =>
    new Vonage({ apiKey: 'demo-account', apiSecret }, { restHost: carrier.url, timeout: 5_000 });

  test('sends, and reads every part', async () => {
    const answer = await client().sms.send({
      from: 'JMC',
      to: ORDINARY,
      text: '锦木'.repeat(60),
      type: 'unicode' as never,
      clientRef: 'sdk-1',
      ttl: 60_000,
    });
    expect(answer.messages).toHaveLength(2);
    expect(answer.messages[0]).toMatchObject({
      to: ORDINARY,
      status: '0',
      clientRef: 'sdk-1',
      messagePrice: '0.03330000',
      remainingBalance: '999999.96670000',
    });
    expect((await carrier.messages({ clientRef: 'sdk-1' }))[0]?.text).toBe('锦木'.repeat(60));
  });

  test('throws what it throws at Vonage, with the statuses inside', async () => {
    const failure = await client('wrong')
      .sms.send({ from: 'JMC', to: ORDINARY, text: 'Hello' })
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ response: { messages: [{ status: '4', errorText: 'Bad Credentials' }] } });
  });
});
