/** The operators' own door: the same steps as a user's, and nothing that one of the two gives out opens the other. */
import { eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { PASSWORD_WRONG_TRIES } from '../../schema/limits';
import { newSessionId } from '../../schema/ids';
import { auditLog, operators } from '../../schema/tables';
import { startOperatorSession } from '../../workers/gateways/stores/operators';
import { bindOperatorServices } from '../../workers/http/operator-services';
import { OPERATOR_CALLS, OPERATOR_READS } from '../../workers/http/operator-calls';
import { makeOperator, type TestOperator } from '../support/operators';
import { makeWorld, PASSWORD, request, worldGateways } from '../support/world';
import { codeTo, mailsTo, otherCode } from '../support/world/mailbox';

let lastAddress = 0;
const fromAnywhere = (): Record<string, string> => {
  lastAddress += 1;
  return { 'cf-connecting-ip': `203.0.${lastAddress >> 8}.${lastAddress & 255}`, 'accept-language': 'en' };
};
const post = (path: string, json: unknown, headers = fromAnywhere()): Promise<Response> => request(path, { json, headers });
const codeOf = async (answer: Response): Promise<string> => (await answer.json<{ code: string }>()).code;

async function passwordStep({ email }: TestOperator): Promise<{ challenge: string; code: string }> {
  const answer = await post('/api/operators/session', { email, password: PASSWORD });
  expect(answer.status).toBe(200);
  const { challenge } = await answer.json<{ challenge: string }>();
  return { challenge, code: await codeTo(email) };
}

describe('an operator', () => {
  it('signs in with e-mail, password and the mailed code, and it is recorded', async () => {
    const operator = await makeOperator();
    const answer = await post('/api/operators/session/code', await passwordStep(operator));
    const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    expect(answer.headers.get('set-cookie')).toMatch(/^__Host-jmc-operator=.+; Path=\/; Secure; HttpOnly; SameSite=Lax/);
    const me = await request('/api/operators/me', { headers: { cookie } });
    expect(await me.json()).toMatchObject({ email: operator.email });
    const recorded = await worldGateways().database.select().from(auditLog).where(eq(auditLog.operatorId, operator.id));
    expect(recorded).toMatchObject([{ action: 'sign_in', tenantId: null, userId: null }]);
  });

  it('signs out for good', async () => {
    const { cookie } = await makeOperator();
    expect((await request('/api/operators/session', { method: 'DELETE', headers: { cookie } })).status).toBe(204);
    expect((await request('/api/operators/me', { headers: { cookie } })).status).toBe(401);
  });

  it('sees where they are signed in, and ends what is theirs and nothing else', async () => {
    const [operator, other] = await Promise.all([makeOperator(), makeOperator()]);
    const { profile, revokeSession } = bindOperatorServices(worldGateways());
    const second = newSessionId();
    const now = Date.now();
    const row = { id: second, operatorId: operator.id, createdAt: now, expiresAt: now + 60_000, address: '198.51.100.7', userAgent: '' };
    await startOperatorSession(worldGateways().database, row);
    const shown = await profile(operator.actor);
    expect(shown.sessions.map(({ id, current }) => [id, current]).toSorted()).toEqual(
      [
        [second, false],
        [operator.actor.session, true],
      ].toSorted(),
    );
    await expect(revokeSession(operator.actor, other.actor.session)).rejects.toMatchObject({ code: 'not_found' });
    await revokeSession(operator.actor, second);
    expect((await profile(operator.actor)).sessions.map(({ id }) => id)).toEqual([operator.actor.session]);
  });

  it('keeps language and time zone, which are checked', async () => {
    const { actor, read } = await makeOperator();
    const { setPreferences } = bindOperatorServices(worldGateways());
    await setPreferences(actor, { locale: 'zh-CN', timeZone: 'Europe/Berlin' });
    expect(await (await read('me')).json()).toMatchObject({ timeZone: 'Europe/Berlin' });
    await expect(setPreferences(actor, { locale: 'en', timeZone: 'Mars/Olympus' })).rejects.toMatchObject({
      fields: [{ field: 'timeZone', code: 'invalid' }],
    });
  });

  it('must change a first password before anything else', async () => {
    const operator = await makeOperator({ mustChangePassword: true });
    expect(await codeOf(await operator.read('me'))).toBe('password_change_required');
    const changed = await operator.act('password', { password: 'Another-Quiet-Morning-7' });
    expect(changed.status).toBe(204);
    expect((await operator.read('me')).status).toBe(200);
  });

  it('who is switched off is out at once', async () => {
    const operator = await makeOperator();
    await worldGateways().database.update(operators).set({ enabled: false }).where(eq(operators.id, operator.id));
    expect((await operator.read('me')).status).toBe(401);
    expect(await codeOf(await post('/api/operators/session', { email: operator.email, password: PASSWORD }))).toBe('sign_in_refused');
  });

  it('is locked after too many wrong passwords, and a wrong code opens nothing', async () => {
    const operator = await makeOperator();
    const { challenge, code } = await passwordStep(operator);
    expect(await codeOf(await post('/api/operators/session/code', { challenge, code: otherCode(code) }))).toBe('code_refused');
    for (let wrong = 0; wrong < PASSWORD_WRONG_TRIES; wrong++)
      await post('/api/operators/session', { email: operator.email, password: 'nothing-of-the-kind' });
    expect(await codeOf(await post('/api/operators/session', { email: operator.email, password: PASSWORD }))).toBe('locked');
  });
});

describe('a forgotten password of an operator', () => {
  const forgot = async (email: string): Promise<string> => {
    const answer = await post('/api/operators/password/forgot', { email });
    expect(answer.status).toBe(200);
    return (await answer.json<{ challenge: string }>()).challenge;
  };
  const password = 'Another-Quiet-Morning-7';

  it('is replaced with the mailed code; every session is over, and it is recorded', async () => {
    const operator = await makeOperator();
    const challenge = await forgot(operator.email.toUpperCase());
    const code = await codeTo(operator.email);
    const weak = await post('/api/operators/password/reset', { challenge, code, password: operator.email });
    expect(await codeOf(weak)).toBe('invalid_request');
    expect((await post('/api/operators/password/reset', { challenge, code, password })).status).toBe(204);
    expect((await operator.read('me')).status).toBe(401);
    expect(await codeOf(await post('/api/operators/session', { email: operator.email, password: PASSWORD }))).toBe('sign_in_refused');
    expect((await post('/api/operators/session', { email: operator.email, password })).status).toBe(200);
    expect(await codeOf(await post('/api/operators/password/reset', { challenge, code, password }))).toBe('code_refused');
    const recorded = await worldGateways().database.select().from(auditLog).where(eq(auditLog.operatorId, operator.id));
    expect(recorded).toMatchObject([{ action: 'password_reset', tenantId: null, userId: null }]);
  });

  it('says the same of somebody who is none, and of a tenant’s user, who get no code', async () => {
    const world = await makeWorld();
    for (const email of ['nobody@service.example', world.email]) {
      const challenge = await forgot(email);
      expect(await codeOf(await post('/api/operators/password/reset', { challenge, code: '123456', password }))).toBe('code_refused');
      expect(await mailsTo(email)).toEqual([]);
    }
  });

  it('opens no other door, nor does the other door’s open this one', async () => {
    const [operator, world] = await Promise.all([makeOperator(), makeWorld()]);
    const challenge = await forgot(operator.email);
    const code = await codeTo(operator.email);
    expect(await codeOf(await post('/api/password/reset', { challenge, code, password }))).toBe('challenge_gone');
    expect(await codeOf(await post('/api/operators/session/code', { challenge, code }))).toBe('code_refused');
    const theirs = await (await post('/api/password/forgot', { email: world.email })).json<{ challenge: string }>();
    const reset = { challenge: theirs.challenge, code: await codeTo(world.email), password };
    expect(await codeOf(await post('/api/operators/password/reset', reset))).toBe('challenge_gone');
  });
});

describe('the two doors', () => {
  it('take neither login nor challenge nor cookie of the other', async () => {
    const [operator, world] = await Promise.all([makeOperator(), makeWorld()]);
    expect(await codeOf(await post('/api/session', { email: operator.email, password: PASSWORD }))).toBe('sign_in_refused');
    expect(await codeOf(await post('/api/operators/session', { email: world.email, password: PASSWORD }))).toBe('sign_in_refused');
    const step = await passwordStep(operator);
    expect(await codeOf(await post('/api/session/code', step))).toBe('challenge_gone');
    expect(await codeOf(await post('/api/session/resend', { challenge: step.challenge }))).toBe('challenge_gone');
    const swapped = operator.cookie.replace('__Host-jmc-operator=', '__Host-jmc=');
    expect((await request('/api/me', { headers: { cookie: swapped } })).status).toBe(401);
    const back = world.cookie.replace('__Host-jmc=', '__Host-jmc-operator=');
    expect((await request('/api/operators/me', { headers: { cookie: back } })).status).toBe(401);
  });

  it('answer the session of the other as a path that does not exist', async () => {
    const [operator, world] = await Promise.all([makeOperator(), makeWorld()]);
    const plain = async (answer: Response): Promise<unknown> => ({
      status: answer.status,
      body: (await answer.text()).replace(/"request_id":"[^"]*"/, ''),
    });
    const nothing = await plain(await world.fetch('/api/operators-of-nothing'));
    const calls = [
      ...Object.keys(OPERATOR_READS).map((call) => world.fetch(`/api/operators/${call}`)),
      ...Object.keys(OPERATOR_CALLS).map((call) => world.fetch(`/api/operators/${call}`, { json: {} })),
      world.fetch('/api/operators/password', { json: { password: 'Another-Quiet-Morning-7' } }),
      world.fetch('/api/operators/no-such-call'),
    ];
    for (const answer of await Promise.all(calls)) expect(await plain(answer)).toEqual(nothing);
    for (const path of ['/api/me', '/api/home', '/api/tasks', '/api/messages', '/api/balance']) {
      const answer = await request(path, { headers: { cookie: operator.cookie, 'accept-language': 'en' } });
      expect(await plain(answer)).toEqual(nothing);
    }
  });

  it('ask whoever has no session at all to sign in', async () => {
    expect(await codeOf(await request('/api/operators/me'))).toBe('not_signed_in');
    expect(await codeOf(await request('/api/me'))).toBe('not_signed_in');
  });
});
