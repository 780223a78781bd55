/** Small print of HTTP: HEAD, a slash too many, headers of refusals, credentials beside others, an answer that cannot be complete. */
import { env } from 'cloudflare:workers';
import { runInDurableObject } from 'cloudflare:test';
import { describe, expect, inject, it } from 'vitest';
import type { Env } from '../../schema/env';
import { ledgerName } from '../../schema/storage-keys';
import { apiClient, bearer } from '../support/api-client';
import { makeOperator } from '../support/operators';
import { makeWorld, request, type World } from '../support/world';

const sms = (world: World, headers: Record<string, string> = {}) =>
  request('/sms/json', {
    headers,
    json: { api_key: world.test.id, api_secret: world.test.secret, from: 'JINMU', to: '15005550000', text: 'Hi' },
  });
const firstOf = async (answer: Response): Promise<Record<string, string>> =>
  (await answer.json<{ messages: Record<string, string>[] }>()).messages[0] ?? {};

describe('HEAD', () => {
  it('is answered as GET is, without the body', async () => {
    const world = await makeWorld();
    const authorization = bearer(world.transactional);
    for (const path of ['/docs/api', '/v1/openapi.json', '/healthz', '/v1/balance', '/v1/messages/nothing', '/v1/nothing']) {
      const [get, head] = await Promise.all(['GET', 'HEAD'].map((method) => request(path, { method, headers: { authorization } })));
      expect([path, head?.status, head?.headers.get('content-type')]).toEqual([path, get?.status, get?.headers.get('content-type')]);
      expect(await head?.text()).toBe('');
      await get?.body?.cancel();
    }
    expect((await request('/v1/estimate', { method: 'HEAD', headers: { authorization } })).status).toBe(405);
  });
});

describe('a path of the original JMC', () => {
  it.each(['/getBalance/', '/sendCallback/', '/send/v2/check/'])('is itself as %s', async (path) => {
    const answer = await request(path);
    expect([answer.status, await answer.json()]).toEqual([200, expect.objectContaining({ code: 2 })]);
  });
});

describe('a refusal', () => {
  it('asks for other credentials only where those were the trouble', async () => {
    const world = await makeWorld();
    const client = apiClient(world.transactional);
    const asked = async (work: Promise<{ status: number; headers: Headers }>) => {
      const { status, headers } = await work;
      return [status, headers.has('www-authenticate')];
    };
    expect(await asked(client.call('GET', '/v1/balance', undefined, { authorization: 'Bearer x:y' }))).toEqual([401, true]);
    expect(await asked(client.call('GET', '/v1/messages/x'))).toEqual([404, false]);
    await world.gateways.objects.keyGate(world.transactional.id).patch({ perSecond: 1 });
    const answers = await Promise.all([1, 2, 3].map(() => asked(client.call('GET', '/v1/balance'))));
    expect(answers).toContainEqual([429, false]);
    await world.gateways.objects.keyGate(world.transactional.id).patch({ enabled: false });
    expect(await asked(client.call('GET', '/v1/balance'))).toEqual([403, false]);
  });
});

describe('a client of Vonage', () => {
  it('that names its key is not asked for what a proxy put into Authorization', async () => {
    const world = await makeWorld();
    for (const authorization of ['Bearer of-a-proxy', `Basic ${btoa('proxy:password')}`])
      expect(await firstOf(await sms(world, { authorization }))).toMatchObject({ status: '0' });
  });

  it('hears that its message is accepted though the balance cannot be told', async () => {
    const world = await makeWorld();
    const ledger = (env as unknown as Env).TENANT_LEDGER.getByName(ledgerName(world.tenant));
    await runInDurableObject(ledger, (_, { storage }) => {
      storage.sql.exec('ALTER TABLE account RENAME TO mislaid');
    });
    const element = await firstOf(await sms(world));
    expect(element).toMatchObject({ status: '0', 'message-id': expect.any(String) });
    expect(element).not.toHaveProperty('remaining-balance');
  });
});

describe('braces without variables', () => {
  it('are text: told of in an estimate and sent alike', async () => {
    const world = await makeWorld({ restHost: inject('carrierUrl') });
    const client = apiClient(world.test);
    const text = 'if (a) {{ b }} }} {{first name}}';
    const to = ['+15005550000'];
    expect(await client.call('POST', '/v1/estimate', { text, to })).toMatchObject({ status: 200, body: { characters: text.length } });
    const sent = await client.call<{ messages: { id: string }[]; rejected: unknown[] }>('POST', '/v1/messages', {
      from: 'JINMU',
      text,
      to,
    });
    expect([sent.status, sent.body.rejected]).toEqual([202, []]);
    const row = await (await world.fetch(`/api/messages/${encodeURIComponent(sent.body.messages[0]?.id ?? '')}`)).json<{ body: string }>();
    expect(row.body).toBe(text);
  });
});

async function switchTenant({ tenant }: World, enabled: boolean): Promise<void> {
  const settings = { tenant, name: 'Test tenant', enabled, creditMicros: 0, exactTemplates: false, masksBodies: false };
  expect((await (await makeOperator()).act('change-tenant', settings)).status).toBe(204);
}

describe('a tenant that is switched off', () => {
  it('is refused with the next request of each of its keys', async () => {
    const world = await makeWorld();
    const client = apiClient(world.transactional);
    expect((await client.call('GET', '/v1/balance')).status).toBe(200);
    await switchTenant(world, false);
    expect(await client.call('GET', '/v1/balance')).toMatchObject({ status: 401, body: { code: 'authentication_failed' } });
    await switchTenant(world, true);
    expect((await client.call('GET', '/v1/balance')).status).toBe(200);
  });
});
