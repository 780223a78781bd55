/** What is wrong with a request is said in a problem document, whatever it is, and nothing of it is done. */
import { describe, expect, it, beforeAll } from 'vitest';
import { z } from 'zod';
import { Problem } from '../../schema/api/common';
import { OPERATIONS } from '../../workers/http/api/operations';
import type { Operation } from '../../workers/http/api/operation';
import { bearer } from '../support/api-client';
import { makeWorld, request, type World } from '../support/world';

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});

const JSON_TYPE = 'application/json';
const VALID: Readonly<Record<string, unknown>> = {
  sendMessages: { from: 'JINMU', text: 'Hello', to: '+6591234567' },
  estimate: { text: 'Hello', to: '+6591234567' },
  beginUpload: { file_name: 'a.csv', size: 10 },
  createTask: { name: 'Sale', from: 'JINMU', text: 'Hello', upload_id: 'up_X' },
  confirmTask: {},
  startExport: {},
  addBlacklistNumbers: { numbers: ['+6591234567'] },
  removeBlacklistNumbers: { numbers: ['+6591234567'] },
  setBlacklistCountries: { countries: ['SG'] },
  setOptOutReply: { text: 'You are out.' },
  createWebhook: { url: 'https://customer.example/receipts', name: 'Receipts', events: ['receipt'] },
  changeWebhook: { url: 'https://customer.example/receipts' },
  replayWebhook: { from: '2026-11-01T00:00:00Z', until: '2026-11-02T00:00:00Z' },
};
const pathOf = ({ path }: Operation): string => path.replace('{id}', 'T-AAAAA-AAAAA').replace('{part}', '1');
const withBody = OPERATIONS.filter(({ body }) => body !== undefined);
const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

async function problemOf(operation: Operation, init: RequestInit, path = pathOf(operation)): Promise<Problem> {
  const headers = new Headers(init.headers);
  if (!headers.has('authorization')) headers.set('authorization', bearer(world.marketing));
  const answer = await request(path, { method: operation.method, ...init, headers });
  const text = await answer.text();
  expect({ path, text, status: answer.status }).toMatchObject({
    status: expect.toSatisfy((status: number) => status >= 400 && status < 500),
  });
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  const problem = Problem.strict().parse(JSON.parse(text));
  expect(problem.status).toBe(answer.status);
  return problem;
}
type Problem = ReturnType<typeof Problem.parse>;

/** Name → body as it goes over the wire, and its content type. */
const deep = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
function badBodies(id: string): Readonly<Record<string, { body: BodyInit; type?: string }>> {
  const valid = JSON.stringify(VALID[id]);
  const first = Object.keys(VALID[id] as object)[0] ?? 'nothing';
  const withFirst = (value: unknown): string => JSON.stringify({ ...(VALID[id] as object), [first]: value });
  return {
    nothing: { body: '' },
    'no object': { body: '"text"' },
    'an array': { body: '[]' },
    'cut short': { body: valid.slice(0, -1) || '{' },
    'a field that does not exist': { body: JSON.stringify({ ...(VALID[id] as object), sendAt: 'now' }) },
    'a wrong type': { body: withFirst({ nested: true }) },
    'a number too large for its field': { body: withFirst(1e300) },
    'a field too long': { body: withFirst('x'.repeat(20_000)) },
    'a NUL': { body: withFirst('a\0b') },
    'half a surrogate pair': { body: withFirst('a\ud83d') },
    'the same in an escape': { body: `{"${first}":"\\ud83d"}` },
    'a byte that is no UTF-8': { body: latin1(`{"${first}":"caf\u00e9"}`) as BodyInit },
    'a key twice': { body: `{"${first}":1,"${first}":2}` },
    'a key twice, once escaped': { body: `{"${first}":1,"\\u00${first.charCodeAt(0).toString(16)}${first.slice(1)}":2}` },
    'too deep': { body: `{"${first}":${deep(100)}}` },
    'far too deep': { body: deep(200_000) },
    'too large': { body: JSON.stringify({ [first]: 'x'.repeat(2 * 1024 * 1024) }) },
    'not a number': { body: `{"${first}":NaN}` },
    'a prototype': { body: '{"__proto__":{"from":"x"}}' },
    'the wrong content type': { body: valid, type: 'text/plain' },
    'no content type': { body: latin1(valid) as BodyInit, type: '' },
    'another charset': { body: valid, type: 'application/json; charset=gbk' },
    'a form': { body: `${first}=x`, type: 'application/x-www-form-urlencoded' },
  };
}

describe.each(withBody.map((operation) => [operation.id, operation] as const))('the body of %s', (id, operation) => {
  it.each(Object.keys(badBodies(id)))('may not be %s', async (name) => {
    const bad = badBodies(id)[name];
    if (!bad) throw new Error('no such body');
    const { body, type = JSON_TYPE } = bad;
    const problem = await problemOf(operation, { body, headers: type === '' ? {} : { 'content-type': type } });
    expect(problem.code).not.toBe('authentication_failed');
  });
});

const validOf = ({ id, body }: Operation): RequestInit =>
  body ? { body: JSON.stringify(VALID[id]), headers: { 'content-type': JSON_TYPE } } : {};

describe.each(OPERATIONS.map((operation) => [operation.id, operation] as const))('%s', (_id, operation) => {
  const valid = validOf(operation);

  it('asks for a key before it says anything else', async () => {
    for (const authorization of ['', 'Bearer x:y', `Bearer ${world.marketing.id}:wrong`]) {
      const problem = await problemOf(operation, { ...valid, headers: { 'content-type': JSON_TYPE, authorization } });
      expect([authorization, problem.status, problem.code]).toEqual([authorization, 401, 'authentication_failed']);
    }
  });

  it('takes no parameter that does not exist, and none twice', async () => {
    const problem = await problemOf(operation, valid, `${pathOf(operation)}?surprise=1`);
    expect(problem).toMatchObject({ status: 400, errors: [{ field: 'surprise', code: 'unknown_field' }] });
    await problemOf(operation, valid, `${pathOf(operation)}?limit=1&limit=2`);
  });

  it('says which methods there are', async () => {
    const answer = await request(pathOf(operation), { method: 'PATCH', headers: { authorization: bearer(world.marketing) } });
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toContain(operation.method);
    expect(await answer.json()).toMatchObject({ code: 'method_not_allowed' });
  });
});

/** Values that no field takes, as they stand in an address. */
const NONSENSE = [
  '%ff',
  '%00',
  '%ED%A0%BD',
  'x'.repeat(5_000),
  '-1',
  '1e999',
  '%F0%9F%98%80',
  "'%20OR%201=1--",
  '%7B%22a%22%3A1%7D',
  '__proto__',
  '',
];
const withQuery = OPERATIONS.flatMap((operation) =>
  operation.query === undefined
    ? []
    : [[operation.id, operation, Object.keys(z.toJSONSchema(operation.query, { io: 'input' }).properties ?? {})] as const],
);

it.each(withQuery)('the query of %s may be nonsense: it is refused by name, or finds nothing', async (_id, operation, names) => {
  expect(names.length).toBeGreaterThan(0);
  for (const name of names) {
    for (const value of NONSENSE) {
      const answer = await request(`${pathOf(operation)}?${name}=${value}`, {
        method: operation.method,
        headers: { authorization: bearer(world.marketing) },
      });
      const body = await answer.json<Partial<Problem>>();
      expect([name, value, answer.status]).toEqual([name, value, expect.toSatisfy((status: number) => status < 500)]);
      const isNamed = answer.status === 200 || body.code !== 'invalid_request' || (body.errors?.length ?? 0) > 0;
      expect([name, value, isNamed]).toEqual([name, value, true]);
    }
  }
});

describe('a part of an upload', () => {
  it('has its size, its place and a file that it belongs to', async () => {
    const client = { authorization: bearer(world.marketing), 'content-type': 'application/octet-stream' };
    const begun = await request('/v1/uploads', { headers: client, json: { file_name: 'numbers.csv', size: 10 } });
    const { id } = await begun.json<{ id: string }>();
    const bytes = (length: number): BodyInit => new Uint8Array(length);
    const cases: readonly [string, string, BodyInit, string][] = [
      ['nothing', `${id}/parts/1`, '', 'upload_part_size'],
      ['too little', `${id}/parts/1`, bytes(9), 'upload_part_size'],
      ['too much', `${id}/parts/1`, bytes(11), 'upload_part_size'],
      ['a part that is not there', `${id}/parts/2`, bytes(10), 'invalid_request'],
      ['the part before the first', `${id}/parts/0`, bytes(10), 'invalid_request'],
      ['half a part', `${id}/parts/1.5`, bytes(10), 'invalid_request'],
      ['a part without end', `${id}/parts/${'9'.repeat(400)}`, bytes(10), 'invalid_request'],
      ['a file of nobody', 'up_NOBODY/parts/1', bytes(10), 'not_found'],
    ];
    for (const [name, path, body, code] of cases) {
      const answer = await request(`/v1/uploads/${path}`, { method: 'PUT', headers: client, body });
      expect([name, (await answer.json<Problem>()).code]).toEqual([name, code]);
      expect([name, answer.status]).toEqual([name, expect.toSatisfy((status: number) => status >= 400 && status < 500)]);
    }
    expect((await (await request(`/v1/uploads/${id}`, { headers: client })).json<{ received: unknown[] }>()).received).toEqual([]);
  });
});

const withId = OPERATIONS.filter(({ path }) => path.includes('{id}'));
it.each(withId.map((operation) => [operation.id, operation] as const))(
  '%s answers a bad id as one that does not exist',
  async (_id, operation) => {
    for (const id of ['nobody', '%00', '..%2f..', 'x'.repeat(200), '%F0%9F%98%80']) {
      const problem = await problemOf(operation, validOf(operation), operation.path.replace('{id}', id).replace('{part}', '1'));
      expect(['not_found', 'invalid_request', 'upload_part_size']).toContain(problem.code);
    }
  },
);

describe('fields', () => {
  const send = OPERATIONS.find(({ id }) => id === 'sendMessages');
  const cases: readonly [name: string, change: Record<string, unknown>, field: string, code: string][] = [
    ['no sender', { from: undefined }, 'from', 'required'],
    ['a sender with a blank', { from: 'JIN MU' }, 'from', 'sender_invalid'],
    ['a sender that is too long', { from: 'JINMUJINMUJINMU' }, 'from', 'sender_invalid'],
    ['no text', { text: undefined }, 'text', 'one_of'],
    ['text and template', { template_id: 'tp_X' }, 'text', 'one_of'],
    ['a blank text', { text: ' \n' }, 'text', 'required'],
    [
      'a broken variable',
      { text: 'Hello {{first name}}', to: [{ to: '+6591234567', variables: { name: 'x' } }] },
      'text',
      'variable_syntax',
    ],
    ['no recipient', { to: undefined }, 'to', 'required'],
    ['no recipients', { to: [] }, 'to', 'required'],
    ['too many recipients', { to: Array.from({ length: 1_001 }, () => '+6591234567') }, 'to', 'too_many'],
    ['a recipient of the wrong kind', { to: ['+6591234567', 5] }, 'to[1]', 'invalid'],
    ['a recipient without number', { to: [{ variables: {} }] }, 'to[0].to', 'required'],
    ['a variable of the wrong kind', { to: [{ to: '+6591234567', variables: { name: 5 } }] }, 'to[0].variables.name', 'invalid'],
    ['an unknown encoding', { type: 'binary' }, 'type', 'invalid'],
    ['a time that is none', { send_at: 'tomorrow' }, 'send_at', 'invalid'],
    ['a time without an offset', { send_at: '2026-12-01T09:00:00' }, 'send_at', 'invalid'],
    ['a time that has passed', { send_at: '2020-12-01T09:00:00Z' }, 'send_at', 'in_the_past'],
    ['a time too far ahead', { send_at: '2099-12-01T09:00:00Z' }, 'send_at', 'invalid'],
    ['a callback that is no URL', { callback_url: 'example.com' }, 'callback_url', 'invalid'],
    ['a callback of another scheme', { callback_url: 'file:///etc/passwd' }, 'callback_url', 'invalid'],
    ['a callback with a password', { callback_url: 'https://a:b@example.com' }, 'callback_url', 'invalid'],
    ['a reference that is too long', { client_ref: 'x'.repeat(101) }, 'client_ref', 'too_long'],
    ['a lifetime that is too short', { ttl_s: 1 }, 'ttl_s', 'invalid'],
    ['half a second of lifetime', { ttl_s: 20.5 }, 'ttl_s', 'invalid'],
  ];
  it.each(cases)('%s is named', async (_name, change, field, code) => {
    if (!send) throw new Error('no such operation');
    const body = JSON.stringify({ from: 'JINMU', text: 'Hello', to: '+6591234567', ...change });
    const problem = await problemOf(send, { body, headers: { 'content-type': JSON_TYPE } });
    expect(problem).toMatchObject({ status: 400, code: 'invalid_request', errors: [{ field, code }] });
  });

  it('have their texts in both languages', async () => {
    if (!send) throw new Error('no such operation');
    const told = (language: string) =>
      problemOf(send, { body: '{}', headers: { 'content-type': JSON_TYPE, 'accept-language': language } }).then(({ title, errors }) => [
        title,
        errors[0]?.detail,
      ]);
    expect(await told('en-GB,en;q=0.9')).toEqual(['The request is not valid', 'Required']);
    expect(await told('zh-CN,zh;q=0.9')).toEqual(['请求内容有误', '必填']);
  });
});

describe('an unknown path', () => {
  it.each(['/v1/', '/v1/nothing', '/v1/messages/x/y', '/sms/xml', '/beta/receive'])('%s is not found', async (path) => {
    const answer = await request(path, { headers: { authorization: bearer(world.marketing) } });
    expect([answer.status, (await answer.json<Problem>()).code]).toEqual([404, 'not_found']);
  });
});

describe('nothing of all this', () => {
  it('was sent or paid', async () => {
    const { gateways, tenant } = world;
    const answer = await request('/v1/messages', { headers: { authorization: bearer(world.marketing) } });
    expect(await answer.json()).toEqual({ messages: [], cursor: null });
    expect(await gateways.objects.ledger(tenant).balance()).toMatchObject({ balanceMicros: 1_000_000_000, reservedMicros: 0 });
    expect(await gateways.objects.keyGate(world.marketing.id).blacklistCounts()).toEqual({ numbers: 0, countries: [] });
  });
});
