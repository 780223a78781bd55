/** Signing in over HTTP, as the console and the demo do it. Times that must pass are tested in session-rules.test.ts. */
import { env } from 'cloudflare:workers';
import { SignJWT } from 'jose';
import { beforeAll, describe, expect, inject, it, vi } from 'vitest';
import type { Env } from '../../schema/env';
import { ADDRESS_WINDOW_MS, ADDRESS_WRONG_TRIES } from '../../schema/limits';
import { readSessionCookie } from '../../workers/tenancy/session-cookie';
import { connectFakeCarrier } from '../support/fake-carrier-client';
import { makeWorld, openSystemTenant, ORIGIN, PASSWORD, request, worldGateways, type World, type WorldUser } from '../support/world';
import { codeTo, mailsTo, otherCode } from '../support/world/mailbox';

beforeAll(() => openSystemTenant(inject('carrierUrl')));

/** An address of its own for each sign-in: wrong tries of one test must not slow another. */
let lastAddress = 0;
const fromAnywhere = (): Record<string, string> => {
  lastAddress += 1;
  return { 'cf-connecting-ip': `198.51.${lastAddress >> 8}.${lastAddress & 255}`, 'accept-language': 'en' };
};

interface ChallengeBody {
  challenge: string;
  sentTo: string;
  resendAt: number;
}
interface Problem {
  code: string;
  status: number;
  title: string;
  errors: { field: string; code: string }[];
}

const post = (path: string, json: unknown, headers: Record<string, string> = fromAnywhere()): Promise<Response> =>
  request(path, { json, headers });
const jsonOf = async <T>(answer: Response): Promise<T> => (await answer.json()) as T;
const problemOf = async (answer: Response): Promise<Problem> => jsonOf<Problem>(answer);

async function passwordStep(user: WorldUser, count = 1): Promise<{ challenge: string; code: string }> {
  const answer = await post('/api/session', { email: user.email, password: PASSWORD });
  expect(answer.status).toBe(200);
  const { challenge } = await jsonOf<ChallengeBody>(answer);
  return { challenge, code: await codeTo(user.email, count) };
}

async function signInAs(user: WorldUser, headers?: Record<string, string>): Promise<string> {
  const { challenge, code } = await passwordStep(user);
  const answer = await post('/api/session/code', { challenge, code }, headers);
  expect(answer.status).toBe(200);
  return (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
}

const me = (cookie: string): Promise<Response> => request('/api/me', { headers: { cookie } });

describe('signing in', () => {
  it('takes an e-mail, a password and the code that was mailed, and opens a session', async () => {
    const world = await makeWorld();
    const asked = await post('/api/session', { email: world.email.toUpperCase(), password: PASSWORD });
    const { challenge, sentTo, resendAt } = await jsonOf<ChallengeBody>(asked);
    expect(sentTo).toBe(`u•••@test.example`);
    expect(resendAt).toBeGreaterThan(Date.now() + 50_000);
    const answer = await post('/api/session/code', { challenge, code: await codeTo(world.email) });
    expect(await answer.json()).toEqual({ mustChangePassword: false });
    const cookie = answer.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/^__Host-jmc=[\w.-]+; Path=\/; Secure; HttpOnly; SameSite=Lax; Max-Age=43200$/);
    expect(await jsonOf(await me(cookie.split(';')[0] ?? ''))).toMatchObject({ email: world.email, tenant: world.tenant, role: 'owner' });
  });

  it('takes a phone with its region, and the code comes to the phone', async () => {
    const world = await makeWorld();
    const national = world.phone.slice(2);
    const asked = await post('/api/session', { region: '86', phone: `${national.slice(0, 3)} ${national.slice(3)}`, password: PASSWORD });
    const { challenge, sentTo } = await jsonOf<ChallengeBody>(asked);
    expect(sentTo).toBe(`+86 139 •••• ${national.slice(-4)}`);
    expect(await mailsTo(world.email)).toEqual([]);
    const code = await codeTo(`+${world.phone}`);
    // Through the platform's own transactional path: the carrier has it, in one part.
    const carrier = connectFakeCarrier(inject('carrierUrl'));
    const sent = await vi.waitFor(async () => {
      const [message] = await carrier.messages({ to: world.phone });
      if (!message) throw new Error('the carrier has seen nothing yet');
      return message;
    }, 10_000);
    expect(sent).toMatchObject({ from: 'JINMU', to: world.phone });
    expect(sent.text).toContain(code);
    expect((await post('/api/session/code', { challenge, code })).status).toBe(200);
  });

  it('writes in the language of the user', async () => {
    const chinese = await makeWorld({ locale: 'zh-CN' });
    await passwordStep(chinese);
    const [mail] = await mailsTo(chinese.email);
    expect(mail).toMatchObject({ channel: 'mail', subject: '锦木通信平台：登录验证码' });
  });

  it('opens a new session each time, whatever session the browser brings', async () => {
    const world = await makeWorld();
    const planted = world.cookie;
    const { challenge, code } = await passwordStep(world);
    const answer = await post('/api/session/code', { challenge, code }, { ...fromAnywhere(), cookie: planted });
    const mine = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    const sessionOf = (cookie: string) => readSessionCookie(worldGateways(), new Request(ORIGIN, { headers: { cookie } }), Date.now());
    expect(await sessionOf(mine)).not.toBeNull();
    expect((await sessionOf(mine))?.session).not.toBe((await sessionOf(planted))?.session);
  });

  it('takes a code once', async () => {
    const world = await makeWorld();
    const { challenge, code } = await passwordStep(world);
    expect((await post('/api/session/code', { challenge, code })).status).toBe(200);
    expect((await problemOf(await post('/api/session/code', { challenge, code }))).code).toBe('code_refused');
  });

  it('takes a code only with the challenge that it was sent for', async () => {
    const [world, other] = [await makeWorld(), await makeWorld()];
    const { code } = await passwordStep(world);
    const { challenge } = await passwordStep(other);
    expect((await problemOf(await post('/api/session/code', { challenge, code }))).code).toBe('code_refused');
  });

  it('gives up a code after five wrong tries', async () => {
    const world = await makeWorld();
    const { challenge, code } = await passwordStep(world);
    for (let n = 0; n < 5; n += 1) expect((await post('/api/session/code', { challenge, code: otherCode(code) })).status).toBe(401);
    expect((await post('/api/session/code', { challenge, code })).status).toBe(401);
  });

  it('asks to wait before another code and says how long', async () => {
    const world = await makeWorld();
    const { challenge } = await passwordStep(world);
    const answer = await post('/api/session/resend', { challenge });
    expect(answer.status).toBe(429);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(50);
    expect((await problemOf(answer)).code).toBe('code_too_soon');
  });

  it('refuses a challenge of a forgotten password, and one that is none', async () => {
    const world = await makeWorld();
    const { challenge } = await jsonOf<ChallengeBody>(await post('/api/password/forgot', { email: world.email }));
    const code = await codeTo(world.email);
    expect((await problemOf(await post('/api/session/code', { challenge, code }))).code).toBe('challenge_gone');
    expect((await problemOf(await post('/api/session/code', { challenge: 'nonsense', code }))).code).toBe('challenge_gone');
    expect((await problemOf(await post('/api/session/resend', { challenge: 'nonsense' }))).code).toBe('challenge_gone');
  });

  it('refuses a session cookie where a challenge is asked for', async () => {
    const world = await makeWorld();
    const token = world.cookie.split('=')[1] ?? '';
    expect((await problemOf(await post('/api/session/code', { challenge: token, code: '123456' }))).code).toBe('challenge_gone');
  });

  it('locks the login for fifteen minutes after five wrong passwords, the right one included', async () => {
    const world = await makeWorld();
    for (let n = 0; n < 5; n += 1) {
      expect((await problemOf(await post('/api/session', { email: world.email, password: 'wrong password' }))).code).toBe(
        'sign_in_refused',
      );
    }
    const locked = await post('/api/session', { email: world.email, password: PASSWORD });
    expect(locked.status).toBe(429);
    expect(locked.headers.get('retry-after')).toBe('900');
    expect(await problemOf(locked)).toMatchObject({ code: 'locked', title: 'Too many tries, please try again in 15 minutes' });
    expect(await mailsTo(world.email)).toEqual([]);
  });

  it('keeps the account locked for its other logins, without saying so', async () => {
    const world = await makeWorld();
    for (let n = 0; n < 5; n += 1) await post('/api/session', { email: world.email, password: 'wrong password' });
    const byPhone = await post('/api/session', { region: '86', phone: world.phone.slice(2), password: PASSWORD });
    expect((await problemOf(byPhone)).code).toBe('sign_in_refused');
  });

  it('slows an address that tries many accounts', async () => {
    const headers = fromAnywhere();
    const tryAnother = async () =>
      problemOf(await post('/api/session', { email: `${crypto.randomUUID()}@test.example`, password: 'wrong password' }, headers));
    expect((await tryAnother()).code).toBe('sign_in_refused');
    const guard = worldGateways().objects.addressGuard(headers['cf-connecting-ip'] ?? '');
    for (let n = 0; n < ADDRESS_WRONG_TRIES - 2; n += 1) await guard.tryPassword(Date.now(), ADDRESS_WRONG_TRIES, ADDRESS_WINDOW_MS);
    expect((await tryAnother()).code).toBe('sign_in_refused');
    expect((await tryAnother()).code).toBe('locked');
    const world = await makeWorld();
    expect((await post('/api/session', { email: world.email, password: PASSWORD }, headers)).status).toBe(429);
    expect((await post('/api/session', { email: world.email, password: PASSWORD })).status).toBe(200);
  });

  it.each([
    [{ password: PASSWORD }, 'email', 'invalid'],
    [{ email: 'not an e-mail', password: PASSWORD }, 'email', 'invalid'],
    [{ region: '49', phone: '15112345678', password: PASSWORD }, 'region', 'invalid'],
    [{ region: '86', phone: '12', password: PASSWORD }, 'phone', 'invalid'],
    [{ region: '1', phone: '+8613900139000', password: PASSWORD }, 'phone', 'invalid'],
    [{ email: 'somebody@test.example' }, 'password', 'required'],
  ])('names the field of %j that is wrong', async (body, field, code) => {
    const answer = await post('/api/session', body);
    expect(answer.status).toBe(400);
    expect((await problemOf(answer)).errors).toMatchObject([{ field, code }]);
  });

  it.each(['<>{}', '"just a text"', '[]', '{"email": 5, "password": {}}'])('refuses the body %s without a stumble', async (body) => {
    const answer = await request('/api/session', {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', ...fromAnywhere() },
    });
    expect(answer.status).toBe(400);
  });
});

describe('answers that must not tell who has an account', () => {
  /** Everything but what differs between any two requests. */
  const shape = async (answer: Response) => {
    const body = await jsonOf<Record<string, unknown>>(answer);
    return {
      status: answer.status,
      headers: [...answer.headers.keys()].toSorted(),
      keys: Object.keys(body),
      code: body['code'],
      title: body['title'],
    };
  };

  it('refuse a wrong password and an unknown account alike, up to the lock', async () => {
    const world = await makeWorld();
    const unknown = `${crypto.randomUUID()}@test.example`;
    for (let n = 0; n < 7; n += 1) {
      const [known, none] = await Promise.all(
        [world.email, unknown].map(async (email) => shape(await post('/api/session', { email, password: 'wrong password' }))),
      );
      expect(known).toEqual(none);
    }
  });

  it('promise a code for a forgotten password to anybody, and send it to real ones only', async () => {
    const world = await makeWorld();
    const unknown = `u${crypto.randomUUID()}@test.example`;
    const ask = async (email: string) => post('/api/password/forgot', { email });
    const [known, none] = [await ask(world.email), await ask(unknown)];
    const bodies = [await jsonOf<ChallengeBody>(known.clone()), await jsonOf<ChallengeBody>(none.clone())] as const;
    expect(await shape(known)).toEqual(await shape(none));
    expect(bodies[0].sentTo).toBe(bodies[1].sentTo);
    await codeTo(world.email);
    expect(await mailsTo(unknown)).toEqual([]);
    // Asking again meets the same wait.
    expect(await shape(await ask(world.email))).toEqual(await shape(await ask(unknown)));
  });

  it('hold the same in the challenge: what was typed and nothing else', async () => {
    const world = await makeWorld();
    const claimsOf = async (email: string): Promise<string[]> => {
      const { challenge } = await jsonOf<ChallengeBody>(await post('/api/password/forgot', { email }));
      const claims = JSON.parse(atob((challenge.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/'))) as Record<string, unknown>;
      expect(claims['email']).toBe(email);
      return Object.keys(claims);
    };
    expect(await claimsOf(world.email)).toEqual(await claimsOf(`${crypto.randomUUID()}@test.example`));
  });

  it('refuse a code of nobody like a wrong one of somebody', async () => {
    const world = await makeWorld();
    const refused = async (email: string) => {
      const { challenge } = await jsonOf<ChallengeBody>(await post('/api/password/forgot', { email }));
      return shape(await post('/api/password/reset', { challenge, code: '000000', password: 'A-New-Horse-2026' }));
    };
    expect(await refused(world.email)).toEqual(await refused(`${crypto.randomUUID()}@test.example`));
  });

  it('look at a password as long where there is no account', async () => {
    const world = await makeWorld();
    const timed = async (email: string): Promise<number> => {
      const startedAt = performance.now();
      await post('/api/session', { email, password: 'wrong password' });
      return performance.now() - startedAt;
    };
    await timed(world.email);
    const unknown = `${crypto.randomUUID()}@test.example`;
    // The quicker of two: a busy machine makes anything slow, nothing makes scrypt fast.
    const known = Math.min(await timed(world.email), await timed(world.email));
    const none = Math.min(await timed(unknown), await timed(unknown));
    expect(none).toBeGreaterThan(known / 3);
  });
});

describe('a forgotten password', () => {
  const forgot = async (email: string): Promise<string> =>
    (await jsonOf<ChallengeBody>(await post('/api/password/forgot', { email }))).challenge;

  it('is replaced with the code, and every session of the user ends', async () => {
    const world = await makeWorld();
    const elsewhere = await signInAs(world);
    const challenge = await forgot(world.email);
    const code = await codeTo(world.email, 2);
    const reset = await post('/api/password/reset', { challenge, code, password: 'A-New-Horse-2026' });
    expect(reset.status).toBe(204);
    expect((await me(world.cookie)).status).toBe(401);
    expect((await me(elsewhere)).status).toBe(401);
    expect((await post('/api/session', { email: world.email, password: PASSWORD })).status).toBe(401);
    expect((await post('/api/session', { email: world.email, password: 'A-New-Horse-2026' })).status).toBe(200);
  });

  it('opens a locked account again', async () => {
    const world = await makeWorld();
    for (let n = 0; n < 5; n += 1) await post('/api/session', { email: world.email, password: 'wrong password' });
    const challenge = await forgot(world.email);
    await post('/api/password/reset', { challenge, code: await codeTo(world.email), password: 'A-New-Horse-2026' });
    expect((await post('/api/session', { email: world.email, password: 'A-New-Horse-2026' })).status).toBe(200);
  });

  it('keeps its code through a weak new one, and gives it up for a good one', async () => {
    const world = await makeWorld();
    const challenge = await forgot(world.email);
    const code = await codeTo(world.email);
    const weak = await post('/api/password/reset', { challenge, code, password: 'TestUser-12345' });
    expect((await problemOf(weak)).errors).toMatchObject([{ field: 'password', code: 'password_weak' }]);
    expect((await post('/api/password/reset', { challenge, code, password: 'A-New-Horse-2026' })).status).toBe(204);
    expect((await post('/api/password/reset', { challenge, code, password: 'Another-Horse-2026' })).status).toBe(401);
  });

  it('does not tell the name of an account to who has no code for it', async () => {
    const world = await makeWorld();
    const challenge = await forgot(world.email);
    const code = otherCode(await codeTo(world.email));
    expect((await problemOf(await post('/api/password/reset', { challenge, code, password: 'TestUser-12345' }))).code).toBe('code_refused');
  });

  it('cannot be replaced with the challenge of a sign-in', async () => {
    const world = await makeWorld();
    const { challenge, code } = await passwordStep(world);
    const answer = await post('/api/password/reset', { challenge, code, password: 'A-New-Horse-2026' });
    expect((await problemOf(answer)).code).toBe('challenge_gone');
  });

  it('is slowed where one address asks for many accounts', async () => {
    const headers = fromAnywhere();
    for (let n = 0; n < 20; n += 1)
      expect((await post('/api/password/forgot', { email: `nobody-${n}@forgot.example` }, headers)).status).toBe(200);
    expect((await post('/api/password/forgot', { email: 'nobody-20@forgot.example' }, headers)).status).toBe(429);
  });
});

describe('a session', () => {
  it('is no longer one the moment after signing out', async () => {
    const world = await makeWorld();
    const answer = await world.fetch('/api/session', { method: 'DELETE' });
    expect(answer.status).toBe(204);
    expect(answer.headers.get('set-cookie')).toMatch(/^__Host-jmc=; .*Max-Age=0$/);
    expect((await me(world.cookie)).status).toBe(401);
    expect((await world.fetch('/api/session', { method: 'DELETE' })).status).toBe(204);
  });

  it('needs our signature', async () => {
    const world = await makeWorld();
    const token = world.cookie.split('=')[1] ?? '';
    const [header = '', payload = '', signature = ''] = token.split('.');
    const claims = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/'))) as Record<string, string>;
    const base64url = (value: unknown): string => btoa(JSON.stringify(value)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
    const secret = Uint8Array.from(atob((env as unknown as Env).SESSION_SECRET), (character) => character.charCodeAt(0));
    const sign = (audience: string, key: Uint8Array, expiresAt: Date) =>
      new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).setAudience(audience).setExpirationTime(expiresAt).sign(key);
    const soon = new Date(Date.now() + 60_000);
    const forged = {
      'a changed user': `${header}.${base64url({ ...claims, uid: 'us_SOMEBODYELSE' })}.${signature}`,
      'no algorithm': `${base64url({ alg: 'none' })}.${payload}.`,
      'another secret': await sign('session', new Uint8Array(32), soon),
      'another audience': await sign('challenge', secret, soon),
      'an expiry in the past': await sign('session', secret, new Date(Date.now() - 1_000)),
      nothing: '',
      garbage: 'a.b.c',
    };
    for (const [what, cookie] of Object.entries(forged)) expect([what, (await me(`__Host-jmc=${cookie}`)).status]).toEqual([what, 401]);
    // The same making with the right parts is accepted: the refusals above are for what they say.
    expect((await me(`__Host-jmc=${await sign('session', secret, soon)}`)).status).toBe(200);
  });

  it('is for its own user only, even when both halves are real', async () => {
    const [one, two] = [await makeWorld(), await makeWorld()];
    const secret = Uint8Array.from(atob((env as unknown as Env).SESSION_SECRET), (character) => character.charCodeAt(0));
    const mixed = await new SignJWT({ sid: one.actor.session, uid: two.actor.user })
      .setProtectedHeader({ alg: 'HS256' })
      .setAudience('session')
      .setExpirationTime(new Date(Date.now() + 60_000))
      .sign(secret);
    expect((await me(`__Host-jmc=${mixed}`)).status).toBe(401);
  });

  it('ends with its user or its tenant', async () => {
    const { DB } = env as unknown as Env;
    const end = async (statement: string, world: World): Promise<number> => {
      await DB.prepare(statement).bind(world.tenant).run();
      return (await me(world.cookie)).status;
    };
    expect(await end('UPDATE users SET enabled = 0 WHERE tenant_id = ?', await makeWorld())).toBe(401);
    expect(await end('UPDATE tenants SET enabled = 0 WHERE id = ?', await makeWorld())).toBe(401);
  });

  it('costs one query with a cookie and none without', async () => {
    const world = await makeWorld();
    await request('/local/meter/reset', { method: 'POST' });
    await request('/api/me');
    const before = await jsonOf<{ databaseRowsRead: number }>(await request('/local/meter'));
    expect(before.databaseRowsRead).toBe(0);
    await me(world.cookie);
    const after = await jsonOf<{ databaseRowsRead: number }>(await request('/local/meter'));
    expect(after.databaseRowsRead).toBeLessThanOrEqual(3);
  });
});

describe('requests from elsewhere', () => {
  it.each([
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['a sibling host', { 'sec-fetch-site': 'same-site' }],
    ['another origin', { origin: 'https://evil.example' }],
    ['an opaque origin', { origin: 'null' }],
  ])('change nothing when they come from %s', async (_from, headers) => {
    const world = await makeWorld();
    const writes: [string, string][] = [
      ['DELETE', '/api/session'],
      ['POST', '/api/session'],
      ['POST', '/api/password'],
      ['PATCH', '/api/preferences'],
      ['DELETE', `/api/sessions/${world.actor.session}`],
    ];
    for (const [method, path] of writes) {
      const answer = await world.fetch(path, { method, headers: new Headers(headers) });
      expect([path, answer.status]).toEqual([path, 403]);
    }
    expect((await me(world.cookie)).status).toBe(200);
  });

  it('from our own pages are served', async () => {
    const world = await makeWorld();
    const headers = { 'sec-fetch-site': 'same-origin', origin: ORIGIN };
    expect((await world.fetch('/api/session', { method: 'DELETE', headers })).status).toBe(204);
  });
});
