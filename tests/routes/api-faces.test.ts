/** The original endpoints and the Vonage-compatible ones: for clients that only change their host. */
import { env } from 'cloudflare:workers';
import { describe, expect, inject, it, vi } from 'vitest';
import type { Env } from '../../schema/env';
import type { KeySettings } from '../../schema/protocol/objects';
import { signatureOf } from '../../workers/gateways/carrier-signature';
import { sealSecret } from '../../workers/gateways/sealed-secrets';
import { apiClient, availableMicros } from '../support/api-client';
import { connectFakeCarrier } from '../support/fake-carrier-client';
import { makeOperator } from '../support/operators';
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
/** The ways in which clients write parameters. */
const WAYS = {
  query: (path: string, fields: Fields, headers: Fields = {}) => request(`${path}?${new URLSearchParams(fields).toString()}`, { headers }),
  form: (path: string, fields: Fields, headers: Fields = {}) =>
    request(path, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8', ...headers },
      body: new URLSearchParams(fields).toString(),
    }),
  json: (path: string, fields: Fields, headers: Fields = {}) => request(path, { json: fields, headers }),
  multipart: (path: string, fields: Fields, headers: Fields = {}) => {
    const body = new FormData();
    for (const [name, value] of Object.entries(fields)) body.append(name, value);
    return request(path, { method: 'POST', headers, body });
  },
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
const WAIT = { timeout: 15_000, interval: 50 };
const textsTo = (to: string): Promise<string[]> =>
  vi.waitFor(async () => {
    const texts = (await carrier.messages({ to })).map(({ text }) => text);
    expect(texts.length).toBeGreaterThan(0);
    return texts;
  }, WAIT);

const ADDRESS = '203.0.113.7';
interface JmcAnswer {
  readonly msg: string;
  readonly code: number;
  readonly data: unknown;
  readonly messageID?: string;
}
interface Original {
  readonly path: string;
  /** What a client of this endpoint writes for a message, whatever it calls its fields. */
  readonly fields: (world: World, wish: Partial<Record<'key' | 'secret' | 'from' | 'text' | 'to' | 'type', string>>) => Fields;
  /** Of an answer that is as it should be. */
  readonly id: (answer: JmcAnswer) => string | null;
  readonly sent: unknown;
}
const typed = (type?: string): Fields => (type === undefined ? {} : { type });
/** The endpoints of the original that send: the names of their fields and the shape of their answer. */
const ORIGINALS: readonly Original[] = [
  {
    path: '/send/v2/check',
    fields: ({ transactional }, { key = transactional.id, secret = transactional.secret, from = 'JINMU', text = 'Hi', to = '', type }) => ({
      baseKey: key,
      secret,
      from,
      msg: text,
      to,
      ...typed(type),
    }),
    id: () => null,
    sent: { msg: '发送成功!', code: 0, data: true },
  },
  {
    path: '/sendCallback',
    fields: ({ transactional }, { key = transactional.id, from = 'JINMU', text = 'Hi', to = '', type }) => ({
      baseKey: key,
      from,
      msg: text,
      to,
      callback: 'https://example.com/receipts',
      ...typed(type),
    }),
    id: ({ messageID = null }) => messageID,
    sent: { msg: '发送成功!', code: 0, data: true, messageID: expect.any(String) },
  },
  {
    path: '/beta/send',
    fields: ({ transactional }, { key = transactional.id, secret = transactional.secret, from = 'JINMU', text = 'Hi', to = '', type }) => ({
      appKey: key,
      appSecret: secret,
      from,
      content: text,
      to,
      ...typed(type),
    }),
    id: ({ data }) => String(data),
    sent: { msg: '发送成功!', code: 0, data: expect.any(String) },
  },
];

interface Logged {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly parts: number;
}
const logOf = async (world: World): Promise<readonly Logged[]> =>
  (
    await apiClient(world.transactional).call<{ messages: readonly Logged[] }>('GET', '/v1/messages', undefined, {
      'cf-connecting-ip': ADDRESS,
    })
  ).body.messages;

describe.each(ORIGINALS)('$path', ({ path, fields, id, sent }) => {
  /** `/sendCallback` works only where an operator switched it on, and from there. */
  const openOriginal = async (): Promise<World> => {
    const world = await openWorld();
    await adjust(world, { noSecret: true, ipAllowlist: [ADDRESS] });
    return world;
  };
  type Wish = Parameters<typeof fields>[1];
  const say = (world: World, wish: Wish, way: keyof typeof WAYS = 'json', extra: Fields = {}): Promise<JmcAnswer> =>
    ask<JmcAnswer>(way, path, { ...fields(world, { to: freshNumber(), ...wish }), ...extra }, { 'cf-connecting-ip': ADDRESS });

  it.each(ways)('sends by %s, braces, blanks and all', async (way) => {
    const world = await openOriginal();
    const to = freshNumber();
    const text = ' 您的验证码是 482913 {{name}} & =+%41 ';
    const answer = await say(world, { to, text }, way);
    expect(answer).toEqual(sent);
    expect(await textsTo(to)).toEqual([text]);
    const log = await logOf(world);
    expect(log).toMatchObject([{ from: 'JINMU', to: `+${to}` }]);
    expect([null, log[0]?.id]).toContain(id(answer));
  });

  it('honours the encoding that was asked for', async () => {
    const world = await openOriginal();
    const [plain, unicode, unasked] = [freshNumber(), freshNumber(), freshNumber()];
    await say(world, { to: plain, type: 'text', text: 'a你' });
    await say(world, { to: unicode, type: 'unicode', text: 'a'.repeat(71) });
    await say(world, { to: unasked, text: 'a'.repeat(71) });
    expect(await textsTo(plain)).toEqual(['a?']);
    const log = await logOf(world);
    expect(new Map(log.map(({ to, parts }) => [to, parts]))).toEqual(
      new Map([
        [`+${plain}`, 1],
        [`+${unicode}`, 2],
        [`+${unasked}`, 1],
      ]),
    );
  });

  it('says no in the codes and words of old, whichever way it was asked', async () => {
    const world = await openOriginal();
    const gate = world.gateways.objects.keyGate(world.transactional.id);
    await gate.addNumbers('[6591110001]', 'user');
    await gate.setCountries(['CN' as never]);
    const before = await availableMicros(world);
    for (const way of ways) {
      const said = (wish: Wish): Promise<JmcAnswer> => say(world, wish, way);
      expect(await said({ key: 'JMNOBODY00000001' })).toEqual({ msg: 'baseKey不存在或已禁用', code: 35, data: null });
      expect(await said({ key: 'no key at all/' })).toMatchObject({ code: 35 });
      expect(await said({ key: '' })).toMatchObject({ code: 2 });
      expect(await said({ to: '6591110001' })).toEqual({ msg: '号码在黑名单中', code: 3333, data: null });
      expect(await said({ to: '8613800138000' })).toEqual({
        msg: '国家/地区在黑名单中',
        code: 3333,
        data: { country_code: 'CN', country_prefix: '86', country_name: '中国' },
      });
      expect(await said({ to: '12' })).toMatchObject({ code: 3 });
      expect(await said({ to: '' })).toMatchObject({ code: 2 });
      expect(await said({ text: '' })).toMatchObject({ code: 2 });
      expect(await said({ from: '' })).toMatchObject({ code: 2 });
      expect(await said({ from: 'much too long a sender' })).toMatchObject({ code: 15 });
      expect(await said({ type: 'binary' })).toMatchObject({ code: 3 });
      expect(await said({ text: 'x'.repeat(3_201) })).toMatchObject({ code: 12 });
    }
    expect(await availableMicros(world)).toBe(before);
    await adjust(world, { enabled: false });
    expect(await say(world, {})).toEqual({ msg: 'baseKey不存在或已禁用', code: 35, data: null });
  });

  it('is refused beyond the rate and the money of the key', async () => {
    const world = await openOriginal();
    await adjust(world, { perSecond: 1 });
    const codes = (await Promise.all([1, 2, 3].map(() => say(world, {})))).map(({ code }) => code);
    expect(codes.toSorted()).toEqual([0, 1, 1]);
    const poor = await makeWorld({ restHost: carrierUrl, balanceMicros: 1 });
    await adjust(poor, { noSecret: true, ipAllowlist: [ADDRESS] });
    expect(await say(poor, {})).toMatchObject({ code: 9, data: null });
  });
});

describe('the secret of an original endpoint', () => {
  it.each(ORIGINALS.filter(({ path }) => path !== '/sendCallback'))('$path is asked for before anything else', async ({ path, fields }) => {
    const world = await openWorld();
    for (const way of ways) {
      for (const secret of ['wrong', '', world.marketing.secret]) {
        const answer = await ask(way, path, fields(world, { secret, to: '12', from: 'much too long a sender' }));
        expect(answer).toEqual({ msg: '认证失败', code: 34, data: null });
      }
    }
    await adjust(world, { enabled: false });
    expect(await ask('json', path, fields(world, { secret: 'wrong', to: freshNumber() }))).toMatchObject({ code: 34 });
  });
});

describe('/sendCallback', () => {
  it('needs no secret where an operator said so, from listed addresses, and a callback that can be called', async () => {
    const world = await openWorld();
    const to = freshNumber();
    const fields = { baseKey: world.transactional.id, from: 'JINMU', msg: 'Hello', to, callback: 'https://example.com/receipts' };
    const from = (address: string, changes: Fields = {}) =>
      ask('form', '/sendCallback', { ...fields, ...changes }, { 'cf-connecting-ip': address });
    expect(await from(ADDRESS)).toEqual({ msg: '认证失败', code: 34, data: null });
    // A key without any address on its list would be open to everybody: it is open to nobody.
    await adjust(world, { noSecret: true, ipAllowlist: [] });
    expect(await from(ADDRESS)).toMatchObject({ code: 34 });
    await adjust(world, { noSecret: true, ipAllowlist: [ADDRESS, '2001:db8::/32'] });
    expect(await from('203.0.113.8')).toMatchObject({ code: 34 });
    for (const callback of ['nowhere', '', 'ftp://example.com/', 'https://a:b@example.com/', 'https://example.com/#part'])
      expect([callback, await from(ADDRESS, { callback })]).toEqual([callback, { msg: 'callback 无效', code: 23, data: null }]);
    for (const [address, number] of [
      [ADDRESS, to],
      [`::ffff:${ADDRESS}`, freshNumber()],
      ['2001:db8:1::7', freshNumber()],
    ] as const) {
      expect([address, await from(address, { to: number })]).toMatchObject([address, { code: 0 }]);
      expect(await textsTo(number)).toEqual(['Hello']);
    }
  });
});

describe('/getBalance', () => {
  it('answers as it did, with the currency as the service team has set it', async () => {
    const world = await openWorld();
    const { id, secret } = world.transactional;
    for (const way of ways) {
      expect(await ask(way, '/getBalance', { baseKey: id, secret })).toEqual({
        msg: '请求成功',
        code: 0,
        data: { balance: 1000, currency: '€' },
      });
      expect(await ask(way, '/getBalance', { baseKey: id, secret: 'x' })).toEqual({ msg: '认证失败', code: 34, data: null });
      expect(await ask(way, '/getBalance', { baseKey: 'JMNOBODY00000001', secret })).toMatchObject({ code: 35 });
      expect(await ask(way, '/getBalance', { secret })).toMatchObject({ code: 2 });
    }
    const configured = await openWorld();
    const operator = await makeOperator();
    const settings = { tenant: configured.tenant, name: 'Old', enabled: true, creditMicros: 0, exactTemplates: false, masksBodies: false };
    for (const currencySign of ['', ' ', 'x'.repeat(9)])
      expect((await operator.act('change-tenant', { ...settings, currencySign })).status).toBe(400);
    expect((await operator.act('change-tenant', { ...settings, currencySign: ' $ ' })).status).toBe(204);
    const { id: baseKey, secret: own } = configured.transactional;
    expect(await ask('query', '/getBalance', { baseKey, secret: own })).toMatchObject({ data: { balance: 1000, currency: '$' } });
  });

  it('says when to come again', async () => {
    const world = await openWorld();
    await adjust(world, { perSecond: 1 });
    const { id: baseKey, secret } = world.transactional;
    const answers = await Promise.all([1, 2, 3].map(() => WAYS.form('/getBalance', { baseKey, secret })));
    const late = answers.filter((answer) => answer.headers.has('retry-after'));
    expect(late).toHaveLength(2);
    expect([late[0]?.headers.get('retry-after'), await late[0]?.json()]).toEqual(['1', { msg: '请求过于频繁', code: 1, data: null }]);
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
  const withFile = (): FormData => {
    const form = new FormData();
    form.append('to', new Blob(['6591234567']), 'to.txt');
    return form;
  };
  const twice = (): FormData => {
    const form = new FormData();
    for (const number of ['1', '2']) form.append('to', number);
    return form;
  };
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
    [
      'a form of another charset',
      { method: 'POST', body: 'to=1', headers: { 'content-type': 'application/x-www-form-urlencoded; charset=gbk' } },
    ],
    [
      'a multipart form without an end',
      { method: 'POST', body: '--b\r\n', headers: { 'content-type': 'multipart/form-data; boundary=b' } },
    ],
    ['a multipart form without a boundary', { method: 'POST', body: 'x', headers: { 'content-type': 'multipart/form-data; x' } }],
    ['a file', { method: 'POST', body: withFile() }],
    ['a key twice in a multipart form', { method: 'POST', body: twice() }],
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
