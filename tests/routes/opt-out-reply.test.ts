/** What the platform answers to somebody who opts out, when the tenant has set it. */
import { describe, expect, inject, it, vi } from 'vitest';
import { OptOutReply } from '../../schema/api/account';
import { newSenderId, type Iso2 } from '../../schema/ids';
import type { KeyChanges } from '../../schema/protocol/objects';
import type { Message } from '../../schema/api/messages';
import { addSender } from '../../workers/gateways/stores/provisioning';
import { findInbound } from '../../workers/gateways/stores/inbound';
import { bindServices } from '../../workers/http/services';
import { actOnOptOut } from '../../workers/messages/opt-out';
import { apiClient, availableMicros } from '../support/api-client';
import { connectFakeCarrier } from '../support/fake-carrier-client';
import { arrive, boundNumber, inboundId } from '../support/inbound';
import { makeWorld, type World } from '../support/world';

const carrierUrl = inject('carrierUrl');
const carrier = connectFakeCarrier(carrierUrl);
const WAIT = { timeout: 20_000, interval: 50 };
const REPLY = '您已退订。You are out.';

let last = 6_593_480_000;
const handset = (): string => String((last += 1));
const openWorld = (wish: { balanceMicros?: number } = {}): Promise<World> =>
  makeWorld({ restHost: carrierUrl, perSecond: 10_000, ...wish });
const setReply = async (world: World, text: string | null, key = world.marketing) => {
  const answer = await apiClient(key).call('PUT', '/v1/opt-out-reply', { text });
  expect(answer.status).toBe(200);
  return OptOutReply.parse(answer.body);
};
const stop = (from: string, to: string, text = 'STOP') => arrive({ msisdn: from, to, messageId: inboundId(), text });
const logged = async (world: World): Promise<Message[]> =>
  (await apiClient(world.marketing).call<{ messages: Message[] }>('GET', '/v1/messages')).body.messages;
const isListed = async (world: World, from: string): Promise<boolean> =>
  (await world.gateways.objects.keyGate(world.marketing.id).screen(`[${from}]`)).length === 1;

describe('an opt-out', () => {
  it('is answered once with the text that was set, from the number that was written to, at the usual price', async () => {
    const world = await openWorld();
    expect(await setReply(world, REPLY)).toEqual({ text: REPLY, key: world.marketing.id });
    const [from, to] = [handset(), await boundNumber(world)];
    const before = await availableMicros(world);
    expect((await stop(from, to)).status).toBe(200);
    const sent = await vi.waitFor(async () => {
      const messages = await carrier.messages({ to: from });
      expect(messages).toHaveLength(1);
      return messages;
    }, WAIT);
    expect(sent).toMatchObject([{ from: to, text: REPLY }]);
    expect(await logged(world)).toMatchObject([{ to: `+${from}`, from: to, kind: 'marketing', price: { amount: '0.0412' } }]);
    await vi.waitFor(async () => expect(before - (await availableMicros(world))).toBe(41_200), WAIT);
    expect(await isListed(world, from)).toBe(true);
    // Whoever is out already is not told again: two machines could go on for ever.
    for (const text of ['STOP', 'TD', REPLY, '退订']) await stop(from, to, text);
    expect(await logged(world)).toHaveLength(1);
  });

  it('is answered once by those who take over from a Worker that died, and once a day', async () => {
    const world = await openWorld();
    await setReply(world, REPLY);
    const [from, to] = [handset(), await boundNumber(world)];
    const messageId = inboundId();
    await arrive({ msisdn: from, to, messageId, text: 'STOP' });
    const message = await findInbound(world.gateways.database, messageId);
    if (!message) throw new Error('a message that came in is not there');
    const gate = world.gateways.objects.keyGate(world.marketing.id);
    // As if it had died before the number was on the list; and as if the user had been taken off it again.
    for (let time = 1; time <= 2; time += 1) {
      await gate.removeNumbers(`[${from}]`);
      await actOnOptOut(world.gateways, message);
    }
    await gate.removeNumbers(`[${from}]`);
    await stop(from, to);
    expect(await logged(world)).toHaveLength(1);
    expect(await isListed(world, from)).toBe(true);
  });

  it('is not answered unless a text is set, nor for other messages, nor from a number that tenants share', async () => {
    const [world, other] = [await openWorld(), await openWorld()];
    const to = await boundNumber(world);
    const silent = handset();
    await stop(silent, to);
    await setReply(world, REPLY);
    await stop(handset(), to, 'Thank you');
    expect(await setReply(world, null)).toEqual({ text: null, key: null });
    await stop(handset(), to);
    await setReply(world, REPLY);
    await setReply(other, REPLY);
    await addSender(other.gateways.database, { id: newSenderId(), tenantId: other.tenant, value: to, createdAt: Date.now() });
    const shared = handset();
    await stop(shared, to);
    expect([await logged(world), await logged(other)]).toEqual([[], []]);
    expect([await isListed(world, silent), await isListed(other, shared)]).toEqual([true, true]);
  });

  it('stands when its answer cannot be sent: no money, the key is off, over its cap or not for this country', async () => {
    const poor = await openWorld({ balanceMicros: 10 });
    const bounds: KeyChanges[] = [{ enabled: false }, { dailyMessages: 0 }, { countries: ['GB' as Iso2] }];
    const bounded = await Promise.all(bounds.map(() => openWorld()));
    for (const world of [poor, ...bounded]) await setReply(world, REPLY);
    for (const [at, changes] of bounds.entries()) {
      const world = bounded[at];
      if (world) await world.gateways.objects.keyGate(world.marketing.id).patch(changes);
    }
    for (const world of [poor, ...bounded]) {
      const from = handset();
      expect((await stop(from, await boundNumber(world))).status).toBe(200);
      expect(await isListed(world, from)).toBe(true);
      expect(await carrier.messages({ to: from })).toEqual([]);
    }
  });
});

describe('the blacklist that an opt-out goes on', () => {
  type Name = 'marketing' | 'transactional' | 'test';
  const listedOn = async ({ gateways, ...world }: World, from: string): Promise<readonly Name[]> => {
    const names = ['marketing', 'transactional', 'test'] as const;
    const found = await Promise.all(names.map((name) => gateways.objects.keyGate(world[name].id).screen(`[${from}]`)));
    return names.filter((_, at) => found[at]?.length === 1);
  };
  /** A message that the person has read. */
  const write = async (world: World, key: Name, from: string, to: string): Promise<void> => {
    const client = apiClient(world[key]);
    const sent = await client.call<{ messages: { id: string }[] }>('POST', '/v1/messages', { from, text: 'Sale', to: `+${to}` });
    await vi.waitFor(async () => {
      const { body } = await client.call('GET', `/v1/messages/${sent.body.messages[0]?.id}`);
      expect(['submitted', 'delivered']).toContain(body['status']);
    }, WAIT);
  };

  it('is that of the key whose message was answered, and no other', async () => {
    const world = await openWorld();
    const [to, other] = [await boundNumber(world), await boundNumber(world)];
    const [first, second, elsewhere] = [handset(), handset(), handset()];
    await write(world, 'test', to, first);
    await write(world, 'marketing', to, first);
    await write(world, 'marketing', to, second);
    await write(world, 'test', to, second);
    await write(world, 'test', other, elsewhere);
    await write(world, 'marketing', to, elsewhere);
    await stop(first, to);
    await stop(second, to);
    await stop(elsewhere, other);
    expect(await Promise.all([first, second, elsewhere].map((from) => listedOn(world, from)))).toEqual([['marketing'], ['test'], ['test']]);
  });

  it('is that of the advertising, though a code came since; and that of the codes where there was nothing else', async () => {
    const world = await openWorld();
    const to = await boundNumber(world);
    const [customer, user] = [handset(), handset()];
    await write(world, 'marketing', to, customer);
    await write(world, 'transactional', to, customer);
    await write(world, 'transactional', to, user);
    await stop(customer, to, '退订');
    await stop(user, to);
    expect(await Promise.all([customer, user].map((from) => listedOn(world, from)))).toEqual([['marketing'], ['transactional']]);
  });

  it('is found again after the answer was sent, whichever key sends that', async () => {
    const world = await openWorld();
    await setReply(world, REPLY, world.transactional);
    const [from, to] = [handset(), await boundNumber(world)];
    await write(world, 'marketing', to, from);
    const messageId = inboundId();
    await arrive({ msisdn: from, to, messageId, text: 'STOP' });
    const message = await findInbound(world.gateways.database, messageId);
    if (!message) throw new Error('a message that came in is not there');
    await actOnOptOut(world.gateways, message);
    expect(await listedOn(world, from)).toEqual(['marketing']);
  });

  it('is that of whoever wrote from a number that tenants share', async () => {
    const [world, other] = [await openWorld(), await openWorld()];
    const [from, to] = [handset(), await boundNumber(world)];
    await addSender(other.gateways.database, { id: newSenderId(), tenantId: other.tenant, value: to, createdAt: Date.now() });
    await write(other, 'marketing', to, from);
    await stop(from, to);
    expect([await listedOn(world, from), await listedOn(other, from)]).toEqual([[], ['marketing']]);
  });

  it('is that of every marketing key where nobody can tell which one wrote', async () => {
    const world = await openWorld();
    const [from, to] = [handset(), await boundNumber(world)];
    await stop(from, to);
    expect(await listedOn(world, from)).toEqual(['marketing', 'test']);
  });
});

describe('the reply', () => {
  it('is sent with a key of the tenant, and with no other’s', async () => {
    const [world, stranger] = [await openWorld(), await openWorld()];
    const refused = bindServices(world.gateways).webhooks.setOptOutReply(world.actor, stranger.marketing.id, REPLY);
    await expect(refused).rejects.toMatchObject({ code: 'invalid_request', fields: [{ field: 'key', code: 'not_found' }] });
  });

  it('is the tenant’s own and has a text that can be sent', async () => {
    const [world, stranger] = [await openWorld(), await openWorld()];
    await setReply(world, REPLY);
    expect((await apiClient(world.transactional).call('GET', '/v1/opt-out-reply')).body).toEqual({ text: REPLY, key: world.marketing.id });
    expect((await apiClient(stranger.marketing).call('GET', '/v1/opt-out-reply')).body).toEqual({ text: null, key: null });
    expect(await apiClient(world.marketing).call('PUT', '/v1/opt-out-reply', { text: '   ' })).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'text', code: 'required' }] },
    });
  });
});
