import { describe, expect, it } from 'vitest';
import type { ProfileView } from '../../schema/console';
import { recordAudit } from '../../workers/gateways/stores/audit';
import { startSession } from '../../workers/gateways/stores/sessions';
import { newSessionId, type UserId } from '../../schema/ids';
import { SIGN_INS_SHOWN } from '../../schema/limits';
import { makeWorld, PASSWORD, request, type World } from '../support/world';

const NEW_PASSWORD = 'A-New-Horse-2026';
const jsonOf = async <T>(answer: Response): Promise<T> => (await answer.json()) as T;
const as = (cookie: string, path: string, init: Parameters<typeof request>[1] = {}) => request(path, { ...init, headers: { cookie } });

async function secondSession({ gateways, actor }: World) {
  const id = newSessionId();
  const now = Date.now();
  await startSession(gateways.database, {
    id,
    userId: actor.user,
    createdAt: now,
    expiresAt: now + 60_000,
    address: '192.0.2.1',
    userAgent: 'other',
  });
  return id;
}

describe('the profile', () => {
  it('says who the user is and where they are signed in', async () => {
    const world = await makeWorld();
    const other = await secondSession(world);
    const profile = await jsonOf<ProfileView>(await world.fetch('/api/profile'));
    const national = world.phone.slice(2);
    expect(profile).toMatchObject({
      name: 'Test User',
      email: world.email,
      phones: [`+86 ${national.slice(0, 3)} ${national.slice(3, 7)} ${national.slice(7)}`],
      role: 'owner',
    });
    expect(profile.sessions.find(({ current }) => current)?.id).toBe(world.actor.session);
    expect(profile.sessions.find(({ id }) => id === other)).toMatchObject({ current: false, address: '192.0.2.1', userAgent: 'other' });
  });

  it("names the user's own latest sign-ins, newest first", async () => {
    const world = await makeWorld();
    const colleague = await world.addUser();
    const now = Date.now();
    const signIn = (userId: UserId, at: number) =>
      recordAudit(world.gateways.database, {
        tenantId: world.tenant,
        userId,
        action: 'sign_in',
        subject: userId,
        address: `192.0.2.${at}`,
        at: now + at,
      });
    for (let at = 1; at <= SIGN_INS_SHOWN + 2; at++) await signIn(world.actor.user, at);
    await signIn(colleague.actor.user, 200);
    const { signIns } = await jsonOf<ProfileView>(await world.fetch('/api/profile'));
    expect(signIns.length).toBe(SIGN_INS_SHOWN);
    expect(signIns[0]).toEqual({ at: now + SIGN_INS_SHOWN + 2, address: `192.0.2.${SIGN_INS_SHOWN + 2}` });
  });

  it('needs a session', async () => {
    for (const path of ['/api/me', '/api/profile', '/api/balance']) expect((await request(path)).status).toBe(401);
  });

  it('rests in no cache', async () => {
    const world = await makeWorld();
    for (const path of ['/api/me', '/api/profile', '/api/balance'])
      expect((await world.fetch(path)).headers.get('cache-control')).toBe('no-store');
  });
});

describe('own sessions', () => {
  it('can be ended one by one, at once', async () => {
    const world = await makeWorld();
    const other = await secondSession(world);
    expect((await world.fetch(`/api/sessions/${other}`, { method: 'DELETE' })).status).toBe(204);
    const { sessions } = await jsonOf<ProfileView>(await world.fetch('/api/profile'));
    expect(sessions.map(({ id }) => id)).toEqual([world.actor.session]);
  });

  it('are one’s own: everybody else’s are not there', async () => {
    const [world, stranger] = [await makeWorld(), await makeWorld()];
    const colleague = await world.addUser();
    const answers = await Promise.all(
      [stranger.actor.session, colleague.actor.session, 'se_NOSUCHSESSION'].map(async (id) => {
        const answer = await world.fetch(`/api/sessions/${id}`, { method: 'DELETE' });
        const { request_id: _, ...problem } = await jsonOf<Record<string, unknown>>(answer);
        return { status: answer.status, problem };
      }),
    );
    expect(answers[0]).toMatchObject({ status: 404 });
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
    expect((await stranger.fetch('/api/me')).status).toBe(200);
    expect((await as(colleague.cookie, '/api/me')).status).toBe(200);
  });
});

describe('changing the password', () => {
  const change = (world: World, json: object) => world.fetch('/api/password', { json });
  const fieldsOf = async (answer: Response) => (await jsonOf<{ errors: object[] }>(answer)).errors;

  it('asks for the old one and ends the other sessions, not this one', async () => {
    const world = await makeWorld();
    const other = await secondSession(world);
    expect((await change(world, { oldPassword: PASSWORD, password: NEW_PASSWORD })).status).toBe(204);
    const { sessions } = await jsonOf<ProfileView>(await world.fetch('/api/profile'));
    expect(sessions.map(({ id }) => id)).toEqual([world.actor.session]);
    expect(sessions.map(({ id }) => id)).not.toContain(other);
    expect((await change(world, { oldPassword: NEW_PASSWORD, password: 'Another-Horse-2026' })).status).toBe(204);
  });

  it('names the field that is wrong', async () => {
    const world = await makeWorld();
    expect(await fieldsOf(await change(world, { password: NEW_PASSWORD }))).toMatchObject([{ field: 'oldPassword', code: 'required' }]);
    expect(await fieldsOf(await change(world, { oldPassword: 'wrong password', password: NEW_PASSWORD }))).toMatchObject([
      { field: 'oldPassword', code: 'invalid' },
    ]);
    expect(await fieldsOf(await change(world, { oldPassword: PASSWORD, password: PASSWORD }))).toMatchObject([
      { field: 'password', code: 'password_same' },
    ]);
    expect(await fieldsOf(await change(world, { oldPassword: PASSWORD, password: 'short' }))).toMatchObject([
      { field: 'password', code: 'too_short' },
    ]);
    expect(await fieldsOf(await change(world, { oldPassword: PASSWORD, password: 'testuser-2026' }))).toMatchObject([
      { field: 'password', code: 'password_weak' },
    ]);
  });

  it('cannot be guessed at from an open session', async () => {
    const world = await makeWorld();
    for (let n = 0; n < 5; n += 1) expect((await change(world, { oldPassword: `guess ${n}`, password: NEW_PASSWORD })).status).toBe(400);
    expect((await change(world, { oldPassword: PASSWORD, password: NEW_PASSWORD })).status).toBe(429);
  });

  it('is all that a first password is good for', async () => {
    const world = await makeWorld({ mustChangePassword: true });
    expect(await jsonOf(await world.fetch('/api/me'))).toMatchObject({ mustChangePassword: true });
    for (const path of ['/api/profile', '/api/balance', '/api/messages', '/api/home', '/api/exports']) {
      const refused = await world.fetch(path);
      expect([path, refused.status, (await jsonOf<{ code: string }>(refused)).code]).toEqual([path, 403, 'password_change_required']);
    }
    expect((await change(world, { password: PASSWORD })).status).toBe(400);
    expect((await change(world, { password: NEW_PASSWORD })).status).toBe(204);
    expect((await world.fetch('/api/profile')).status).toBe(200);
  });
});

describe('preferences', () => {
  it('change language and time zone, and what is absent stays', async () => {
    const world = await makeWorld({ locale: 'zh-CN' });
    const set = (json: object) => world.fetch('/api/preferences', { method: 'PATCH', json });
    expect((await set({ locale: 'en' })).status).toBe(204);
    expect((await set({ timeZone: 'Europe/Berlin' })).status).toBe(204);
    expect(await jsonOf(await world.fetch('/api/me'))).toMatchObject({ locale: 'en', timeZone: 'Europe/Berlin' });
  });

  it('are checked', async () => {
    const world = await makeWorld();
    const set = (json: object) => world.fetch('/api/preferences', { method: 'PATCH', json });
    expect((await set({ locale: 'fr' })).status).toBe(400);
    expect((await set({ timeZone: 'Mars/Olympus' })).status).toBe(400);
    expect(await jsonOf(await world.fetch('/api/me'))).toMatchObject({ locale: 'en', timeZone: 'Asia/Shanghai' });
  });
});

it('shows the tenant’s own balance', async () => {
  const world = await makeWorld({ balanceMicros: 12_340_000 });
  await world.gateways.objects.ledger(world.tenant).reserve('task', 2_000_000);
  expect(await jsonOf(await world.fetch('/api/balance'))).toEqual({
    balanceMicros: 12_340_000,
    reservedMicros: 2_000_000,
    availableMicros: 10_340_000,
    currency: 'EUR',
  });
});
