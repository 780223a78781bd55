/** The rules of signing in that need time to pass: the verbs with the time given to them. */
import { beforeAll, describe, expect, inject, it } from 'vitest';
import type { Challenge, Visitor } from '../../schema/console';
import { AppError } from '../../schema/errors';
import type { SessionId } from '../../schema/ids';
import {
  CODE_LIFETIME_MS,
  CODE_RESEND_AFTER_MS,
  CODES_PER_DAY,
  CODES_WINDOW_MS,
  PASSWORD_LOCK_MS,
  PASSWORD_WRONG_TRIES,
  SESSION_LIFETIME_MS,
} from '../../schema/limits';
import { forgotPassword } from '../../workers/tenancy/forgot-password';
import { guardedAddress } from '../../workers/tenancy/guarded-address';
import { openAccount } from '../../workers/tenancy/open-account';
import { openSession } from '../../workers/tenancy/open-session';
import { refuseWeakPassword } from '../../workers/tenancy/password-rules';
import { hashPassword, newFirstPassword, passwordMatches } from '../../workers/tenancy/passwords';
import { resendCode } from '../../workers/tenancy/resend-code';
import { resetPassword } from '../../workers/tenancy/reset-password';
import { signIn } from '../../workers/tenancy/sign-in';
import { signInCode } from '../../workers/tenancy/sign-in-code';
import { makeWorld, openSystemTenant, ORIGIN, PASSWORD, worldGateways, type World } from '../support/world';
import { codeTo, mailsTo } from '../support/world/mailbox';

beforeAll(() => openSystemTenant(inject('carrierUrl')));

const gateways = worldGateways();
let lastVisitor = 0;
const visitor = (): Visitor => {
  lastVisitor += 1;
  return { address: `203.0.113.${lastVisitor}`, userAgent: 'tests', locale: 'en' };
};
const login = (world: World) => ({ email: world.email });
const passwordAt = (world: World, now: number, password = PASSWORD): Promise<Challenge> =>
  signIn(gateways, visitor(), login(world), password, now);

/** Code and details of the refusal; anything else fails the test. */
async function refusal(work: Promise<unknown>): Promise<{ code: string; details: unknown; fields: unknown }> {
  const thrown = await work.then(
    () => null,
    (error: unknown) => error,
  );
  if (!(thrown instanceof AppError)) throw new Error('was not refused', { cause: thrown });
  return { code: thrown.code, details: thrown.details, fields: thrown.fields };
}

describe('a code', () => {
  it('lives five minutes', async () => {
    const [early, late] = [await makeWorld(), await makeWorld()];
    const now = Date.now();
    const [first, second] = [await passwordAt(early, now), await passwordAt(late, now)];
    const inTime = now + CODE_LIFETIME_MS - 2_000;
    expect((await signInCode(gateways, visitor(), first.challenge, await codeTo(early.email), inTime)).mustChangePassword).toBe(false);
    const over = signInCode(gateways, visitor(), second.challenge, await codeTo(late.email), now + CODE_LIFETIME_MS);
    expect(await refusal(over)).toMatchObject({ code: 'challenge_gone' });
  });

  it('can be asked for again after sixty seconds; the older one is dead then', async () => {
    const world = await makeWorld();
    const now = Date.now();
    const { challenge } = await passwordAt(world, now);
    const old = await codeTo(world.email);
    expect(await refusal(resendCode(gateways, visitor(), challenge, now + 1_000))).toMatchObject({
      code: 'code_too_soon',
      details: { seconds: 59 },
    });
    const later = now + CODE_RESEND_AFTER_MS;
    const again = await resendCode(gateways, visitor(), challenge, later);
    const code = await codeTo(world.email, 2);
    expect(await refusal(signInCode(gateways, visitor(), challenge, old, later))).toMatchObject({ code: 'code_refused' });
    expect((await signInCode(gateways, visitor(), again.challenge, code, later)).cookie).toContain('__Host-jmc=');
  });

  it('is sent ten times a day at most', async () => {
    const world = await makeWorld();
    const now = Date.now();
    for (let n = 0; n < CODES_PER_DAY; n += 1) await passwordAt(world, now + n * CODE_RESEND_AFTER_MS);
    const eleventh = now + CODES_PER_DAY * CODE_RESEND_AFTER_MS;
    expect(await refusal(passwordAt(world, eleventh))).toMatchObject({ code: 'code_daily_limit' });
    // Nor for a forgotten password, which says nothing about it.
    expect((await forgotPassword(gateways, visitor(), login(world), eleventh)).sentTo).toBeTruthy();
    expect(await mailsTo(world.email)).toHaveLength(CODES_PER_DAY);
    await passwordAt(world, now + CODES_WINDOW_MS);
    expect(await mailsTo(world.email)).toHaveLength(CODES_PER_DAY + 1);
  });

  it('need not be waited for after one that was used', async () => {
    const world = await makeWorld();
    const now = Date.now();
    const { challenge } = await passwordAt(world, now);
    await signInCode(gateways, visitor(), challenge, await codeTo(world.email), now);
    await passwordAt(world, now + 1_000);
    expect(await mailsTo(world.email)).toHaveLength(2);
  });

  it('of a forgotten password is limited as well, and the answer is the same for nobody', async () => {
    const world = await makeWorld();
    const now = Date.now();
    for (const email of [world.email, 'nobody@rules.example']) {
      const { challenge } = await forgotPassword(gateways, visitor(), { email }, now);
      expect(await refusal(resendCode(gateways, visitor(), challenge, now + 1_000))).toMatchObject({
        code: 'code_too_soon',
        details: { seconds: 59 },
      });
      expect((await resendCode(gateways, visitor(), challenge, now + CODE_RESEND_AFTER_MS)).sentTo).toBeTruthy();
    }
    await codeTo(world.email, 2);
    expect(await mailsTo('nobody@rules.example')).toEqual([]);
  });
});

describe('a lock', () => {
  it('is over after fifteen minutes', async () => {
    const world = await makeWorld();
    const now = Date.now();
    for (let n = 0; n < PASSWORD_WRONG_TRIES; n += 1) await refusal(passwordAt(world, now, 'wrong password'));
    expect(await refusal(passwordAt(world, now + PASSWORD_LOCK_MS - 1))).toMatchObject({ code: 'locked', details: { minutes: 1 } });
    expect((await passwordAt(world, now + PASSWORD_LOCK_MS)).challenge).toBeTruthy();
  });

  it('does not come from four wrong passwords before a right one', async () => {
    const world = await makeWorld();
    const now = Date.now();
    for (const at of [now, now + CODE_RESEND_AFTER_MS]) {
      for (let n = 0; n < PASSWORD_WRONG_TRIES - 1; n += 1)
        expect(await refusal(passwordAt(world, at, 'wrong password'))).toMatchObject({ code: 'sign_in_refused' });
      await passwordAt(world, at);
    }
  });

  it('counts the wrong tries of all logins of an account together', async () => {
    const world = await makeWorld();
    const now = Date.now();
    const byPhone = { region: '86', phone: world.phone.slice(2) };
    for (let n = 0; n < 3; n += 1) await refusal(passwordAt(world, now, 'wrong password'));
    for (let n = 0; n < 2; n += 1) await refusal(signIn(gateways, visitor(), byPhone, 'wrong password', now));
    expect(await refusal(signIn(gateways, visitor(), byPhone, PASSWORD, now))).toMatchObject({ code: 'sign_in_refused' });
    expect(await refusal(passwordAt(world, now))).toMatchObject({ code: 'sign_in_refused' });
  });

  it('stands for the whole network of an IPv6 address', () => {
    expect(guardedAddress('2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1:2::/64');
    expect(guardedAddress('2001:DB8:0001:2::9')).toBe('2001:db8:1:2::/64');
    expect(guardedAddress('2001:db8::1')).toBe('2001:db8:0:0::/64');
    expect(guardedAddress('::ffff:192.0.2.7')).toBe('192.0.2.7');
    expect(guardedAddress('192.0.2.7')).toBe('192.0.2.7');
  });
});

describe('a session', () => {
  it('ends by itself', async () => {
    const world = await makeWorld();
    const now = Date.now();
    const { challenge } = await passwordAt(world, now);
    const { cookie } = await signInCode(gateways, visitor(), challenge, await codeTo(world.email), now);
    const request = new Request(ORIGIN, { headers: { cookie: cookie.split(';')[0] ?? '' } });
    expect(await openSession(gateways, request, now + SESSION_LIFETIME_MS - 2_000)).toMatchObject({ email: world.email, address: '' });
    expect(await openSession(gateways, request, now + SESSION_LIFETIME_MS)).toBeNull();
  });

  it('is recorded: when, from where, and in the audit log', async () => {
    const world = await makeWorld();
    const now = Date.now();
    const { challenge } = await passwordAt(world, now);
    await signInCode(gateways, { ...visitor(), address: '192.0.2.44' }, challenge, await codeTo(world.email), now);
    const { DB } = gateways.env;
    expect(await DB.prepare('SELECT last_sign_in_at AS at FROM users WHERE email = ?').bind(world.email).first()).toEqual({ at: now });
    const entry = await DB.prepare("SELECT * FROM audit_log WHERE tenant_id = ? AND action = 'sign_in'")
      .bind(world.tenant)
      .first<{ subject: SessionId }>();
    expect(entry).toMatchObject({ user_id: world.actor.user, address: '192.0.2.44', at: now });
    expect(await DB.prepare('SELECT user_agent FROM sessions WHERE id = ?').bind(entry?.subject).first()).toEqual({ user_agent: 'tests' });
  });

  it('makes room: the same user’s old ones are forgotten', async () => {
    const world = await makeWorld();
    const later = Date.now() + SESSION_LIFETIME_MS + 1;
    const { challenge } = await passwordAt(world, later);
    await signInCode(gateways, visitor(), challenge, await codeTo(world.email), later);
    const { results } = await gateways.env.DB.prepare('SELECT id FROM sessions WHERE user_id = ?').bind(world.actor.user).all();
    expect(results).toHaveLength(1);
  });
});

describe('an account opened by an operator', () => {
  const wanted = (extra: object = {}) => ({
    tenantName: 'New tenant',
    name: 'Wang Qing',
    email: `Wang.Qing.${crypto.randomUUID()}@New.example`,
    phones: [],
    locale: 'zh-CN' as const,
    ...extra,
  });

  it('gets a random first password by mail that signs in and must be changed', async () => {
    const account = wanted();
    const now = Date.now();
    await openAccount(gateways, account, now);
    const email = account.email.toLowerCase();
    const [mail] = await mailsTo(email);
    const password = /初始密码：(\S+)/.exec(mail?.body ?? '')?.[1] ?? '';
    expect(password).toMatch(/^[a-z2-9]{4}(-[a-z2-9]{4}){3}$/);
    const { challenge } = await signIn(gateways, visitor(), { email }, password, now);
    expect((await signInCode(gateways, visitor(), challenge, await codeTo(email, 2), now)).mustChangePassword).toBe(true);
  });

  it('keeps what signs in unique', async () => {
    const world = await makeWorld();
    expect(await refusal(openAccount(gateways, wanted({ email: world.email }), Date.now()))).toMatchObject({ code: 'conflict' });
    expect(await refusal(openAccount(gateways, wanted({ phones: [`+${world.phone}`] }), Date.now()))).toMatchObject({ code: 'conflict' });
  });

  it('has eight phones at most, each of them a phone', async () => {
    const nine = Array.from({ length: 9 }, (_, n) => `+85261234${500 + n}`);
    expect(await refusal(openAccount(gateways, wanted({ phones: nine }), Date.now()))).toMatchObject({ fields: [{ field: 'phones' }] });
    expect(await refusal(openAccount(gateways, wanted({ phones: ['12'] }), Date.now()))).toMatchObject({
      fields: [{ field: 'phones[0]', code: 'invalid' }],
    });
  });

  it('signs in with each of its phones', async () => {
    const account = wanted({ phones: ['+852 6987 0001', '+65 8987 0002'] });
    const now = Date.now();
    await openAccount(gateways, account, now);
    const { challenge } = await forgotPassword(gateways, visitor(), { region: '65', phone: '89870002' }, now);
    const code = await codeTo('+6589870002');
    await resetPassword(gateways, visitor(), challenge, code, PASSWORD, now);
    expect((await signIn(gateways, visitor(), { region: '852', phone: '69870001' }, PASSWORD, now)).sentTo).toMatch(/^\+852 /);
  });
});

describe('a password', () => {
  it('is stored as scrypt with its own salt, and matches itself only', async () => {
    const [one, two] = [await hashPassword(PASSWORD), await hashPassword(PASSWORD)];
    expect(one).toMatch(/^16384\$8\$5\$[\w+/=]{24}\$[\w+/=]{44}$/);
    expect(one).not.toBe(two);
    expect(await passwordMatches(PASSWORD, one)).toBe(true);
    expect(await passwordMatches(PASSWORD.toLowerCase(), one)).toBe(false);
    expect(await passwordMatches(PASSWORD, null)).toBe(false);
  });

  it('is the same one however its characters are composed', async () => {
    expect(await passwordMatches('Cafe\u0301-Horse-2026', await hashPassword('Caf\u00e9-Horse-2026'))).toBe(true);
  });

  it.each([
    ['', 'required'],
    ['short-1', 'too_short'],
    ['x'.repeat(129), 'too_long'],
    ['password123', 'password_weak'],
    ['P@ssword-123', 'password_weak'],
    ['1234567890', 'password_weak'],
    ['Woaini1314', 'password_weak'],
    ['aaaaaaaaaaaa', 'password_weak'],
    ['abcabcabcabc', 'password_weak'],
    ['zyxwvutsrq', 'password_weak'],
    ['zhangwei@jinmu.example', 'password_weak'],
    ['zhang.wei-2026', 'password_weak'],
    ['8613900139000', 'password_weak'],
  ])('%j is refused as %s', (password, code) => {
    const refused = (() => {
      try {
        refuseWeakPassword(password, ['zhangwei@jinmu.example', '8613900139000']);
        return null;
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(refused).toMatchObject({ code: 'invalid_request', fields: [{ field: 'password', code }] });
  });

  it.each(['correct horse battery', '春江潮水连海平海上明月', 'Zhangwei-likes-green-tea', newFirstPassword()])('%j is good', (password) => {
    expect(() => refuseWeakPassword(password, ['zhangwei@jinmu.example'])).not.toThrow();
  });
});
