/** What is wrong with a request of the console, whatever it is, is said in a problem document. Every route there is stands in this table. */
import { beforeAll, describe, expect, it } from 'vitest';
import { FACES } from '../../workers/http/api/faces';
import { OPERATIONS } from '../../workers/http/api/operations';
import { OPERATOR_CALLS } from '../../workers/http/operator-calls';
import { ROUTES } from '../../workers/http/routes';
import { makeOperator, type TestOperator } from '../support/operators';
import { makeWorld, request, type World } from '../support/world';

const TASK = { name: 'Sale', sender: 'JINMU', text: 'Hello', key: 'JM00000000000000' };
const ENDPOINT = {
  name: 'Orders',
  url: 'https://customer.example/receipts',
  method: 'POST',
  events: ['receipt'],
  batchMax: 1,
  enabled: true,
};
/** Writes of the console that take JSON, with a body that can be read. */
const BODIES: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'POST /api/session': { email: 'nobody@test.example', password: 'Wrong-Horse-2026' },
  'POST /api/session/code': { challenge: 'x', code: '000000' },
  'POST /api/session/resend': { challenge: 'x' },
  'POST /api/password/forgot': { email: 'nobody@test.example' },
  'POST /api/password/reset': { challenge: 'x', code: '000000', password: 'Right-Horse-2026' },
  'POST /api/password': { oldPassword: 'wrong', password: 'Right-Horse-2026' },
  'PATCH /api/preferences': { locale: 'en' },
  'POST /api/uploads': { fileName: 'a.csv', size: 10 },
  'POST /api/measure': { text: 'Hello', type: 'auto' },
  'POST /api/tasks': TASK,
  'PUT /api/tasks/:id': TASK,
  'POST /api/tasks/:id/confirm': { startsAt: null },
  'POST /api/exports': { kind: 'log', format: 'csv' },
  'POST /api/blacklist-imports': { key: 'JM00000000000000', upload: 'up_x' },
  'POST /api/webhooks': ENDPOINT,
  'PATCH /api/webhooks/:id': ENDPOINT,
  'POST /api/webhooks/:id/replay': { from: 0, until: 1, which: 'failed' },
  'POST /api/operators/session': { email: 'nobody@service.example', password: 'Wrong-Horse-2026' },
  'POST /api/operators/session/code': { challenge: 'x', code: '000000' },
  'POST /api/operators/session/resend': { challenge: 'x' },
  'POST /api/operators/password/forgot': { email: 'nobody@service.example' },
  'POST /api/operators/password/reset': { challenge: 'x', code: '000000', password: 'Right-Horse-2026' },
  'POST /api/operators/password': { oldPassword: 'wrong', password: 'Right-Horse-2026' },
};
/** Each call of operators is a route of its own. */
const OPERATOR_WRITES = Object.keys(OPERATOR_CALLS).map((call) => `POST /api/operators/${call}`);
/** Writes that take no JSON: what they do is said by their path, or their body is a file. */
const BODILESS: readonly string[] = [
  'DELETE /api/session',
  'DELETE /api/sessions/:id',
  'PUT /api/uploads/:id/parts/:part',
  'POST /api/uploads/:id/complete',
  'POST /api/tasks/:id/:action',
  'POST /api/exports/:id/cancel',
  'POST /api/exports/:id/repeat',
  'DELETE /api/webhooks/:id',
  'POST /api/webhooks/:id/secrets',
  'POST /api/webhooks/:id/test',
  'DELETE /api/operators/session',
];
/** Of carriers, whose receipts and messages are refused in carriers.test.ts, and what there is to read without a session. */
const OTHERS: readonly string[] = [
  '/healthz',
  '/carriers/vonage/receipts',
  '/carriers/vonage/inbound',
  '/v1/openapi.json',
  '/docs/api',
  '/docs/errors',
];
/** Said without a session as well: what a text measures, and the templates of files. */
const OPEN = /^\/api\/(?:measure|upload-templates)(?:\/|$)/;
const DOORS = /^\/api\/(?:operators\/)?session(?:\/|$)|^\/api\/(?:operators\/)?password\/(?:forgot|reset)$/;

const nameOf = ([method, path]: readonly [string, string]): string => `${method} ${path}`;
const consoleRoutes = ROUTES.filter(([, path]) => path.startsWith('/api/'));
const reads = consoleRoutes.filter(([method]) => method === 'GET').map(([, path]) => path);

let world: World;
let operator: TestOperator;
beforeAll(async () => {
  [world, operator] = await Promise.all([makeWorld(), makeOperator()]);
});

const cookieOf = (path: string): string => (path.startsWith('/api/operators/') ? operator.cookie : world.cookie);
const filled = (path: string): string =>
  path.replace(':id', 'T-AAAAA-AAAAA').replace(':part', '1').replace(':format', 'csv').replace(':action', 'fly').replace(':call', 'me');

async function problemOf(name: string, init: RequestInit = {}, path?: string): Promise<{ status: number; code: string }> {
  const [method = '', route = ''] = name.split(' ');
  const headers = new Headers(init.headers);
  if (!headers.has('cookie')) headers.set('cookie', cookieOf(route));
  const answer = await request(path ?? filled(route), { method, ...init, headers });
  const text = await answer.text();
  expect({ name, text, status: answer.status }).toMatchObject({
    status: expect.toSatisfy((status: number) => status >= 400 && status < 500),
  });
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  return JSON.parse(text) as { status: number; code: string };
}

describe('every route there is', () => {
  it('stands in this table, or in that of the API', () => {
    const ours = consoleRoutes.filter(([method]) => method !== 'GET').map(nameOf);
    expect(ours.toSorted()).toEqual([...Object.keys(BODIES), ...BODILESS, 'POST /api/operators/:call'].toSorted());
    const keys = new Set([
      ...OPERATIONS.map(({ path }) => path.replaceAll(/\{(\w+)\}/g, ':$1')),
      ...FACES.map(({ path }) => path),
      ...OTHERS,
    ]);
    expect(
      ROUTES.map(([, path]) => path).filter((path) => !reads.includes(path) && !keys.has(path) && !/^\/(?:api|local)\//.test(path)),
    ).toEqual([]);
  });
});

const deep = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
const latin1 = (text: string): BodyInit => Uint8Array.from(text, (character) => character.charCodeAt(0)) as BodyInit;
const badBodies = (name: string): Readonly<Record<string, { readonly body: BodyInit; readonly type?: string; readonly code: string }>> => {
  const valid = BODIES[name] ?? {};
  const first = Object.keys(valid)[0] ?? 'nothing';
  const withFirst = (value: unknown): string => JSON.stringify({ ...valid, [first]: value });
  return {
    nothing: { body: '', code: 'malformed_json' },
    'no object': { body: '"text"', code: 'invalid_request' },
    'an array': { body: '[]', code: 'invalid_request' },
    'cut short': { body: JSON.stringify(valid).slice(0, -1), code: 'malformed_json' },
    'of a wrong type': { body: withFirst({ nested: true }), code: 'invalid_request' },
    'with a NUL': { body: withFirst('a\0b'), code: 'invalid_request' },
    'with half a surrogate pair': { body: `{"${first}":"\\ud83d"}`, code: 'invalid_request' },
    'with a byte that is no UTF-8': { body: latin1('{"a":"caf\u00e9"}'), code: 'malformed_json' },
    'with a key twice': { body: `{"${first}":1,"${first}":2}`, code: 'invalid_request' },
    'nested without end': { body: deep(200_000), code: 'malformed_json' },
    'too large': { body: JSON.stringify({ [first]: 'x'.repeat(2 * 1024 * 1024) }), code: 'too_large' },
    'of another content type': { body: JSON.stringify(valid), type: 'text/plain', code: 'unsupported_media_type' },
    'a form': { body: `${first}=x`, type: 'application/x-www-form-urlencoded', code: 'unsupported_media_type' },
  };
};

describe.each([...Object.keys(BODIES), ...OPERATOR_WRITES])('the body of %s', (name) => {
  it.each(Object.keys(badBodies(name)))('may not be %s', async (what) => {
    const bad = badBodies(name)[what];
    if (!bad) throw new Error('no such body');
    const { body, type = 'application/json', code } = bad;
    const problem = await problemOf(name, { body, headers: { 'content-type': type } });
    expect(problem.code).toBe(code);
  });
});

/** What there is to send by a route, as far as it takes JSON. */
function validOf(name: string): RequestInit & { readonly headers: Readonly<Record<string, string>> } {
  const json = BODIES[name];
  return json ? { body: JSON.stringify(json), headers: { 'content-type': 'application/json' } } : { headers: {} };
}
const isRead = (name: string): boolean => name.startsWith('GET ');
const routeOf = (name: string): string => name.split(' ')[1] ?? '';
const needsSession = (name: string): boolean => !OPEN.test(routeOf(name)) && !DOORS.test(routeOf(name));

describe('by name', () => {
  const names = consoleRoutes.map(nameOf);

  it.each(names.filter((name) => !isRead(name)))('%s is refused to pages of others', async (name) => {
    const { headers, ...init } = validOf(name);
    expect((await problemOf(name, { ...init, headers: { ...headers, 'sec-fetch-site': 'cross-site' } })).code).toBe('cross_site');
  });

  it.each(names.filter(needsSession))('%s says nothing to whoever is not signed in', async (name) => {
    const { headers, ...init } = validOf(name);
    const own = routeOf(name).startsWith('/api/operators/') ? '__Host-jmc-operator' : '__Host-jmc';
    for (const cookie of ['', `${own}=nonsense`]) {
      const { status, code } = await problemOf(name, { ...init, headers: { ...headers, cookie } });
      expect([cookie, status, code]).toEqual([cookie, 401, 'not_signed_in']);
    }
  });

  it.each(names.filter((name) => routeOf(name).includes(':id')))('%s answers a bad id as one that does not exist', async (name) => {
    for (const id of ['nobody', '%00', '..%2f..', 'x'.repeat(300), '%F0%9F%98%80', '%FF']) {
      const { code } = await problemOf(name, validOf(name), filled(routeOf(name).replace(':id', id)));
      expect([id, ['not_found', 'invalid_request', 'upload_part_size', 'method_not_allowed'].includes(code)]).toEqual([id, true]);
    }
  });
});

describe.each([...new Set(ROUTES.map(([, path]) => path))])('%s', (route) => {
  it('says by another method which ones there are', async () => {
    const url = filled(route).replace(':id', 'T-AAAAA-AAAAA').replace(':shard', '1').replace(':n', '1');
    const answer = await request(url, { method: 'PROPFIND', headers: { cookie: cookieOf(route) } });
    expect([answer.status, (await answer.json<{ code: string }>()).code]).toEqual([405, 'method_not_allowed']);
    const allowed = answer.headers.get('allow')?.split(', ') ?? [];
    const own = ROUTES.filter(([, path]) => path === route).map(([method]) => method);
    expect(allowed).toEqual(expect.arrayContaining(own));
  });
});

describe.each(reads)('GET %s', (route) => {
  it('never breaks on a query that is nonsense', async () => {
    for (const value of ['zzz', '%00', '-1', '%F0%9F%98%80', '9'.repeat(40), '%ff', "'%20OR%201=1--"]) {
      const names = [
        'cursor',
        'limit',
        'from',
        'until',
        'state',
        'country',
        'user',
        'kind',
        'task',
        'key',
        'message',
        'to',
        'receivedFrom',
      ];
      const answer = await request(`${filled(route)}?${names.map((name) => `${name}=${value}`).join('&')}`, {
        headers: { cookie: cookieOf(route), range: 'bytes=zz' },
      });
      expect([route, value, answer.status < 500]).toEqual([route, value, true]);
      await answer.body?.cancel();
    }
  });
});

describe('every answer', () => {
  const everywhere = [
    '/healthz',
    '/docs/api',
    '/docs/errors',
    '/v1/openapi.json',
    '/v1/balance',
    '/getBalance',
    '/sms/json',
    '/no-such-page',
    ...reads,
  ];

  it.each(everywhere)('of GET %s is what it says it is, and over TLS from then on', async (path) => {
    const secure = await request(filled(path), { headers: { cookie: cookieOf(path) } }, 'https://jmc.test');
    expect(secure.headers.get('x-content-type-options')).toBe('nosniff');
    expect(secure.headers.get('strict-transport-security')).toMatch(/^max-age=\d{8}$/);
    await secure.body?.cancel();
    const plain = await request(filled(path), { headers: { cookie: cookieOf(path) } });
    expect(plain.headers.has('strict-transport-security')).toBe(false);
    await plain.body?.cancel();
  });

  it.each(reads)('of GET %s rests in no cache, with a session and without', async (path) => {
    for (const cookie of [cookieOf(path), '']) {
      const answer = await request(filled(path), { headers: { cookie } });
      await answer.body?.cancel();
      // What is the same for everybody may be kept.
      if (OPEN.test(path) && answer.ok) continue;
      expect(answer.headers.get('cache-control')).toMatch(/no-store/);
    }
  });
});

it.each(['constructor', '__proto__', 'toString', 'nothing'])('a call of operators named %s does not exist', async (call) => {
  for (const method of ['GET', 'POST']) {
    const { code } = await problemOf(
      `${method} /api/operators/${call}`,
      method === 'POST' ? { body: '{}', headers: { 'content-type': 'application/json' } } : {},
    );
    expect(code).toBe('not_found');
  }
});

it('nothing of all this was made', async () => {
  const read = async (path: string) => await (await world.fetch(path)).json<{ rows: unknown[] }>();
  for (const path of ['/api/tasks', '/api/exports', '/api/messages', '/api/webhooks'])
    expect([path, (await read(path)).rows]).toEqual([path, []]);
});
