/** What the platform answers to somebody who opts out, when the tenant has set it. */
import { describe, expect, inject, it, vi } from 'vitest';
import { OptOutReply } from '../../schema/api/account';
import { newSenderId } from '../../schema/ids';
import type { Message } from '../../schema/api/messages';
import { addSender } from '../../workers/gateways/stores/provisioning';
import { findInbound } from '../../workers/gateways/stores/inbound';
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

  it('stands when its answer cannot be sent: no money, or the key is off', async () => {
    const [poor, off] = [await openWorld({ balanceMicros: 10 }), await openWorld()];
    const gate = off.gateways.objects.keyGate(off.marketing.id);
    for (const world of [poor, off]) await setReply(world, REPLY);
    const settings = await gate.settings();
    if (!settings) throw new Error('a key without settings');
    await gate.configure({ ...settings, enabled: false });
    for (const world of [poor, off]) {
      const from = handset();
      expect((await stop(from, await boundNumber(world))).status).toBe(200);
      expect(await isListed(world, from)).toBe(true);
      expect(await carrier.messages({ to: from })).toEqual([]);
    }
  });
});

describe('the reply', () => {
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
