/** The original endpoints and the Vonage-compatible ones: for clients that only change their host. */
import { env } from 'cloudflare:workers';
import { describe, expect, inject, it, vi } from 'vitest';
import type { Env } from '../../schema/env';
import type { KeySettings } from '../../schema/protocol/objects';
import { signatureOf } from '../../workers/gateways/carrier-signature';
import { sealSecret } from '../../workers/gateways/sealed-secrets';
import { apiClient, availableMicros } from '../support/api-client';
import { connectFakeCarrier } from '../support/fake-carrier-client';
import { makeWorld, request, type World } from '../support/world';

const carrierUrl = inject('carrierUrl');
const carrier = connectFakeCarrier(carrierUrl);
const openWorld = (): Promise<World> => makeWorld({ restHost: carrierUrl, perSecond: 10_000 });
let lastNumber = 92_340_000;
const freshNumber = (): string => `65${(lastNumber += 1)}`;

async function adjust(world: World, changes: Partial<KeySettings>): Promise<void> {
  const gate = world.gateways.objects.keyGate(world.transactional.id);
  const settings = await gate.settings();
  if (!settings) throw new Error('a key without settings');
  await gate.configure({ ...settings, ...changes });
}

type Fields = Readonly<Record<string, string>>;
/** The three ways in which clients write parameters. */
const WAYS = {
  query: (path: string, fields: Fields, headers: Fields = {}) => request(`${path}?${new URLSearchParams(fields).toString()}`, { headers }),
  form: (path: string, fields: Fields, headers: Fields = {}) =>
    request(path, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8', ...headers },
      body: new URLSearchParams(fields).toString(),
    }),
  json: (path: string, fields: Fields, headers: Fields = {}) => request(path, { json: fields, headers }),
} as const;
const ways = Object.keys(WAYS) as (keyof typeof WAYS)[];
async function ask<Answer = Record<string, unknown>>(
  way: keyof typeof WAYS,
  path: string,
  fields: Fields,
  headers?: Fields,
): Promise<Answer> {
  const answer = await WAYS[way](path, fields, headers);
  expect(answer.status).toBe(200);
  return await answer.json<Answer>();
}
const textsTo = (to: string): Promise<string[]> =>
  vi.waitFor(async () => {
    const texts = (await carrier.messages({ to })).map(({ text }) => text);
    expect(texts.length).toBeGreaterThan(0);
    return texts;
  });

describe('/send/v2/check', () => {
  const fieldsOf = (world: World, changes: Fields = {}): Fields => ({
    baseKey: world.transactional.id,
    secret: world.transactional.secret,
    from: 'JINMU',
    msg: '您的验证码是 482913 {{name}}',
    to: freshNumber(),
    ...changes,
  });

  it.each(ways)('sends by %s, braces and all', async (way) => {
    const world = await openWorld();
    const to = freshNumber();
    expect(await ask(way, '/send/v2/check', fieldsOf(world, { to }))).toEqual({ msg: '发送成功!', code: 0, data: true });
    expect(await textsTo(to)).toEqual(['您的验证码是 482913 {{name}}']);
  });

  it('honours the encoding that was asked for', async () => {
    const world = await openWorld();
    const [plain, unicode] = [freshNumber(), freshNumber()];
    await ask('form', '/send/v2/check', fieldsOf(world, { to: plain, type: 'text', msg: 'a你' }));
    await ask('form', '/send/v2/check', fieldsOf(world, { to: unicode, type: 'unicode', msg: 'a'.repeat(71) }));
    expect(await textsTo(plain)).toEqual(['a?']);
    const log = await apiClient(world.transactional).call<{ messages: { to: string; parts: number }[] }>('GET', '/v1/messages');
    expect(log.body.messages.find(({ to }) => to === `+${unicode}`)?.parts).toBe(2);
  });

  it('says no in the codes of old', async () => {
    const world = await openWorld();
    const gate = world.gateways.objects.keyGate(world.transactional.id);
    await gate.addNumbers('[6591110001]', 'user');
    await gate.setCountries(['CN' as never]);
    const code = async (changes: Fields) => ask('json', '/send/v2/check', fieldsOf(world, changes));
    expect(await code({ secret: 'wrong' })).toMatchObject({ code: 34, msg: '认证失败' });
    expect(await code({ baseKey: 'JMNOBODY00000001' })).toMatchObject({ code: 35, msg: 'baseKey不存在或已禁用' });
    expect(await code({ to: '6591110001' })).toMatchObject({ code: 3333, data: null });
    expect(await code({ to: '8613800138000' })).toMatchObject({
      code: 3333,
      data: { country_code: 'CN', country_prefix: '86', country_name: '中国' },
    });
    expect(await code({ to: '12' })).toMatchObject({ code: 3 });
    expect(await code({ to: '' })).toMatchObject({ code: 2 });
    expect(await code({ msg: '' })).toMatchObject({ code: 2 });
    expect(await code({ from: 'much too long a sender' })).toMatchObject({ code: 15 });
    expect(await code({ type: 'binary' })).toMatchObject({ code: 3 });
    expect(await code({ msg: 'x'.repeat(3_201) })).toMatchObject({ code: 12 });
    await adjust(world, { enabled: false });
    expect(await code({})).toMatchObject({ code: 35 });
    expect(await code({ secret: 'wrong' })).toMatchObject({ code: 34 });
  });
});

describe('/sendCallback', () => {
  it('needs no secret where an operator said so, from listed addresses, and keeps the callback', async () => {
    const world = await openWorld();
    const to = freshNumber();
    const fields = { baseKey: world.transactional.id, from: 'JINMU', msg: 'Hello', to, callback: 'https://example.com/receipts' };
    const from = (address: string, changes: Fields = {}) =>
      ask('form', '/sendCallback', { ...fields, ...changes }, { 'cf-connecting-ip': address });
    expect(await from('203.0.113.7')).toMatchObject({ code: 34 });
    await adjust(world, { noSecret: true, ipAllowlist: ['203.0.113.7'] });
    expect(await from('203.0.113.8')).toMatchObject({ code: 34 });
    expect(await from('203.0.113.7', { callback: 'nowhere' })).toMatchObject({ code: 23 });
    const answer = (await from('203.0.113.7')) as { messageID: string };
    expect(answer).toEqual({ msg: '发送成功!', code: 0, data: true, messageID: expect.any(String) });
    expect(await textsTo(to)).toEqual(['Hello']);
  });
});

describe('/getBalance and /beta/send', () => {
  it('answer as they did', async () => {
    const world = await openWorld();
    const { id, secret } = world.transactional;
    for (const way of ways) {
      expect(await ask(way, '/getBalance', { baseKey: id, secret })).toEqual({
        msg: '请求成功',
        code: 0,
        data: { balance: 1000, currency: '€' },
      });
    }
    expect(await ask('form', '/getBalance', { baseKey: id, secret: 'x' })).toMatchObject({ code: 34 });
    const sent = await ask<{ code: number; data: string }>('json', '/beta/send', {
      appKey: id,
      appSecret: secret,
      from: 'JINMU',
      to: freshNumber(),
      type: 'text',
      content: 'Hello',
    });
    expect(sent.code).toBe(0);
    expect(await apiClient(world.transactional).call('GET', `/v1/messages/${encodeURIComponent(sent.data)}`)).toMatchObject({
      status: 200,
    });
  });
});

interface SmsAnswer {
  readonly 'message-count': string;
  readonly messages: readonly Fields[];
}
describe('/sms/json', () => {
  const fieldsOf = (world: World, changes: Fields = {}): Fields => ({
    api_key: world.transactional.id,
    api_secret: world.transactional.secret,
    from: 'JINMU',
    to: freshNumber(),
    text: 'Your code is 482913.',
    ...changes,
  });
  const status = async (fields: Fields, headers?: Fields) => (await ask<SmsAnswer>('form', '/sms/json', fields, headers)).messages[0];

  it.each(ways)('sends by %s and answers an element a part, all of it text', async (way) => {
    const world = await openWorld();
    const to = freshNumber();
    const answer = await ask<SmsAnswer>(way, '/sms/json', fieldsOf(world, { to, text: 'x'.repeat(161), 'client-ref': 'mine' }));
    const [first, second] = answer.messages;
    expect(answer['message-count']).toBe('2');
    for (const element of answer.messages) {
      expect(element).toEqual({
        to,
        'message-id': expect.any(String),
        status: '0',
        'remaining-balance': '999.91760000',
        'message-price': '0.04120000',
        network: '',
        'client-ref': 'mine',
      });
    }
    expect(first?.['message-id']).not.toBe(second?.['message-id']);
    const id = encodeURIComponent(first?.['message-id'] ?? '');
    expect(await apiClient(world.transactional).call('GET', `/v1/messages/${id}`)).toMatchObject({
      status: 200,
      body: { client_ref: 'mine' },
    });
  });

  it('takes Basic and signed credentials, and one of them only', async () => {
    const world = await openWorld();
    const { id, secret } = world.transactional;
    const { api_key: _key, api_secret: _secret, ...bare } = fieldsOf(world);
    const basic = { authorization: `Basic ${btoa(`${id}:${secret}`)}` };
    expect(await status(bare, basic)).toMatchObject({ status: '0' });
    expect(await status(bare, { authorization: 'Basic nonsense' })).toMatchObject({ status: '4' });
    expect(await status(bare)).toEqual({ status: '2', 'error-text': 'Missing api_key' });
    const signature = { secretSealed: await sealSecret(env as unknown as Env, 'signature secret'), method: 'sha256' };
    await adjust(world, { signature });
    const unsigned = { ...bare, api_key: id, timestamp: String(Math.floor(Date.now() / 1_000)) };
    const sig = signatureOf(unsigned, 'signature secret', 'sha256') ?? '';
    expect(await status({ ...unsigned, sig })).toMatchObject({ status: '0' });
    expect(await status({ ...unsigned, sig: sig.toUpperCase() })).toMatchObject({ status: '0' });
    expect(await status({ ...unsigned, text: 'Another text', sig })).toMatchObject({ status: '14' });
    expect(await status({ ...unsigned, sig, api_secret: secret })).toMatchObject({ status: '32' });
  });

  it('says no in Vonage’s numbers, without a message or a cent', async () => {
    const world = await openWorld();
    const gate = world.gateways.objects.keyGate(world.transactional.id);
    await gate.addNumbers('[6591110002]', 'user');
    const before = await availableMicros(world);
    const said = async (changes: Fields) => (await status(fieldsOf(world, changes)))?.['status'];
    expect(await said({ api_secret: 'wrong' })).toBe('4');
    expect(await said({ api_key: 'nobody' })).toBe('4');
    expect(await said({ from: '' })).toBe('2');
    expect(await said({ to: '' })).toBe('2');
    expect(await said({ text: '' })).toBe('2');
    expect(await said({ to: 'abc' })).toBe('3');
    expect(await said({ to: '99999999999' })).toBe('3');
    expect(await said({ from: 'much too long a sender' })).toBe('3');
    expect(await said({ type: 'binary' })).toBe('3');
    expect(await said({ ttl: '5' })).toBe('3');
    expect(await said({ 'client-ref': 'x'.repeat(101) })).toBe('3');
    expect(await said({ text: 'x'.repeat(3_201) })).toBe('12');
    expect(await said({ callback: 'nowhere' })).toBe('23');
    expect(await said({ to: '6591110002' })).toBe('7');
    expect(await availableMicros(world)).toBe(before);
    await adjust(world, { perSecond: 1 });
    const many = await Promise.all([1, 2, 3].map(() => said({})));
    expect(many).toContain('1');
  });

  it('says that the money is gone', async () => {
    const world = await makeWorld({ restHost: carrierUrl, balanceMicros: 1 });
    expect(await status(fieldsOf(world))).toMatchObject({ status: '9' });
  });
});

describe('/account/get-balance', () => {
  it('answers as the Account API does', async () => {
    const world = await openWorld();
    const { id, secret } = world.transactional;
    const expected = { value: 1000, autoReload: false };
    for (const way of ways) expect(await ask(way, '/account/get-balance', { api_key: id, api_secret: secret })).toEqual(expected);
    expect(await ask('query', '/account/get-balance', {}, { authorization: `Basic ${btoa(`${id}:${secret}`)}` })).toEqual(expected);
    const refused = await request(`/account/get-balance?api_key=${id}&api_secret=x`);
    expect([refused.status, await refused.json()]).toEqual([401, { 'error-code': '401', 'error-code-label': 'authentication failed' }]);
  });
});

describe('what none of them can read', () => {
  const gbk = Uint8Array.from('msg=\xc4\xe3', (character) => character.charCodeAt(0));
  const bad: readonly [string, RequestInit & { query?: string }][] = [
    ['another content type', { method: 'POST', body: 'x', headers: { 'content-type': 'text/xml' } }],
    ['no JSON', { method: 'POST', body: '{', headers: { 'content-type': 'application/json' } }],
    ['a JSON list', { method: 'POST', body: '[]', headers: { 'content-type': 'application/json' } }],
    ['JSON in JSON', { method: 'POST', body: '{"to":{"a":1}}', headers: { 'content-type': 'application/json' } }],
    ['deep JSON', { method: 'POST', body: '['.repeat(100_000), headers: { 'content-type': 'application/json' } }],
    ['a key twice in JSON', { method: 'POST', body: '{"to":"1","to":"2"}', headers: { 'content-type': 'application/json' } }],
    ['a key twice in a form', { method: 'POST', body: 'to=1&to=2', headers: { 'content-type': 'application/x-www-form-urlencoded' } }],
    ['a key twice in a query', { query: '?to=1&to=2' }],
    ['a body of another encoding', { method: 'POST', body: gbk, headers: { 'content-type': 'application/x-www-form-urlencoded' } }],
    ['a query of another encoding', { query: '?msg=%C4%E3&text=%C4%E3' }],
    ['a NUL', { query: '?msg=a%00b' }],
    ['half a surrogate pair', { method: 'POST', body: '{"text":"\\ud83d"}', headers: { 'content-type': 'application/json' } }],
    [
      'a huge body',
      { method: 'POST', body: `to=${'1'.repeat(2 * 1024 * 1024)}`, headers: { 'content-type': 'application/x-www-form-urlencoded' } },
    ],
    ['another method', { method: 'PUT', body: 'x' }],
  ];
  it.each(['/send/v2/check', '/sendCallback', '/getBalance', '/beta/send', '/sms/json', '/account/get-balance'])(
    '%s refuses with a problem document',
    async (path) => {
      for (const [name, { query = '', ...init }] of bad) {
        const answer = await request(path + query, init);
        expect({ name, status: answer.status }).toEqual({
          name,
          status: expect.toSatisfy((status: number) => status >= 400 && status < 500),
        });
        expect(answer.headers.get('content-type')).toContain('application/problem+json');
        await answer.body?.cancel();
      }
    },
  );
});
