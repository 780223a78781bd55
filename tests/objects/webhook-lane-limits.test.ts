/** Where a lane ends: too much waiting, too old, too slow, led astray. */
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, inject, it, vi } from 'vitest';
import { openTarget, sendTo } from '../../durable-objects/webhook-lane/send';
import type { Env } from '../../schema/env';
import {
  NAME_KNOWN_MAX_MS,
  WEBHOOK_DISABLED_AFTER_MS,
  WEBHOOK_KEPT_MAX,
  WEBHOOK_LIFETIME_MS,
  WEBHOOK_LOG_LIFETIME_MS,
  WEBHOOK_PAUSES_MS,
  WEBHOOK_TIMEOUT_MS,
  WEBHOOK_WAITING_MAX,
} from '../../schema/limits';
import type { LaneEvent } from '../../schema/protocol/webhook-lane';
import { callCustomer } from '../../workers/gateways/customer-webhooks';
import { findEndpoint } from '../../workers/gateways/stores/endpoints';
import { lookUp } from '../../workers/gateways/name-lookup';
import { openMailbox } from '../support/fake-customer-client';
import { makeEndpoint, type TestEndpoint } from '../support/webhooks';
import { makeWorld } from '../support/world';

const waiting = { timeout: 15_000, interval: 30 };
const event = (name: string): LaneEvent => [`${name} delivered`, 'receipt', JSON.stringify({ type: 'receipt', data: { id: name } })];
const events = (...names: string[]): string => JSON.stringify(names.map(event));
const until = (check: () => Promise<void>): Promise<void> => vi.waitFor(check, waiting);
const tried = ({ lane }: TestEndpoint, times: number) => until(async () => expect(await lane.attempts(null, 50)).toHaveLength(times));
const idsSeen = async ({ customer }: TestEndpoint): Promise<string[]> =>
  (await customer.seen()).map(({ body }) => (JSON.parse(body) as { data: { id: string } }).data.id);

/** Changes what is stored behind the lane's back, as time would. */
async function change({ stub }: TestEndpoint, statement: string, ...bindings: (string | number)[]): Promise<void> {
  await runInDurableObject(stub, (_lane, { storage }) => {
    storage.sql.exec(statement, ...bindings);
  });
  await evictDurableObject(stub);
}
const tidyNow = async (endpoint: TestEndpoint): Promise<void> => {
  await change(endpoint, 'UPDATE lane SET tidied_at = 0');
  await runInDurableObject(endpoint.stub, (_lane, { storage }) => storage.setAlarm(Date.now() + 60_000));
  await runDurableObjectAlarm(endpoint.stub);
};

describe('a lane that is full', () => {
  it('takes no more, says so, and takes again when there is room', async () => {
    const endpoint = await makeEndpoint(await makeWorld());
    await change(endpoint, 'UPDATE lane SET waiting = ?', WEBHOOK_WAITING_MAX);
    expect(await endpoint.lane.announce(endpoint.id, events('a'))).toEqual({ kind: 'full' });
    expect(await endpoint.customer.seen()).toEqual([]);
    await change(endpoint, 'UPDATE lane SET waiting = ?', WEBHOOK_WAITING_MAX - 1);
    expect(await endpoint.lane.announce(endpoint.id, events('a'))).toMatchObject({ kind: 'taken', events: 1 });
    await until(async () => expect(await idsSeen(endpoint)).toEqual(['a']));
  });
});

describe('what is old', () => {
  it('is forgotten after 30 days with its tries, and what is younger stays', async () => {
    const endpoint = await makeEndpoint(await makeWorld());
    await endpoint.lane.announce(endpoint.id, events('old', 'young'));
    await tried(endpoint, 2);
    await change(endpoint, 'UPDATE deliveries SET made_at = made_at - ? WHERE n = 1', WEBHOOK_LOG_LIFETIME_MS + 1_000);
    await tidyNow(endpoint);
    const left = await endpoint.lane.attempts(null, 10);
    expect(left).toHaveLength(1);
    const counts = await runInDurableObject(endpoint.stub, (_lane, { storage }) =>
      ['events', 'deliveries', 'attempts'].map((table) => storage.sql.exec(`SELECT count(*) AS n FROM ${table}`).one()['n']),
    );
    expect(counts).toEqual([1, 1, 1]);
  });

  it('and still waits is given up after a day, and can be replayed', async () => {
    const endpoint = await makeEndpoint(await makeWorld());
    await endpoint.customer.answers({ status: 500 });
    await endpoint.lane.announce(endpoint.id, events('late'));
    await tried(endpoint, 1);
    await change(endpoint, 'UPDATE deliveries SET began_at = began_at - ?, next_at = next_at + ?', WEBHOOK_LIFETIME_MS + 1_000, 60_000);
    await tidyNow(endpoint);
    expect((await endpoint.lane.attempts(null, 1))[0]).toMatchObject({ deliveryState: 'failed', nextAt: null });
    expect((await endpoint.lane.state()).waiting).toBe(0);
    await endpoint.customer.answers({ status: 200 });
    expect(await endpoint.lane.replay(endpoint.id, { from: 0, until: Date.now() + 1, which: 'failed' })).toBe(1);
    await until(async () => expect((await endpoint.lane.attempts(null, 1))[0]).toMatchObject({ deliveryState: 'delivered' }));
  });
});

describe('what is over', () => {
  it('is kept up to so many events, however many of them a request held', async () => {
    const endpoint = await makeEndpoint(await makeWorld());
    await endpoint.lane.announce(endpoint.id, events('a', 'b', 'c'));
    await tried(endpoint, 3);
    await change(endpoint, 'UPDATE deliveries SET events = ? WHERE n > 1', Math.floor(WEBHOOK_KEPT_MAX / 2));
    await tidyNow(endpoint);
    expect(new Set((await endpoint.lane.attempts(null, 10)).map(({ events: held }) => held))).toEqual(new Set([WEBHOOK_KEPT_MAX / 2]));
    await change(endpoint, 'UPDATE deliveries SET events = events + 1');
    await tidyNow(endpoint);
    expect(await endpoint.lane.attempts(null, 10)).toHaveLength(1);
  });
});

describe('a period', () => {
  it('is replayed exactly: failures only, or all of it, and nothing beside it', async () => {
    const endpoint = await makeEndpoint(await makeWorld());
    await endpoint.lane.announce(endpoint.id, events('before', 'good', 'bad', 'after'));
    await tried(endpoint, 4);
    await until(async () => expect((await endpoint.lane.state()).waiting).toBe(0));
    const at = [1_000, 2_000, 2_500, 3_000];
    const order = await idsSeen(endpoint);
    // Several go out at once: which delivery holds which event is asked, not assumed.
    for (const [index, name] of ['before', 'good', 'bad', 'after'].entries()) {
      expect(order).toContain(name);
      const made = 'UPDATE deliveries SET made_at = ? WHERE n = (SELECT delivery FROM events WHERE key = ?)';
      await change(endpoint, made, at[index] ?? 0, `${name} delivered`);
    }
    await change(endpoint, "UPDATE deliveries SET state = 2 WHERE n = (SELECT delivery FROM events WHERE key = 'bad delivered')");
    expect(await endpoint.lane.replay(endpoint.id, { from: 2_000, until: 3_000, which: 'failed' })).toBe(1);
    await until(async () => expect((await idsSeen(endpoint)).slice(4)).toEqual(['bad']));
    await until(async () => expect((await endpoint.lane.state()).waiting).toBe(0));
    expect(await endpoint.lane.replay(endpoint.id, { from: 2_000, until: 3_000, which: 'all' })).toBe(2);
    await until(async () => expect((await idsSeen(endpoint)).slice(5).toSorted()).toEqual(['bad', 'good']));
  });
});

describe('a customer', () => {
  it('that says nothing is given up on in time, before or after the first byte', async () => {
    const request = (url: string) => ({ url, method: 'POST', headers: {}, body: '{}' }) as const;
    const [silent, hanging] = [openMailbox(inject('customerUrl')), openMailbox(inject('customerUrl'))];
    await silent.answers({ delayMs: 5_000 });
    await hanging.answers({ hangs: true });
    const [none, begun] = await Promise.all([silent, hanging].map(({ url }) => callCustomer(request(url), [], 400)));
    expect(none).toMatchObject({ status: null, error: 'timeout' });
    expect(none?.durationMs).toBeLessThan(3_000);
    // Its status came: that it never ends its answer changes nothing.
    expect(begun).toMatchObject({ status: 200, error: null, answer: '.' });
    expect(WEBHOOK_TIMEOUT_MS).toBe(15_000);
  });

  it('that sends us on is not followed: neither inside nor anywhere else', async () => {
    const endpoint = await makeEndpoint(await makeWorld());
    const elsewhere = openMailbox(inject('customerUrl'));
    const replies = [301, 302, 303, 307, 308].map((status) => ({ status, headers: { location: elsewhere.url } }));
    await endpoint.customer.answers(...replies);
    for (const [index, { status }] of replies.entries()) {
      await endpoint.lane.announce(endpoint.id, events(`r${status}`));
      await change(endpoint, 'UPDATE lane SET streak = 0');
      await runDurableObjectAlarm(endpoint.stub);
      await tried(endpoint, index + 1);
      expect((await endpoint.lane.attempts(null, 1))[0]).toMatchObject({ status, error: 'redirect', deliveryState: 'waiting' });
    }
    expect(await elsewhere.seen()).toEqual([]);
  });

  it.each(['http://127.0.0.1:9/', 'http://[::ffff:10.0.0.1]/', 'http://0x7f.1/', 'https://metadata.internal/', 'http://169.254.169.254/'])(
    'at %s is never called outside local runs, even if it was let in once',
    async (inside) => {
      const world = await makeWorld();
      const endpoint = await makeEndpoint(world);
      const target = await openTarget(world.gateways, endpoint.id, Date.now());
      if (!target) throw new Error('an endpoint without a target');
      const delivery = { n: 1, id: 'msg_1', beganAt: 0, attempts: 0, events: 1, url: inside, body: '{}' };
      const production = { ...(env as unknown as Env), ENVIRONMENT: 'production' } as const;
      expect(await sendTo(production, target, delivery)).toMatchObject({ status: null, error: 'refused_address' });
      expect(await sendTo(production, { ...target, url: endpoint.customer.url }, { ...delivery, url: null })).toMatchObject({
        error: 'refused_address',
      });
      expect(await endpoint.customer.seen()).toEqual([]);
    },
  );

  describe('whose name is looked up just before it is called', () => {
    const A = 1;
    const AAAA = 28;
    const CNAME = 5;
    type Record = readonly [type: number, data: string];
    const answerWith = (records: readonly Record[], ttl = 0) => ({
      body: JSON.stringify({ Status: 0, Answer: records.map(([type, data]) => ({ name: 'hooks.shop.com', type, TTL: ttl, data })) }),
    });
    /** A resolver of our own, over HTTP, that says the same to both questions. */
    const resolver = async (...replies: Parameters<ReturnType<typeof openMailbox>['answers']>) => {
      const box = openMailbox(inject('customerUrl'));
      await box.answers(...replies);
      return { box, bindings: { ...(env as unknown as Env), ENVIRONMENT: 'production', DNS_URL: box.url } as const };
    };
    const sendThrough = async (bindings: Env) => {
      const world = await makeWorld();
      const endpoint = await makeEndpoint(world);
      const target = await openTarget(world.gateways, endpoint.id, Date.now());
      if (!target) throw new Error('an endpoint without a target');
      const delivery = { n: 1, id: 'msg_1', beganAt: 0, attempts: 0, events: 1, url: 'http://hooks.shop.com:9/in', body: '{}' };
      return await sendTo(bindings, target, delivery);
    };

    it.each<readonly [string, readonly Record[]]>([
      ['loopback', [[A, '127.0.0.1']]],
      [
        'a private address beside a public one',
        [
          [A, '93.184.216.34'],
          [A, '10.0.0.7'],
        ],
      ],
      [
        'the metadata service, by way of another name',
        [
          [CNAME, 'inside.shop.com.'],
          [A, '169.254.169.254'],
        ],
      ],
      ['IPv6 loopback', [[AAAA, '::1']]],
      ['a private IPv4 address inside an IPv6 one', [[AAAA, '::ffff:192.168.0.1']]],
      ['a unique local address', [[AAAA, 'fd00::1']]],
      ['nothing that is an address', [[A, 'localhost']]],
    ])('is not called when it leads to %s', async (_what, records) => {
      const { bindings, box } = await resolver(answerWith(records));
      expect(await sendThrough(bindings)).toMatchObject({ status: null, error: 'refused_address' });
      const asked = (await box.seen()).map(({ path }) => new URL(path, 'http://x').searchParams);
      expect(asked.map((query) => [query.get('name'), query.get('type')]).toSorted()).toEqual([
        ['hooks.shop.com', 'A'],
        ['hooks.shop.com', 'AAAA'],
      ]);
    });

    it.each([
      ['does not exist', { body: '{"Status":3}' }],
      ['has no address', { body: '{"Status":0}' }],
      ['cannot be asked for', { status: 503, body: '{"Status":0,"Answer":[{"type":1,"TTL":60,"data":"93.184.216.34"}]}' }],
      ['is answered with nonsense', { body: '<html>' }],
      ['has a resolver that breaks off', { breaks: true }],
    ])('is tried again later when it %s', async (_what, reply) => {
      const { bindings } = await resolver(reply);
      expect(await sendThrough(bindings)).toMatchObject({ status: null, error: 'unreachable' });
    });

    it('is asked for again as soon as its records may have changed', async () => {
      const outside = answerWith([
        [A, '93.184.216.34'],
        [AAAA, '2606:2800:220:1:248:1893:25c8:1946'],
      ]);
      const short = await resolver(outside, outside, answerWith([[A, '10.0.0.1']]));
      const now = Date.now();
      expect([await lookUp(short.bindings, 'a.shop.com', now), await lookUp(short.bindings, 'a.shop.com', now)]).toEqual([
        'public',
        'inside',
      ]);
      const kept = answerWith(
        [
          [A, '93.184.216.34'],
          [AAAA, '2606:2800:220:1:248:1893:25c8:1946'],
        ],
        3_600,
      );
      const long = await resolver(kept, kept, answerWith([[A, '10.0.0.1']]));
      const asked = [now, now + NAME_KNOWN_MAX_MS - 1, now + NAME_KNOWN_MAX_MS].map((at) => () => lookUp(long.bindings, 'a.shop.com', at));
      const found: string[] = [];
      for (const ask of asked) found.push(await ask());
      expect(found).toEqual(['public', 'public', 'inside']);
    });
  });

  it('that asks for time by a date gets it, and its other events wait with it', async () => {
    const endpoint = await makeEndpoint(await makeWorld());
    const untilAt = Math.ceil(Date.now() / 1_000) * 1_000 + 90_000;
    await endpoint.customer.answers({ status: 503, headers: { 'retry-after': new Date(untilAt).toUTCString() } }, { status: 200 });
    await endpoint.lane.announce(endpoint.id, events('a'));
    await tried(endpoint, 1);
    await endpoint.lane.announce(endpoint.id, events('b'));
    const [attempt] = await endpoint.lane.attempts(null, 1);
    expect(attempt?.nextAt).toBeGreaterThanOrEqual(untilAt - 1_000);
    const pausedUntil = await runInDurableObject(endpoint.stub, (_lane, { storage }) =>
      storage.sql.exec<{ at: number }>('SELECT paused_until AS at FROM lane').one(),
    );
    expect(Math.abs(pausedUntil.at - untilAt)).toBeLessThan(1_000);
    expect(await endpoint.customer.seen()).toHaveLength(1);
  });

  it('that has failed for three days is off, though its next try is not due yet', async () => {
    const world = await makeWorld();
    const endpoint = await makeEndpoint(world);
    await endpoint.customer.answers({ status: 503, headers: { 'retry-after': '999999999' } });
    await endpoint.lane.announce(endpoint.id, events('a'));
    await tried(endpoint, 1);
    const [attempt] = await endpoint.lane.attempts(null, 1);
    expect(attempt).toMatchObject({ deliveryState: 'waiting' });
    expect((attempt?.nextAt ?? 0) - Date.now()).toBeLessThanOrEqual(Math.max(...WEBHOOK_PAUSES_MS));
    await change(endpoint, 'UPDATE lane SET failing_since = ?', Date.now() - WEBHOOK_DISABLED_AFTER_MS);
    await tidyNow(endpoint);
    expect(await findEndpoint(world.gateways.database, world.tenant, endpoint.id)).toMatchObject({ enabled: false, trouble: 'failing' });
  });

  it('that fails a little less than three days stays on, and one answer makes it well again', async () => {
    const world = await makeWorld();
    const endpoint = await makeEndpoint(world);
    await endpoint.customer.answers({ status: 500 }, { status: 500 }, { status: 200 });
    await endpoint.lane.announce(endpoint.id, events('a'));
    await tried(endpoint, 1);
    for (let tries = 2; tries <= 3; tries += 1) {
      await change(endpoint, 'UPDATE lane SET failing_since = ?', Date.now() - WEBHOOK_DISABLED_AFTER_MS + 60_000);
      await change(endpoint, 'UPDATE deliveries SET next_at = 1 WHERE next_at IS NOT NULL');
      await runDurableObjectAlarm(endpoint.stub);
      await tried(endpoint, tries);
    }
    expect(await findEndpoint(world.gateways.database, world.tenant, endpoint.id)).toMatchObject({ enabled: true, trouble: null });
    expect(await endpoint.lane.state()).toEqual({ waiting: 0, failingSince: null, nextAt: null });
  });
});
