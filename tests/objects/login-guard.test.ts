import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Env } from '../../schema/env';
import {
  CODE_LIFETIME_MS,
  CODE_RESEND_AFTER_MS,
  CODE_WRONG_TRIES,
  CODES_PER_DAY,
  CODES_WINDOW_MS,
  PASSWORD_LOCK_MS,
  PASSWORD_WRONG_TRIES,
} from '../../schema/limits';
import type { LoginGuardApi } from '../../schema/protocol/objects';

const namespace = (env as unknown as Env).LOGIN_GUARD;
const now = Date.now();

let stub: DurableObjectStub;
let guard: LoginGuardApi;
beforeEach(() => {
  stub = namespace.getByName(`test:${crypto.randomUUID()}`);
  guard = stub as unknown as LoginGuardApi;
});

const tryAt = (at: number) => guard.tryPassword(at, PASSWORD_WRONG_TRIES, PASSWORD_LOCK_MS);

describe('passwords', () => {
  it('allows five wrong tries and then none for fifteen minutes', async () => {
    for (let n = 0; n < PASSWORD_WRONG_TRIES; n += 1) expect(await tryAt(now + n)).toEqual({ kind: 'allowed' });
    const untilAt = now + PASSWORD_WRONG_TRIES - 1 + PASSWORD_LOCK_MS;
    expect(await tryAt(now + 60_000)).toEqual({ kind: 'locked', untilAt });
    expect(await tryAt(untilAt - 1)).toEqual({ kind: 'locked', untilAt });
    expect(await tryAt(untilAt)).toEqual({ kind: 'allowed' });
  });

  it('counts anew after a lock', async () => {
    for (let n = 0; n < PASSWORD_WRONG_TRIES; n += 1) await tryAt(now);
    const later = now + PASSWORD_LOCK_MS;
    for (let n = 0; n < PASSWORD_WRONG_TRIES; n += 1) expect((await tryAt(later)).kind).toBe('allowed');
    expect((await tryAt(later)).kind).toBe('locked');
  });

  it('lets no more than five through when twenty come at once', async () => {
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => tryAt(now)));
    expect(outcomes.filter(({ kind }) => kind === 'allowed')).toHaveLength(PASSWORD_WRONG_TRIES);
  });

  it('forgets all tries after a right one, also when it was the fifth', async () => {
    for (let n = 0; n < PASSWORD_WRONG_TRIES; n += 1) await tryAt(now);
    await guard.passwordRight('all');
    for (let n = 0; n < PASSWORD_WRONG_TRIES; n += 1) expect((await tryAt(now)).kind).toBe('allowed');
  });

  it('takes back only the right try of an address, so that one account there cannot cover for guesses at others', async () => {
    for (let n = 0; n < PASSWORD_WRONG_TRIES - 1; n += 1) await tryAt(now);
    await tryAt(now);
    await guard.passwordRight('one');
    expect((await tryAt(now)).kind).toBe('allowed');
    expect((await tryAt(now)).kind).toBe('locked');
  });

  it('does not add up tries that lie further apart than the lock', async () => {
    for (let n = 0; n < PASSWORD_WRONG_TRIES - 1; n += 1) await tryAt(now);
    expect((await tryAt(now + PASSWORD_LOCK_MS)).kind).toBe('allowed');
    expect((await tryAt(now + PASSWORD_LOCK_MS)).kind).toBe('allowed');
  });
});

describe('codes', () => {
  it('are right once', async () => {
    await guard.issueCode('sign_in', 'hash', now);
    expect(await guard.redeemCode('sign_in', 'hash', now)).toBe('right');
    expect(await guard.redeemCode('sign_in', 'hash', now)).toBe('wrong');
  });

  it('are right once when two ask at the same moment', async () => {
    await guard.issueCode('sign_in', 'hash', now);
    const both = await Promise.all([guard.redeemCode('sign_in', 'hash', now), guard.redeemCode('sign_in', 'hash', now)]);
    expect(both.toSorted()).toEqual(['right', 'wrong']);
  });

  it('live five minutes', async () => {
    await guard.issueCode('sign_in', 'hash', now);
    expect(await guard.redeemCode('sign_in', 'hash', now + CODE_LIFETIME_MS - 1, 'keep')).toBe('right');
    expect(await guard.redeemCode('sign_in', 'hash', now + CODE_LIFETIME_MS)).toBe('wrong');
  });

  it('die after five wrong tries', async () => {
    await guard.issueCode('sign_in', 'hash', now);
    for (let n = 0; n < CODE_WRONG_TRIES; n += 1) expect(await guard.redeemCode('sign_in', 'guess', now)).toBe('wrong');
    expect(await guard.redeemCode('sign_in', 'hash', now)).toBe('wrong');
  });

  it('survive four wrong tries', async () => {
    await guard.issueCode('sign_in', 'hash', now);
    for (let n = 0; n < CODE_WRONG_TRIES - 1; n += 1) await guard.redeemCode('sign_in', 'guess', now);
    expect(await guard.redeemCode('sign_in', 'hash', now)).toBe('right');
  });

  it('serve one purpose only', async () => {
    await guard.issueCode('reset', 'hash', now);
    expect(await guard.redeemCode('sign_in', 'hash', now)).toBe('wrong');
    expect(await guard.redeemCode('reset', 'hash', now)).toBe('right');
  });

  it('can be asked for again after sixty seconds, and the older one is dead then', async () => {
    await guard.issueCode('sign_in', 'first', now);
    expect(await guard.issueCode('sign_in', 'second', now + 1)).toEqual({ kind: 'too_soon', againAt: now + CODE_RESEND_AFTER_MS });
    expect((await guard.issueCode('sign_in', 'second', now + CODE_RESEND_AFTER_MS)).kind).toBe('issued');
    expect(await guard.redeemCode('sign_in', 'first', now + CODE_RESEND_AFTER_MS)).toBe('wrong');
    expect(await guard.redeemCode('sign_in', 'second', now + CODE_RESEND_AFTER_MS)).toBe('right');
  });

  it('are ten in any 24 hours, whatever they are for', async () => {
    for (let n = 0; n < CODES_PER_DAY; n += 1) {
      const issued = await guard.issueCode(n % 2 === 0 ? 'sign_in' : 'reset', 'hash', now + n * CODE_RESEND_AFTER_MS);
      expect(issued.kind).toBe('issued');
    }
    expect((await guard.issueCode('sign_in', 'hash', now + CODES_WINDOW_MS - 1)).kind).toBe('daily_limit');
    expect((await guard.issueCode('sign_in', 'hash', now + CODES_WINDOW_MS)).kind).toBe('issued');
    expect((await guard.issueCode('reset', 'hash', now + CODES_WINDOW_MS)).kind).toBe('daily_limit');
  });
});

describe('storage', () => {
  it('is empty once nothing in it matters any more, and the guard goes on working', async () => {
    await guard.issueCode('sign_in', 'hash', now);
    expect(await runDurableObjectAlarm(stub)).toBe(true);
    await runInDurableObject(stub, async (_object, { storage }) => {
      expect([...storage.sql.exec("SELECT name FROM sqlite_master WHERE name IN ('tries', 'codes', 'issues')")]).toEqual([]);
      expect(await storage.getAlarm()).toBeNull();
    });
    expect((await guard.issueCode('sign_in', 'hash', now)).kind).toBe('issued');
  });

  it('is kept as long as the longest of its promises', async () => {
    await guard.issueCode('sign_in', 'hash', now);
    await tryAt(now);
    await runInDurableObject(stub, async (_object, { storage }) => expect(await storage.getAlarm()).toBe(now + CODES_WINDOW_MS));
  });

  it('holds no code in the clear', async () => {
    await guard.issueCode('sign_in', 'a-keyed-hash', now);
    await runInDurableObject(stub, async (_object, { storage }) => {
      const [code] = [...storage.sql.exec('SELECT * FROM codes')];
      expect(code).toEqual({ purpose: 'sign_in', hash: 'a-keyed-hash', issued_at: now, wrong: 0 });
    });
  });
});
