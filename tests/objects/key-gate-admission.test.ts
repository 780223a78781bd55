import { env } from 'cloudflare:workers';
import { runInDurableObject } from 'cloudflare:test';
import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Env } from '../../schema/env';
import { newKeyId, newTenantId, type Iso2 } from '../../schema/ids';
import { IDEMPOTENCY_LIFETIME_MS, IDEMPOTENCY_RUNNING_MS } from '../../schema/limits';
import type { KeyGateApi, KeyRequest, KeySettings, KeyVerdict, ScreenedRecipient } from '../../schema/protocol/objects';
import { keyGateName } from '../../schema/storage-keys';
import { STEPS } from '../../durable-objects/key-gate/storage-steps';
import { migrate } from '../../durable-objects/kit/storage';
import { signatureOf } from '../../workers/gateways/carrier-signature';
import { sealSecret } from '../../workers/gateways/sealed-secrets';
import { worldGateways } from '../support/world';

const sha = (secret: string): string => createHash('sha256').update(secret).digest('hex');
const CN = 'CN' as Iso2;
const SG = 'SG' as Iso2;

interface Gate {
  readonly gate: KeyGateApi;
  readonly settings: KeySettings;
  readonly stub: DurableObjectStub;
}

async function openGate(wish: Partial<KeySettings> = {}): Promise<Gate> {
  const key = newKeyId();
  const settings: KeySettings = {
    key,
    tenant: newTenantId(),
    kind: 'transactional',
    enabled: true,
    test: false,
    perSecond: 10_000,
    ipAllowlist: [],
    ...wish,
  };
  const gate = worldGateways().objects.keyGate(key);
  await gate.configure(settings);
  await gate.addSecret(sha('right'));
  return { gate, settings, stub: (env as unknown as Env).KEY_GATE.getByName(keyGateName(key)) };
}

const requestOf = (changes: Partial<KeyRequest> & { readonly to?: readonly ScreenedRecipient[] } = {}): KeyRequest => {
  const { to = [], ...rest } = changes;
  return { credential: { kind: 'secret', sha256: sha('right') }, address: null, recipientsJson: JSON.stringify(to), repeat: null, ...rest };
};
const blockedOf = (verdict: KeyVerdict): unknown => (verdict.kind === 'admitted' ? verdict.blocked : verdict.kind);
const one = (recipient: number, body = 1, country = CN): ScreenedRecipient => [recipient, country, 10_000, country === CN ? body : null];

beforeEach(() => {
  vi.useRealTimers();
});

describe('a key', () => {
  it('lets two secrets in and no third, and an old one goes when a newer comes', async () => {
    const { gate } = await openGate();
    await gate.addSecret(sha('second'));
    const tried = async (secret: string) =>
      (await gate.admitRequest(requestOf({ credential: { kind: 'secret', sha256: sha(secret) } }))).kind;
    expect([await tried('right'), await tried('second'), await tried('wrong')]).toEqual(['admitted', 'admitted', 'bad_secret']);
    await gate.addSecret(sha('third'));
    expect([await tried('right'), await tried('second'), await tried('third')]).toEqual(['bad_secret', 'admitted', 'admitted']);
    const [older] = (await gate.facts()).secrets;
    await gate.removeSecret(older?.n ?? 0);
    expect(await tried('second')).toBe('bad_secret');
  });

  it('does not say that it is switched off to somebody without its secret', async () => {
    const { gate, settings } = await openGate();
    await gate.configure({ ...settings, enabled: false });
    expect((await gate.admitRequest(requestOf())).kind).toBe('disabled');
    expect((await gate.admitRequest(requestOf({ credential: { kind: 'secret', sha256: sha('wrong') } }))).kind).toBe('bad_secret');
  });

  it('keeps each of two changes that are made at once, and loses what is taken away', async () => {
    const { gate, settings } = await openGate({ dailyMessages: 5 });
    await Promise.all([gate.patch({ enabled: false }), gate.patch({ perSecond: 7, dailyMessages: null })]);
    const { dailyMessages: _, ...kept } = settings;
    expect(await gate.settings()).toEqual({ ...kept, enabled: false, perSecond: 7 });
  });

  it('of a tenant that is switched off is as one that does not exist, at once', async () => {
    const { gate } = await openGate();
    await gate.patch({ tenantOff: true });
    expect((await gate.admitRequest(requestOf())).kind).toBe('unknown_key');
    expect((await gate.admitRequest(requestOf({ credential: { kind: 'platform' } }))).kind).toBe('unknown_key');
    await gate.patch({ tenantOff: null });
    expect((await gate.admitRequest(requestOf())).kind).toBe('admitted');
  });

  it('lets the platform itself send from anywhere, at its rate and within its caps', async () => {
    const { gate } = await openGate({ ipAllowlist: ['203.0.113.9'], dailyMessages: 1 });
    const own = requestOf({ credential: { kind: 'platform' }, to: [one(6591000001, 1, SG)] });
    expect(blockedOf(await gate.admitRequest(own))).toEqual([null]);
    expect(blockedOf(await gate.admitRequest(own))).toEqual(['daily_messages']);
    expect((await gate.facts()).usedAt).toBeNull();
  });

  it('takes requests from its addresses only', async () => {
    const { gate } = await openGate({ ipAllowlist: ['203.0.113.0/24', '2001:db8::/32'] });
    const from = async (address: string | null) => (await gate.admitRequest(requestOf({ address }))).kind;
    expect([await from('203.0.113.9'), await from('2001:db8::1'), await from('198.51.100.1'), await from(null)]).toEqual([
      'admitted',
      'admitted',
      'address_refused',
      'address_refused',
    ]);
  });

  it('works without a secret only where an operator said so, and only from listed addresses', async () => {
    const byAddress = requestOf({ credential: { kind: 'address' }, address: '203.0.113.9' });
    const tried = async (wish: Partial<KeySettings>) => (await (await openGate(wish)).gate.admitRequest(byAddress)).kind;
    expect(await tried({})).toBe('bad_secret');
    expect(await tried({ noSecret: true })).toBe('bad_secret');
    expect(await tried({ noSecret: true, ipAllowlist: ['198.51.100.1'] })).toBe('address_refused');
    expect(await tried({ noSecret: true, ipAllowlist: ['203.0.113.9'] })).toBe('admitted');
  });

  it.each(['md5hash', 'md5', 'sha1', 'sha256', 'sha512'])('knows a request that was signed with %s, while it is young', async (method) => {
    const secretSealed = await sealSecret(env as unknown as Env, 'a signature secret');
    const { gate } = await openGate({ signature: { secretSealed, method } });
    const signed = (changes: Record<string, string> = {}, secret = 'a signature secret'): KeyRequest => {
      const parameters = { api_key: 'x', text: 'a&b=c', timestamp: String(Math.floor(Date.now() / 1_000)), ...changes };
      return requestOf({
        credential: { kind: 'signature', parameters: { ...parameters, sig: signatureOf(parameters, secret, method) ?? '' } },
      });
    };
    const kind = async (request: KeyRequest) => (await gate.admitRequest(request)).kind;
    expect(await kind(signed())).toBe('admitted');
    expect(await kind(signed({}, 'another'))).toBe('bad_signature');
    expect(await kind(signed({ timestamp: '1700000000' }))).toBe('bad_signature');
    expect(await kind(requestOf({ credential: { kind: 'signature', parameters: { text: 'x', sig: 'x' } } }))).toBe('bad_signature');
  });
});

describe('the rate', () => {
  it('admits no more than its tokens of 200 requests at once, and says how long to wait', async () => {
    const { gate } = await openGate({ perSecond: 30 });
    const startedAt = Date.now();
    const verdicts = await Promise.all(Array.from({ length: 200 }, () => gate.admitRequest(requestOf())));
    const elapsedMs = Date.now() - startedAt;
    const admitted = verdicts.filter(({ kind }) => kind === 'admitted').length;
    expect(admitted).toBeGreaterThanOrEqual(30);
    expect(admitted).toBeLessThanOrEqual(30 + Math.ceil((elapsedMs / 1_000) * 30));
    const refused = verdicts.filter((verdict) => verdict.kind === 'rate_limited');
    expect(refused).toHaveLength(200 - admitted);
    for (const { retryAfterMs, rate } of refused) {
      expect(retryAfterMs).toBeGreaterThan(0);
      expect(retryAfterMs).toBeLessThanOrEqual(34);
      expect(rate).toMatchObject({ limit: 30, remaining: 0 });
    }
  });

  it('counts a token a recipient and lends to a batch what the next ones wait out', async () => {
    const { gate } = await openGate({ perSecond: 10 });
    const batch = requestOf({ to: Array.from({ length: 30 }, (_, at) => one(6_591_000_000 + at, 1, SG)) });
    expect((await gate.admitRequest(batch)).kind).toBe('admitted');
    const next = await gate.admitRequest(requestOf());
    const waitMs = next.kind === 'rate_limited' ? next.retryAfterMs : 0;
    expect(waitMs).toBeGreaterThan(1_900);
    expect(waitMs).toBeLessThanOrEqual(3_000);
  });
});

describe('caps and lists', () => {
  it('blocks what the lists name, recipient by recipient', async () => {
    const { gate } = await openGate({ countries: [CN, SG] });
    await gate.addNumbers('[8613800138000]', 'user');
    await gate.setCountries([SG]);
    const verdict = await gate.admitRequest(
      requestOf({ to: [one(8613800138000), one(8613800138001), one(6591234567, 1, SG), one(4915112345678, 1, 'DE' as Iso2)] }),
    );
    expect(blockedOf(verdict)).toEqual(['blacklisted', null, 'country_blocked', 'country_not_allowed']);
  });

  it('stops at the day’s messages and at the day’s money, to the message, under parallel requests', async () => {
    const { gate } = await openGate({ dailyMessages: 50 });
    const verdicts = await Promise.all(
      Array.from({ length: 200 }, (_, at) => gate.admitRequest(requestOf({ to: [one(6_591_000_000 + at, 1, SG)] }))),
    );
    expect(verdicts.filter((verdict) => verdict.kind === 'admitted' && verdict.blocked[0] === null)).toHaveLength(50);
    const spending = await openGate({ dailySpendMicros: 25_000 });
    const verdict = await spending.gate.admitRequest(requestOf({ to: [1, 2, 3].map((n) => one(6_591_000_000 + n, 1, SG)) }));
    expect(blockedOf(verdict)).toEqual([null, null, 'daily_spend']);
  });

  it('gives back what a refused request had taken', async () => {
    const { gate } = await openGate({ dailyMessages: 1 });
    const first = await gate.admitRequest(requestOf({ to: [one(8613800138001)], repeat: { key: 'k', fingerprint: 'f', begins: true } }));
    if (first.kind !== 'admitted' || first.ticket === null) throw new Error('not admitted');
    await gate.takeBack(first.ticket);
    const again = await gate.admitRequest(requestOf({ to: [one(8613800138001)], repeat: { key: 'k', fingerprint: 'g', begins: true } }));
    expect(blockedOf(again)).toEqual([null]);
    const uncapped = await openGate();
    for (let time = 1; time <= 4; time += 1) {
      const verdict = await uncapped.gate.admitRequest(requestOf({ to: [1, 2, 3].map(() => one(8613800138001)) }));
      expect(blockedOf(verdict)).toEqual([null, null, null]);
      if (verdict.kind === 'admitted' && verdict.ticket !== null) await uncapped.gate.takeBack(verdict.ticket);
    }
  });
});

describe('a repeated request', () => {
  const repeat = { key: 'order-1', fingerprint: 'a', begins: true };
  it('waits for the first, then gets its answer, for 24 hours; another content is refused', async () => {
    const { gate, stub } = await openGate();
    const request = requestOf({ to: [one(8613800138001)], repeat });
    const kinds = (await Promise.all([1, 2, 3].map(() => gate.admitRequest(request)))).map(({ kind }) => kind);
    expect(kinds.toSorted()).toEqual(['admitted', 'in_progress', 'in_progress']);
    await gate.remember('order-1', 'the answer');
    expect(await gate.admitRequest(request)).toMatchObject({ kind: 'replayed', answer: 'the answer' });
    expect((await gate.admitRequest({ ...request, repeat: { ...repeat, fingerprint: 'b' } })).kind).toBe('other_request');
    await runInDurableObject(stub, (_, { storage }) => {
      storage.sql.exec('UPDATE repeats SET first_at = first_at - ?', IDEMPOTENCY_LIFETIME_MS);
    });
    expect(await gate.admitRequest(request)).toMatchObject({ kind: 'admitted', takenOver: false });
  });

  it('that is wrong by now begins nothing, and finds what was begun', async () => {
    const { gate } = await openGate();
    const looking = requestOf({ repeat: { ...repeat, begins: false } });
    expect(await gate.admitRequest(looking)).toMatchObject({ kind: 'admitted', ticket: null });
    expect(await gate.admitRequest(requestOf({ repeat }))).toMatchObject({ kind: 'admitted', takenOver: false });
    expect((await gate.admitRequest(looking)).kind).toBe('in_progress');
    await gate.abandon('order-1');
    expect(await gate.admitRequest(looking)).toMatchObject({ kind: 'admitted', takenOver: true });
    await gate.remember('order-1', 'the answer');
    await gate.abandon('order-1');
    expect(await gate.admitRequest(looking)).toMatchObject({ kind: 'replayed', answer: 'the answer' });
  });

  it('takes over from one that died, with what had been decided for it', async () => {
    const { gate, stub } = await openGate();
    await gate.addNumbers('[8613800138001]', 'user');
    const request = requestOf({ to: [one(8613800138001), one(8613800138002)], repeat });
    const first = await gate.admitRequest(request);
    await runInDurableObject(stub, (_, { storage }) => {
      storage.sql.exec('UPDATE repeats SET running_at = running_at - ?', IDEMPOTENCY_RUNNING_MS);
    });
    await gate.removeNumbers('[8613800138001]');
    const second = await gate.admitRequest(request);
    expect(second).toMatchObject({ kind: 'admitted', takenOver: true, blocked: ['blacklisted', null] });
    expect(second.kind === 'admitted' && first.kind === 'admitted' && second.at === first.at).toBe(true);
    expect((await gate.admitRequest(request)).kind).toBe('in_progress');
  });
});

describe('storage of a key', () => {
  it('grows from its first shape without losing the blacklist', async () => {
    const stub = (env as unknown as Env).LOGIN_GUARD.getByName('a place to migrate in');
    await runInDurableObject(stub, async (_, { storage }) => {
      await storage.deleteAll();
      migrate(storage, STEPS.slice(0, 1));
      storage.sql.exec("INSERT INTO numbers VALUES (8613800138000, 1, 'user')");
      migrate(storage, STEPS);
      expect(storage.sql.exec('SELECT recipient, source FROM numbers').one()).toEqual({ recipient: 8613800138000, source: null });
      expect(storage.sql.exec('SELECT count(*) AS n FROM repeats').one()).toEqual({ n: 0 });
    });
  });
});
