import { describe, expect, it } from 'vitest';
import type { KeyId } from '../../schema/ids';
import { addKeySecret, limitKey, removeKeySecret, switchKey } from '../../workers/keys/change';
import { signWithKey, unsignKey } from '../../workers/keys/signature';
import { signatureOf } from '../../workers/gateways/carrier-signature';
import { findKey, listKeys } from '../../workers/keys/view';
import { listBlacklistWithCauses } from '../../workers/tenancy/blacklist-causes';
import { addInbound } from '../../workers/gateways/stores/inbound';
import { makeWorld, request, type World } from '../support/world';

const NO_LIMITS = { ipAllowlist: [], dailyMessages: null, dailySpendMicros: null, countries: null } as const;
const balance = (key: KeyId, secret: string) => request('/v1/balance', { headers: { authorization: `Bearer ${key}:${secret}` } });
const key = ({ gateways, actor, transactional }: World) => findKey(gateways, actor, transactional.id);

describe('a key', () => {
  it('is shown with its secrets and when it was last used', async () => {
    const world = await makeWorld();
    expect((await key(world)).usedAt).toBeNull();
    expect((await balance(world.transactional.id, world.transactional.secret)).status).toBe(200);
    const shown = await key(world);
    expect(Date.now() - (shown.usedAt ?? 0)).toBeLessThan(60_000);
    expect(shown.secrets).toMatchObject([{ addedAt: expect.any(Number) }]);
    expect(JSON.stringify(shown)).not.toContain(world.transactional.secret);
    expect((await listKeys(world.gateways, world.actor)).map(({ id }) => id)).toContain(world.transactional.id);
  });

  it('takes a second secret beside the first; a third ends the oldest, and the last one stays', async () => {
    const world = await makeWorld();
    const { gateways, actor, transactional } = world;
    const second = (await addKeySecret(gateways, actor, transactional.id)).secret;
    expect((await balance(transactional.id, transactional.secret)).status).toBe(200);
    const third = (await addKeySecret(gateways, actor, transactional.id)).secret;
    expect((await balance(transactional.id, transactional.secret)).status).toBe(401);
    const [older] = (await key(world)).secrets;
    await removeKeySecret(gateways, actor, transactional.id, older?.n ?? 0);
    expect((await balance(transactional.id, second)).status).toBe(401);
    expect((await balance(transactional.id, third)).status).toBe(200);
    const [last] = (await key(world)).secrets;
    await expect(removeKeySecret(gateways, actor, transactional.id, last?.n ?? 0)).rejects.toMatchObject({ code: 'conflict' });
  });

  it('is bounded by its owner, and unbounded again', async () => {
    const world = await makeWorld();
    const { gateways, actor, transactional } = world;
    await limitKey(gateways, actor, transactional.id, { ...NO_LIMITS, ipAllowlist: ['203.0.113.0/24'], dailyMessages: 5 });
    expect(await key(world)).toMatchObject({ ipAllowlist: ['203.0.113.0/24'], dailyMessages: 5, dailySpendMicros: null, countries: null });
    expect((await balance(transactional.id, transactional.secret)).status).toBe(403);
    await limitKey(gateways, actor, transactional.id, NO_LIMITS);
    expect(await key(world)).toMatchObject(NO_LIMITS);
    expect((await balance(transactional.id, transactional.secret)).status).toBe(200);
  });

  it('names every limit that is wrong, and stays as it was', async () => {
    const world = await makeWorld();
    const wrong = { ipAllowlist: ['not an address'], dailyMessages: -1, dailySpendMicros: 0.5, countries: ['XX' as never] };
    await expect(limitKey(world.gateways, world.actor, world.transactional.id, wrong)).rejects.toMatchObject({
      code: 'invalid_request',
      fields: [
        { field: 'ipAllowlist', code: 'invalid' },
        { field: 'dailyMessages', code: 'invalid' },
        { field: 'dailySpend', code: 'invalid' },
        { field: 'countries', code: 'not_found' },
      ],
    });
    expect(await key(world)).toMatchObject(NO_LIMITS);
  });

  it('that is off answers nobody and is no choice for a task', async () => {
    const { gateways, actor, tenant, marketing } = await makeWorld();
    const offered = async () => (await gateways.tenant(tenant).keys.marketing()).some(({ id }) => id === marketing.id);
    await switchKey(gateways, actor, marketing.id, false);
    expect((await balance(marketing.id, marketing.secret)).status).toBe(403);
    expect(await offered()).toBe(false);
    await switchKey(gateways, actor, marketing.id, true);
    expect((await balance(marketing.id, marketing.secret)).status).toBe(200);
    expect(await offered()).toBe(true);
  });

  it('has a signature secret when its owner makes one, good until another is made or it is ended', async () => {
    const { gateways, actor, transactional } = await makeWorld();
    const { id } = transactional;
    const signed = async (secret: string, method: string) => {
      const fields = { api_key: id, from: 'JINMU', to: '6591234567', text: '', timestamp: String(Math.floor(Date.now() / 1_000)) };
      const sig = signatureOf(fields, secret, method) ?? '';
      const answer = await request('/sms/json', { json: { ...fields, sig } });
      return (await answer.json<{ messages: { status: string }[] }>()).messages[0]?.status;
    };
    const MISSING = '2';
    const BAD_SIGNATURE = '14';
    expect((await findKey(gateways, actor, id)).signatureMethod).toBeNull();
    const first = await signWithKey(gateways, actor, id, 'md5hash');
    expect((await findKey(gateways, actor, id)).signatureMethod).toBe('md5hash');
    expect([await signed(first.secret, 'md5hash'), await signed(first.secret, 'sha256')]).toEqual([MISSING, BAD_SIGNATURE]);
    const second = await signWithKey(gateways, actor, id, 'sha512');
    expect([await signed(first.secret, 'md5hash'), await signed(second.secret, 'sha512')]).toEqual([BAD_SIGNATURE, MISSING]);
    await unsignKey(gateways, actor, id);
    expect(await signed(second.secret, 'sha512')).toBe(BAD_SIGNATURE);
    await expect(signWithKey(gateways, actor, id, 'none')).rejects.toMatchObject({
      code: 'invalid_request',
      fields: [{ field: 'method' }],
    });
  });

  it('is changed by owners only, and another tenant’s is not there', async () => {
    const [world, stranger] = await Promise.all([makeWorld({ role: 'sender' }), makeWorld()]);
    const { gateways, actor, transactional } = world;
    await expect(addKeySecret(gateways, actor, transactional.id)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(switchKey(gateways, actor, transactional.id, false)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(signWithKey(gateways, actor, transactional.id, 'sha256')).rejects.toMatchObject({ code: 'forbidden' });
    await expect(unsignKey(gateways, stranger.actor, transactional.id)).rejects.toMatchObject({ code: 'not_found' });
    await expect(findKey(gateways, stranger.actor, transactional.id)).rejects.toMatchObject({ code: 'not_found' });
    await expect(addKeySecret(gateways, stranger.actor, transactional.id)).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('the blacklist of a key', () => {
  it('shows the message by which a recipient opted out, and finds one number however it is written', async () => {
    const { gateways, actor, tenant, marketing } = await makeWorld();
    const gate = gateways.objects.keyGate(marketing.id);
    const message = { id: `in-${marketing.id}`, tenantId: tenant, from: '8613800138000', to: 'JINMU', body: '退订', parts: 1 };
    await addInbound(gateways.database, { ...message, complete: true, optOut: true, receivedAt: 5_000 });
    await gate.addNumbers('[8613800138000]', 'opt_out', message.id);
    await gate.addNumbers('[8613800138001, 8613800138002]', 'user');
    const list = (search: string | null, who = actor) => listBlacklistWithCauses(gateways, who, marketing.id, null, search, 50);
    expect((await list(null)).rows).toMatchObject([
      { digits: '8613800138000', reason: 'opt_out', cause: { text: '退订', receivedAt: 5_000 } },
      { digits: '8613800138001', reason: 'user', cause: null },
      { digits: '8613800138002' },
    ]);
    expect((await list('+86 138-0013-8001')).rows.map(({ digits }) => digits)).toEqual(['8613800138001']);
    expect((await list('+86 138 0013 8009')).rows).toEqual([]);
    await expect(list('nonsense')).rejects.toMatchObject({ code: 'invalid_request' });
    const [masked] = (await list(null, { ...actor, role: 'viewer' })).rows;
    expect(masked?.digits).not.toBe('8613800138000');
  });
});
