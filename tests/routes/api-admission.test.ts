/** What a key decides, exactly, when 200 requests come at once; over HTTP, as clients see it. */
import { createHash } from 'node:crypto';
import { describe, expect, inject, it } from 'vitest';
import { newKeySecret } from '../../schema/ids';
import type { KeySettings } from '../../schema/protocol/objects';
import { adjustKey, type KeyChanges } from '../../workers/tenancy/adjust-key';
import { apiClient, availableMicros, type ApiReply } from '../support/api-client';
import { makeWorld, type World, type WorldWish } from '../support/world';

const MANY = 200;
const SG_MICROS = 41_200;
let lastNumber = 6_593_700_000;
const freshNumber = (): string => `+${(lastNumber += 1)}`;
const hello = (to: unknown = freshNumber()) => ({ from: 'JINMU', text: 'Your code is 482913.', to });
const sha = (secret: string): string => createHash('sha256').update(secret).digest('hex');

const openWorld = (wish: WorldWish = {}): Promise<World> => makeWorld({ restHost: inject('carrierUrl'), perSecond: 10_000, ...wish });
const adjust = (world: World, changes: KeyChanges) => adjustKey(world.gateways, world.transactional.id, changes);
const post = (world: World, to?: unknown, headers: Record<string, string> = {}) =>
  apiClient(world.transactional).call<SendBody>('POST', '/v1/messages', hello(to), headers);
const atOnce = <Answer>(work: () => Promise<Answer>, times = MANY): Promise<Answer[]> =>
  Promise.all(Array.from({ length: times }, () => work()));
const loggedOf = async (world: World): Promise<number> =>
  (await apiClient(world.transactional).call<{ messages: unknown[] }>('GET', '/v1/messages?limit=200')).body.messages.length;

interface SendBody {
  readonly messages: readonly { readonly status: string; readonly error: { readonly code: string } | null }[];
}
const codesOf = (answers: readonly ApiReply<SendBody>[]): (string | null)[] =>
  answers.flatMap(({ body }) => body.messages.map(({ error }) => error?.code ?? null));

describe('200 requests at once', () => {
  it('share the tokens of one key: no more pass than there are, and each of the others is told how long to wait', async () => {
    const world = await openWorld();
    await adjust(world, { perSecond: 20 });
    const startedAt = Date.now();
    const answers = await atOnce(() => apiClient(world.transactional).call('GET', '/v1/balance'));
    const elapsedMs = Date.now() - startedAt;
    const passed = answers.filter(({ status }) => status === 200);
    const refused = answers.filter(({ status }) => status === 429);
    expect(passed.length + refused.length).toBe(MANY);
    expect(passed.length).toBeGreaterThanOrEqual(20);
    expect(passed.length).toBeLessThanOrEqual(20 + Math.ceil((elapsedMs / 1_000) * 20));
    for (const { headers } of answers) {
      expect(headers.get('ratelimit-limit')).toBe('20');
      expect(headers.get('ratelimit-policy')).toBe('20;w=1');
      expect(Number(headers.get('ratelimit-remaining'))).toBeLessThan(20);
      expect(Number(headers.get('ratelimit-reset'))).toBeGreaterThanOrEqual(0);
    }
    expect(refused.map(({ headers }) => headers.get('retry-after'))).toEqual(refused.map(() => '1'));
  });

  it('stop at the daily number of messages, to the message', async () => {
    const world = await openWorld();
    await adjust(world, { dailyMessages: 37 });
    const answers = await atOnce(() => post(world));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    const codes = codesOf(answers);
    expect(codes.filter((code) => code === null)).toHaveLength(37);
    expect(codes.filter((code) => code === 'daily_messages')).toHaveLength(MANY - 37);
  });

  it('stop at the daily budget and spend it once, to the cent', async () => {
    const world = await openWorld();
    await adjust(world, { dailySpendMicros: 10 * SG_MICROS + 1 });
    const before = await availableMicros(world);
    const codes = codesOf(await atOnce(() => post(world)));
    expect(codes.filter((code) => code === null)).toHaveLength(10);
    expect(before - (await availableMicros(world))).toBe(10 * SG_MICROS);
  });

  it('with one Idempotency-Key are one request', async () => {
    const world = await openWorld();
    const to = freshNumber();
    const answers = await atOnce(() => post(world, to, { 'idempotency-key': 'one-of-two-hundred' }));
    const first = answers.filter(({ status, headers }) => status === 202 && headers.get('idempotency-replayed') === null);
    expect(first).toHaveLength(1);
    const others = answers.filter(({ status }) => status === 202).map(({ body }) => body);
    expect(others).toEqual(others.map(() => first[0]?.body));
    expect(answers.every(({ status }) => status === 202 || status === 409)).toBe(true);
    expect(await loggedOf(world)).toBe(1);
    const later = await post(world, to, { 'idempotency-key': 'one-of-two-hundred' });
    expect([later.status, later.headers.get('idempotency-replayed'), later.body]).toEqual([202, 'true', first[0]?.body]);
  });

  it('send three of one text to a mainland number', async () => {
    const world = await openWorld();
    const codes = codesOf(await atOnce(() => post(world, '+8613800137777')));
    expect(codes.filter((code) => code === null)).toHaveLength(3);
    expect(codes.filter((code) => code === 'too_many_identical')).toHaveLength(MANY - 3);
  });
});

describe('a change of a key', () => {
  const status = async (world: World, secret = world.transactional.secret): Promise<number> =>
    (await apiClient({ ...world.transactional, secret }).call('GET', '/v1/balance')).status;

  it('takes effect with the next request: switch, addresses, countries, rate', async () => {
    const world = await openWorld();
    expect(await status(world)).toBe(200);
    await adjust(world, { enabled: false });
    expect(await status(world)).toBe(403);
    await adjust(world, { enabled: true, ipAllowlist: ['2001:db8::/32'] });
    expect(await status(world)).toBe(403);
    await adjust(world, { ipAllowlist: [], countries: ['GB'] as unknown as NonNullable<KeySettings['countries']> });
    expect(codesOf([await post(world)])).toEqual(['country_not_allowed']);
    await adjust(world, { perSecond: 1 });
    expect((await atOnce(() => status(world), 5)).filter((one) => one === 200).length).toBeLessThanOrEqual(2);
  });

  it('of its secret lets two live side by side, and the old one die at once', async () => {
    const world = await openWorld();
    const gate = world.gateways.objects.keyGate(world.transactional.id);
    const [second, third] = [newKeySecret(), newKeySecret()];
    await gate.addSecret(sha(second));
    expect([await status(world), await status(world, second), await status(world, third)]).toEqual([200, 200, 401]);
    const [first] = (await gate.facts()).secrets;
    await gate.removeSecret(first?.n ?? 0);
    expect([await status(world), await status(world, second)]).toEqual([401, 200]);
    await gate.addSecret(sha(third));
    await gate.addSecret(sha(newKeySecret()));
    expect([await status(world, second), await status(world, third)]).toEqual([401, 200]);
  });

  it('in the middle of 200 requests leaves no request behind that passes after it', async () => {
    const world = await openWorld();
    const before = atOnce(() => status(world), MANY / 2);
    await adjust(world, { enabled: false });
    const after = await atOnce(() => status(world), MANY / 2);
    expect(new Set(after)).toEqual(new Set([403]));
    for (const one of await before) expect([200, 403]).toContain(one);
  });
});
