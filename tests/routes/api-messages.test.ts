import { describe, expect, inject, it, vi } from 'vitest';
import { EstimateAnswer, Message, MessagePage, SendAnswer } from '../../schema/api/messages';
import { newTemplateId } from '../../schema/ids';
import { addTemplate } from '../../workers/gateways/stores/provisioning';
import { DEMO_PRICES } from '../../workers/tenancy/demo-prices';
import { apiClient, availableMicros } from '../support/api-client';
import { connectFakeCarrier } from '../support/fake-carrier-client';
import { loseAnswer } from '../support/repeats';
import { makeWorld, type World, type WorldWish } from '../support/world';

const carrierUrl = inject('carrierUrl');
const carrier = connectFakeCarrier(carrierUrl);
const WAIT = { timeout: 20_000, interval: 50 };
const HOUR_MS = 60 * 60 * 1_000;

const priceOf = (country: string): number => DEMO_PRICES.find((price) => price.country === country)?.micros ?? Number.NaN;
let lastNumber = 91_230_000;
/** A Singapore number that no other test has. */
const freshNumber = (): string => `+65${(lastNumber += 1)}`;

const openWorld = (wish: WorldWish = {}): Promise<World> => makeWorld({ restHost: carrierUrl, perSecond: 10_000, ...wish });
const hello = (changes: Record<string, unknown> = {}) => ({ from: 'JINMU', text: 'Your code is 482913.', to: freshNumber(), ...changes });

async function send(world: World, changes: Record<string, unknown> = {}, headers: Record<string, string> = {}): Promise<SendAnswer> {
  const answer = await apiClient(world.transactional).call('POST', '/v1/messages', hello(changes), headers);
  expect(answer).toMatchObject({ status: 202 });
  return SendAnswer.parse(answer.body);
}
const idOf = ({ messages }: SendAnswer): string => messages[0]?.id ?? 'none';
async function read(world: World, id: string): Promise<Message> {
  const answer = await apiClient(world.transactional).call('GET', `/v1/messages/${encodeURIComponent(id)}`);
  expect(answer).toMatchObject({ status: 200 });
  return Message.strict().parse(answer.body);
}
const untilStatus = (world: World, id: string, ...wanted: string[]): Promise<Message> =>
  vi.waitFor(async () => {
    const message = await read(world, id);
    expect(wanted).toContain(message.status);
    return message;
  }, WAIT);

describe('one message', () => {
  it('is accepted, reaches the carrier as it was written, and can be read', async () => {
    const world = await openWorld();
    const to = freshNumber();
    const { messages, rejected } = await send(world, { to, client_ref: 'order 7', text: '您的验证码是 482913' });
    expect(rejected).toEqual([]);
    expect(messages).toEqual([
      {
        id: expect.any(String),
        to,
        status: 'accepted',
        error: null,
        country: 'SG',
        parts: 1,
        price: { amount: '0.0412', currency: 'EUR' },
        client_ref: 'order 7',
      },
    ]);
    const id = messages[0]?.id ?? '';
    const message = await untilStatus(world, id, 'submitted');
    expect(message).toMatchObject({ to, from: 'JINMU', kind: 'transactional', client_ref: 'order 7', task_id: null, error: null });
    expect(await carrier.messages({ clientRef: id })).toMatchObject([{ to: to.slice(1), text: '您的验证码是 482913' }]);
  });

  it('leaves with its own encoding and lifetime', async () => {
    const world = await openWorld();
    const plain = await send(world, { type: 'text', text: 'Grüße 你' });
    const unicode = await send(world, { type: 'unicode', text: 'a'.repeat(71), ttl_s: 60 });
    expect([plain.messages[0]?.parts, unicode.messages[0]?.parts]).toEqual([1, 2]);
    await untilStatus(world, idOf(plain), 'submitted');
    await untilStatus(world, idOf(unicode), 'submitted');
    expect(await carrier.messages({ clientRef: idOf(plain) })).toMatchObject([{ text: 'Grüße ?' }]);
  });

  it('takes both ways to write the key, and says no to every other', async () => {
    const world = await openWorld();
    const { id, secret } = world.transactional;
    const tried = async (authorization: string) =>
      (await apiClient(world.transactional).call('GET', '/v1/balance', undefined, { authorization })).status;
    expect(await tried(`Bearer ${id}:${secret}`)).toBe(200);
    expect(await tried(`Basic ${btoa(`${id}:${secret}`)}`)).toBe(200);
    for (const wrong of [
      `Bearer ${id}:x`,
      `Bearer ${id}`,
      `Basic ${id}:${secret}`,
      'Basic !!',
      'Digest x',
      `Bearer JMNOSUCHKEY00001:${secret}`,
      '',
    ])
      expect([wrong, await tried(wrong)]).toEqual([wrong, 401]);
  });

  it('is refused with the reason once the key is switched off, at once', async () => {
    const world = await openWorld();
    const gate = world.gateways.objects.keyGate(world.transactional.id);
    const settings = await gate.settings();
    if (!settings) throw new Error('a key without settings');
    await gate.configure({ ...settings, enabled: false });
    expect(await apiClient(world.transactional).call('POST', '/v1/messages', hello())).toMatchObject({
      status: 403,
      body: { code: 'key_disabled' },
    });
    await gate.configure({ ...settings, ipAllowlist: ['203.0.113.7'] });
    const from = (address: string) => apiClient(world.transactional).call('GET', '/v1/balance', undefined, { 'cf-connecting-ip': address });
    expect(await from('203.0.113.8')).toMatchObject({ status: 403, body: { code: 'address_refused' } });
    expect(await from('203.0.113.7')).toMatchObject({ status: 200 });
  });

  it('says how much of the rate is left, and exactly how long to wait when it is used up', async () => {
    const world = await openWorld();
    const gate = world.gateways.objects.keyGate(world.transactional.id);
    const settings = await gate.settings();
    if (!settings) throw new Error('a key without settings');
    await gate.configure({ ...settings, perSecond: 2 });
    const first = await apiClient(world.transactional).call('POST', '/v1/messages', hello({ to: [1, 2, 3, 4, 5, 6].map(freshNumber) }));
    expect(first.status).toBe(202);
    expect(first.headers.get('ratelimit-limit')).toBe('2');
    expect(first.headers.get('ratelimit-remaining')).toBe('0');
    const second = await apiClient(world.transactional).call('POST', '/v1/messages', hello());
    expect(second).toMatchObject({ status: 429, body: { code: 'rate_limited', title: 'Too many requests' } });
    const seconds = Number(second.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(0);
    await new Promise((done) => setTimeout(done, seconds * 1_000));
    expect((await apiClient(world.transactional).call('POST', '/v1/messages', hello())).status).toBe(202);
  });
});

describe('many messages', () => {
  it('have their own variables and references; what cannot be sent is named and nothing else is lost', async () => {
    const world = await openWorld();
    const to = [
      { to: freshNumber(), variables: { name: '李晓星' }, client_ref: 'a' },
      { to: '12345', variables: { name: 'x' } },
      { to: freshNumber() },
      { to: freshNumber(), variables: { name: 'Grace' } },
      { to: freshNumber(), variables: { name: 'y'.repeat(1_000) } },
    ];
    const answer = await send(world, { text: 'Hello {{name}}'.padEnd(2_300, '.'), to, client_ref: 'all' });
    expect(answer.messages.map(({ client_ref: ref, parts }) => [ref, parts])).toEqual([
      ['a', 35],
      ['all', 16],
    ]);
    expect(answer.rejected.map(({ to: input, code }) => [input, code])).toEqual([
      ['12345', expect.any(String)],
      [to[2]?.to, 'variable_missing'],
      [to[4]?.to, 'text_too_long'],
    ]);
    await untilStatus(world, answer.messages[1]?.id ?? '', 'submitted');
    expect((await carrier.messages({ clientRef: answer.messages[1]?.id ?? '' }))[0]?.text).toContain('Hello Grace');
  });

  it('may come from a template', async () => {
    const world = await openWorld();
    const id = newTemplateId();
    const now = Date.now();
    await addTemplate(world.gateways.database, {
      id,
      tenantId: world.tenant,
      name: 'Code',
      body: 'Code {{code}}',
      createdAt: now,
      updatedAt: now,
    });
    const answer = await send(world, { text: undefined, template_id: id, to: [{ to: freshNumber(), variables: { code: '77' } }] });
    expect((await read(world, idOf(answer))).parts).toBe(1);
    const stranger = await openWorld();
    const refused = await apiClient(stranger.transactional).call('POST', '/v1/messages', hello({ text: undefined, template_id: id }));
    expect(refused).toMatchObject({ status: 400, body: { errors: [{ field: 'template_id', code: 'not_found' }] } });
  });

  it('are blocked one by one, logged, and cost nothing', async () => {
    const world = await openWorld();
    const gate = world.gateways.objects.keyGate(world.transactional.id);
    const [listed, free] = [freshNumber(), freshNumber()];
    await gate.addNumbers(JSON.stringify([Number(listed)]), 'user');
    await gate.setCountries(['GB' as never]);
    const before = await availableMicros(world);
    const answer = await send(world, { to: [listed, free, '+447400123456'] });
    expect(answer.messages.map(({ status, error, price }) => [status, error?.code, price.amount])).toEqual([
      ['blocked', 'blacklisted', '0.00'],
      ['accepted', undefined, '0.0412'],
      ['blocked', 'country_blocked', '0.00'],
    ]);
    expect(before - (await availableMicros(world))).toBe(priceOf('SG'));
    expect(await read(world, idOf(answer))).toMatchObject({ status: 'blocked', error: { code: 'blacklisted' }, price: { amount: '0.00' } });
    await untilStatus(world, answer.messages[1]?.id ?? '', 'submitted');
    expect(await carrier.messages({ to: listed.slice(1) })).toEqual([]);
    await vi.waitFor(async () => {
      const { balanceMicros, availableMicros: available } = await world.gateways.objects.ledger(world.tenant).balance();
      expect([before - balanceMicros, before - available]).toEqual([priceOf('SG'), priceOf('SG')]);
    }, WAIT);
  });

  it('to one mainland number stop at three of one text', async () => {
    const world = await openWorld();
    const number = '+8613800138111';
    const answer = await send(world, { to: [number, number, number, number] });
    expect(answer.messages.map(({ error }) => error?.code ?? null)).toEqual([null, null, null, 'too_many_identical']);
    expect((await send(world, { to: number, text: 'Another text' })).messages[0]?.status).toBe('accepted');
  });
});

describe('a message with a time', () => {
  it('waits, can be cancelled once, and is paid back', async () => {
    const world = await openWorld();
    const before = await availableMicros(world);
    const answer = await send(world, { send_at: new Date(Date.now() + HOUR_MS).toISOString() });
    expect(before - (await availableMicros(world))).toBe(priceOf('SG'));
    expect((await read(world, idOf(answer))).status).toBe('accepted');
    const client = apiClient(world.transactional);
    expect(await client.call('DELETE', `/v1/messages/${encodeURIComponent(idOf(answer))}`)).toMatchObject({
      status: 200,
      body: { status: 'cancelled', price: { amount: '0.00' } },
    });
    expect(await client.call('DELETE', `/v1/messages/${encodeURIComponent(idOf(answer))}`)).toMatchObject({
      status: 409,
      body: { code: 'not_scheduled' },
    });
    await vi.waitFor(async () => expect(await availableMicros(world)).toBe(before), WAIT);
  });

  it('leaves when it is time, and not before', async () => {
    const world = await openWorld();
    const sendAt = Date.now() + 2_000;
    const answer = await send(world, { to: [freshNumber(), freshNumber()], send_at: new Date(sendAt).toISOString() });
    await new Promise((done) => setTimeout(done, 500));
    expect((await read(world, idOf(answer))).status).toBe('accepted');
    const sent = await untilStatus(world, idOf(answer), 'submitted');
    expect(Date.parse(sent.submitted_at ?? '')).toBeGreaterThanOrEqual(sendAt);
    await untilStatus(world, answer.messages[1]?.id ?? '', 'submitted');
    expect(await apiClient(world.transactional).call('DELETE', `/v1/messages/${encodeURIComponent(idOf(answer))}`)).toMatchObject({
      status: 409,
    });
  });
});

describe('money', () => {
  it('is paid back when the carrier refuses, and only then', async () => {
    const world = await openWorld();
    const before = await availableMicros(world);
    const refused = await send(world, { to: '+15005552006' });
    const sent = await send(world);
    // The carrier may have refused it already.
    expect([priceOf('US') + priceOf('SG'), priceOf('SG')]).toContain(before - (await availableMicros(world)));
    expect((await untilStatus(world, idOf(refused), 'rejected')).price.amount).toBe('0.00');
    await untilStatus(world, idOf(sent), 'submitted');
    await vi.waitFor(async () => {
      const { balanceMicros, reservedMicros } = await world.gateways.objects.ledger(world.tenant).balance();
      expect([before - balanceMicros, reservedMicros]).toEqual([priceOf('SG'), 0]);
    }, WAIT);
  });

  it('that is not there stops the whole request, and nothing of it is left', async () => {
    const world = await openWorld({ balanceMicros: priceOf('SG') * 2 });
    const client = apiClient(world.transactional);
    const refused = await client.call('POST', '/v1/messages', hello({ to: [1, 2, 3].map(freshNumber) }), { 'idempotency-key': 'once' });
    expect(refused).toMatchObject({ status: 402, body: { code: 'insufficient_balance' } });
    expect((await client.call<MessagesBody>('GET', '/v1/messages')).body.messages).toEqual([]);
    expect(await availableMicros(world)).toBe(priceOf('SG') * 2);
    // The key of a refused request is free again.
    await send(world, { to: [freshNumber(), freshNumber()] }, { 'idempotency-key': 'once' });
    expect(await availableMicros(world)).toBe(0);
  });

  it('is never spent twice by requests at the same moment', async () => {
    const world = await openWorld({ balanceMicros: priceOf('SG') * 10 });
    const answers = await Promise.all(
      Array.from({ length: 30 }, () => apiClient(world.transactional).call('POST', '/v1/messages', hello())),
    );
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(10);
    expect(answers.filter(({ status }) => status === 402)).toHaveLength(20);
  });
});
interface MessagesBody {
  readonly messages: readonly unknown[];
}

describe('a request that is repeated', () => {
  it('is answered as before, and nobody gets a second message', async () => {
    const world = await openWorld();
    const client = apiClient(world.transactional);
    const wanted = hello({ to: [freshNumber(), '12'] });
    const headers = { 'idempotency-key': 'order-7' };
    const first = await client.call('POST', '/v1/messages', wanted, headers);
    const again = await client.call('POST', '/v1/messages', wanted, headers);
    expect([first.status, first.headers.get('idempotency-replayed')]).toEqual([202, null]);
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([202, 'true']);
    expect(again.body).toEqual(first.body);
    expect(await client.call('POST', '/v1/messages', hello(), headers)).toMatchObject({
      status: 422,
      body: { code: 'idempotency_mismatch' },
    });
    expect((await client.call<MessagesBody>('GET', '/v1/messages')).body.messages).toHaveLength(1);
  });

  it('at the same moment is told to wait', async () => {
    const world = await openWorld();
    const wanted = hello();
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => apiClient(world.transactional).call('POST', '/v1/messages', wanted, { 'idempotency-key': 'x' })),
    );
    expect(answers.filter(({ status, headers }) => status === 202 && headers.get('idempotency-replayed') === null)).toHaveLength(1);
    const waiting = answers.filter(({ status }) => status === 409);
    expect(waiting.map(({ headers }) => headers.get('retry-after'))).toEqual(waiting.map(() => '1'));
    expect((await apiClient(world.transactional).call<MessagesBody>('GET', '/v1/messages')).body.messages).toHaveLength(1);
  });

  it('after the first one died between accepting and answering gets the same messages', async () => {
    const world = await openWorld();
    const client = apiClient(world.transactional);
    const wanted = hello();
    const first = await client.call('POST', '/v1/messages', wanted, { 'idempotency-key': 'x' });
    await loseAnswer(world.transactional.id, 'x');
    const before = await availableMicros(world);
    const again = await client.call('POST', '/v1/messages', wanted, { 'idempotency-key': 'x' });
    expect(again).toMatchObject({ status: 202, body: first.body });
    expect((await client.call<MessagesBody>('GET', '/v1/messages')).body.messages).toHaveLength(1);
    expect(await availableMicros(world)).toBe(before);
  });
});

describe('a test key', () => {
  it('sends to nobody, has the outcomes of the magic numbers, and pays nothing', async () => {
    const world = await openWorld();
    const before = await availableMicros(world);
    const client = apiClient(world.test);
    const numbers = ['+15005550000', '+15005551005', '+15005552006', '+15005553001', '+6591239999'];
    const answer = await client.call('POST', '/v1/messages', hello({ to: numbers }));
    const { messages } = SendAnswer.parse(answer.body);
    expect(messages.map(({ price }) => price.amount)).toEqual(numbers.map(() => '0.00'));
    const outcomes = ['delivered', 'failed', 'rejected', 'expired', 'delivered'];
    for (const [at, { id }] of messages.entries()) expect((await untilStatus(world, id, outcomes[at] ?? '')).status).toBe(outcomes[at]);
    for (const { id } of messages) expect(await carrier.messages({ clientRef: id })).toEqual([]);
    expect(await availableMicros(world)).toBe(before);
  });
});

describe('reading', () => {
  it('finds a message by its id whatever its check character, encoded or not', async () => {
    const world = await openWorld();
    const answer = await send(world, {
      to: Array.from({ length: 37 }, freshNumber),
      send_at: new Date(Date.now() + HOUR_MS).toISOString(),
    });
    const ids = answer.messages.map(({ id }) => id);
    expect(new Set(ids.map((id) => id.at(-1))).size).toBe(37);
    for (const id of ids) {
      for (const written of [id, encodeURIComponent(id), id.toLowerCase()]) {
        const found = await apiClient(world.transactional).call('GET', `/v1/messages/${written}`);
        expect([written, found.status]).toEqual([written, 200]);
      }
    }
  });

  it('pages through the log of the tenant and filters it', async () => {
    const world = await openWorld();
    const client = apiClient(world.transactional);
    const number = freshNumber();
    await send(world, { to: [freshNumber(), number, freshNumber()] });
    const seen: string[] = [];
    let path = '/v1/messages?limit=2';
    for (;;) {
      const page = MessagePage.parse((await client.call('GET', path)).body);
      seen.push(...page.messages.map(({ id }) => id));
      if (page.cursor === null) break;
      path = `/v1/messages?limit=2&cursor=${page.cursor}`;
    }
    expect(new Set(seen).size).toBe(3);
    const filtered = await client.call<MessagesBody>(
      'GET',
      `/v1/messages?to=${encodeURIComponent(number)}&country=SG,CN&kind=transactional`,
    );
    expect(filtered.body.messages).toMatchObject([{ to: number }]);
    expect((await client.call<MessagesBody>('GET', '/v1/messages?country=CN')).body.messages).toEqual([]);
  });

  it('shows nothing of another tenant', async () => {
    const [world, stranger] = await Promise.all([openWorld(), openWorld()]);
    const id = idOf(await send(world, { send_at: new Date(Date.now() + HOUR_MS).toISOString() }));
    for (const method of ['GET', 'DELETE'])
      expect(await apiClient(stranger.transactional).call(method, `/v1/messages/${encodeURIComponent(id)}`)).toMatchObject({
        status: 404,
        body: { code: 'not_found' },
      });
    expect((await read(world, id)).status).toBe('accepted');
  });
});

describe('an estimate', () => {
  it('says to the part and the cent what sending takes', async () => {
    const world = await openWorld();
    const to = [freshNumber(), '+8613800138222', '+447400123456', '999'];
    const client = apiClient(world.transactional);
    for (const [type, text] of [
      ['auto', '€'.repeat(81)],
      ['auto', '你'.repeat(71)],
      ['unicode', 'x'.repeat(68)],
      ['text', '你好'],
    ]) {
      const told = EstimateAnswer.parse((await client.call('POST', '/v1/estimate', { text, to, type })).body);
      const sent = await send(world, { text, to, type });
      expect(told.recipients.filter(({ valid }) => valid).map(({ e164, price }) => [e164, told.parts, price?.amount])).toEqual(
        sent.messages.map(({ to: number, parts, price }) => [number, parts, price.amount]),
      );
      expect(told.recipients.map(({ valid }) => valid)).toEqual([true, true, true, false]);
    }
  });
});
