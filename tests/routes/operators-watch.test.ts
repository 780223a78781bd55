/** What operators see of the platform: health, the audit log, and queue messages that were given up. */
import { inject, beforeAll, describe, expect, it, vi } from 'vitest';
import { newBlacklistImportId, newExportId, type MessageId, type ShardNumber } from '../../schema/ids';
import { decodeMessageId } from '../../schema/message-id';
import type { AuditItem, CarrierHour, DeadLetter, HealthView } from '../../schema/operators';
import { addDeadLetters } from '../../workers/gateways/stores/dead-letters';
import { OPERATOR_CALLS } from '../../workers/http/operator-calls';
import { bindServices } from '../../workers/http/services';
import { apiClient } from '../support/api-client';
import { connectFakeCarrier } from '../support/fake-carrier-client';
import { makeOperator, type TestOperator } from '../support/operators';
import { unsealed } from '../support/unsealed';
import { makeWorld, request, worldGateways, type World } from '../support/world';

const waiting = { timeout: 20_000, interval: 200 };

let operator: TestOperator;
beforeAll(async () => {
  operator = await makeOperator();
});

describe('health', () => {
  it('counts by carrier account and country what shards have told', async () => {
    const carrier = connectFakeCarrier(inject('carrierUrl'));
    const world = await makeWorld({ restHost: carrier.url });
    const sent = await apiClient(world.transactional).call<{ messages: { id: MessageId }[] }>('POST', '/v1/messages', {
      from: 'JINMU',
      to: '+6591234567',
      text: 'Hello',
    });
    expect(sent.status).toBe(202);
    const home = decodeMessageId(sent.body.messages[0]?.id ?? '');
    const shard = world.gateways.objects.shard((home?.shard ?? 0) as ShardNumber);
    const row = home?.row ?? 0;
    const submittedAt = await vi.waitFor(async () => {
      const found = unsealed(await shard.find(row));
      if (!found?.submittedAt) throw new Error('not with the carrier yet');
      return found.submittedAt;
    }, waiting);
    const receipt = { row, carrierId: 'x', status: 'delivered', errorCode: 0, network: null, receivedAt: submittedAt + 4_000 };
    await shard.applyReceipts(JSON.stringify([receipt]));
    const told = await vi.waitFor(async () => {
      const health = await (await operator.read('health')).json<HealthView>();
      const ours = health.carriers.find(({ id }) => id === world.carrierAccount);
      if (!ours || ours.sent === 0 || ours.lag.receipts === 0 || ours.sendsPerSecond === 0) throw new Error('the shard has not told yet');
      return { ...health, ours };
    }, waiting);
    expect(told.countries.find(({ country }) => country === 'SG')?.sent).toBeGreaterThan(0);
    expect(told.sendsPerSecond).toBeGreaterThanOrEqual(told.ours.sendsPerSecond);
    expect(told.ours).toMatchObject({ sent: 1, delivered: 1, missed: 0, lag: { receipts: 1, half: 5_000, most: 5_000 } });
    const hours = await (await operator.read('carrier-hours', { id: world.carrierAccount })).json<{ rows: CarrierHour[] }>();
    expect(hours.rows).toMatchObject([{ sent: 1, delivered: 1, missed: 0, lag: { receipts: 1, half: 5_000 } }]);
    expect((await operator.read('carrier-hours', { id: 'ca_nobody' })).status).toBe(404);
    expect(told.waiting).toEqual({ transactional: expect.any(Number), marketing: expect.any(Number) });
    expect(told.queues.map(({ name }) => name)).toEqual(['transactional', 'marketing', 'receipts', 'checks', 'exports']);
  });

  it('knows every carrier account, also those that nothing went through', async () => {
    const { carrierAccount } = await makeWorld();
    const { carriers } = await (await operator.read('health')).json<HealthView>();
    expect(carriers.find(({ id }) => id === carrierAccount)).toMatchObject({
      sent: 0,
      sendsPerSecond: 0,
      lag: { receipts: 0, half: null },
    });
  });
});

describe('the audit log', () => {
  it('tells who changed what, from where, before and after, and is filtered', async () => {
    const { tenant } = await makeWorld();
    const settings = { tenant, name: 'Renamed', enabled: true, creditMicros: 5, exactTemplates: false, masksBodies: false };
    await operator.act('change-tenant', settings);
    const { rows } = await (await operator.read('audit', { tenant, action: 'tenant_changed' })).json<{ rows: AuditItem[] }>();
    expect(rows).toMatchObject([
      {
        who: 'Test Operator',
        byOperator: true,
        before: { name: 'Test tenant', creditMicros: 0 },
        after: { name: 'Renamed', creditMicros: 5 },
      },
    ]);
    const all = await (await operator.read('audit')).json<{ rows: AuditItem[] }>();
    expect(all.rows.length).toBeGreaterThan(1);
  });
});

describe('every change that an operator can make', () => {
  type Inputs = Readonly<Record<string, (world: World) => unknown>>;
  const key = { carrierAccounts: (world: World) => [world.carrierAccount] };
  const letter = async (): Promise<number> => {
    await addDeadLetters(worldGateways().database, [JSON.stringify({ tenant: 'tn_x', id: newExportId() })], Date.now());
    const { rows } = await (await operator.read('dead-letters')).json<{ rows: { id: number }[] }>();
    return Number(rows[0]?.id);
  };
  const notice = { titleZh: '通知', titleEn: 'Notice', bodyZh: '内容', bodyEn: 'Text' };
  const inputs: Inputs = {
    'open-tenant': () => ({ name: 'New', ownerName: 'Owner', email: `${crypto.randomUUID()}@new.example` }),
    'change-tenant': ({ tenant }) => ({ tenant, name: 'Other', enabled: true, creditMicros: 1, exactTemplates: true, masksBodies: true }),
    'top-up': ({ tenant }) => ({ tenant, micros: 5, reference: 'INV-1' }),
    'bind-sender': ({ tenant }) => ({ tenant, sender: 'OTHER' }),
    'unbind-sender': async ({ tenant, gateways }) => ({ tenant, sender: (await gateways.tenant(tenant).senders())[0]?.id }),
    'add-user': ({ tenant }) => ({ tenant, name: 'New', role: 'viewer', email: `${crypto.randomUUID()}@new.example` }),
    'change-user': async (world) => ({
      tenant: world.tenant,
      user: (await world.addUser({ role: 'viewer' })).actor.user,
      name: 'Renamed',
      role: 'sender',
      enabled: true,
    }),
    'renew-password': ({ tenant, actor }) => ({ tenant, user: actor.user }),
    'make-key': (world) => ({
      tenant: world.tenant,
      name: 'New',
      kind: 'marketing',
      perSecond: 5,
      carrierAccounts: key.carrierAccounts(world),
    }),
    'change-key': (world) => ({
      tenant: world.tenant,
      key: world.marketing.id,
      name: 'Renamed',
      perSecond: 7,
      enabled: true,
      carrierAccounts: key.carrierAccounts(world),
    }),
    'save-carrier': ({ carrierAccount }) => ({ id: carrierAccount, name: 'Renamed', apiKey: 'abc', perSecond: 3 }),
    'test-carrier': ({ carrierAccount }) => ({ id: carrierAccount }),
    'import-prices': ({ tenant }) => ({ tenant, csv: 'CN,0.05' }),
    'remove-price': async ({ tenant }) => {
      await operator.act('import-prices', { tenant, csv: 'CN,0.05' });
      return { tenant, country: 'CN' };
    },
    'decide-approval': async ({ gateways, actor }) => ({
      id: await bindServices(gateways).applyForApproval(actor, {
        kind: 'signature',
        traffic: 'marketing',
        name: '星河',
        body: '',
        note: '',
        files: [],
      }),
      decision: 'approved',
    }),
    redrive: async () => ({ id: await letter() }),
    'drop-dead-letter': async () => ({ id: await letter() }),
    'post-notice': ({ tenant }) => ({ tenant, ...notice }),
    'remove-notice': async ({ tenant }) => await (await operator.act('post-notice', { tenant, ...notice })).json<{ id: string }>(),
  };
  /** Changes nothing. */
  const LOOKS = ['preview-prices'];

  it('stands here', () => {
    expect(Object.keys(OPERATOR_CALLS).toSorted()).toEqual([...Object.keys(inputs), ...LOOKS].toSorted());
  });

  it.each(Object.keys(inputs))('is recorded with who, what and from where: %s', async (call) => {
    const world = await makeWorld();
    const input = await inputs[call]?.(world);
    const newest = async (): Promise<AuditItem | undefined> => {
      const { rows } = await (await operator.read('audit')).json<{ rows: AuditItem[] }>();
      return rows.find(({ byOperator }) => byOperator);
    };
    const before = (await newest())?.id ?? 0;
    const headers = { cookie: operator.cookie, 'cf-connecting-ip': '198.51.100.7' };
    const answer = await request(`/api/operators/${call}`, { json: input, headers });
    expect([call, answer.status < 300]).toEqual([call, true]);
    const entry = await newest();
    expect(entry?.id).toBeGreaterThan(before);
    expect(entry).toMatchObject({ who: 'Test Operator', byOperator: true, address: '198.51.100.7' });
    expect(entry?.subject).not.toBe('');
  });
});

describe('dead letters', () => {
  const add = async (body: unknown): Promise<number> => {
    await addDeadLetters(worldGateways().database, [typeof body === 'string' ? body : JSON.stringify(body)], Date.now());
    const { rows } = await (await operator.read('dead-letters')).json<{ rows: DeadLetter[] }>();
    return rows[0]?.id ?? 0;
  };
  const ids = async (): Promise<number[]> =>
    (await (await operator.read('dead-letters')).json<{ rows: DeadLetter[] }>()).rows.map(({ id }) => id);

  it('are queued again and gone from the list', async () => {
    const { tenant } = await makeWorld();
    const receipt = { ref: 'x', carrierId: 'y', status: 'delivered', errorCode: 0, network: null, price: null, receivedAt: 1 };
    for (const body of [receipt, { tenant, id: newExportId() }, { step: 'blacklist', tenant, id: newBlacklistImportId() }]) {
      const id = await add(body);
      expect([body, (await operator.act('redrive', { id })).status]).toEqual([body, 204]);
      expect(await ids()).not.toContain(id);
    }
    // Told by its shape, which holds that of an export.
    const { rows } = await (await operator.read('audit', { action: 'dead_letter_redriven' })).json<{ rows: AuditItem[] }>();
    expect(rows.slice(0, 3).map(({ after }) => after)).toEqual([{ queue: 'checks' }, { queue: 'exports' }, { queue: 'receipts' }]);
  });

  it('of which nothing is known stay where they are, until they are dropped', async () => {
    for (const body of ['no json', {}, { shard: 987_654_321 as ShardNumber, chunk: 1 }]) {
      const id = await add(body);
      expect((await operator.act('redrive', { id })).status).toBe(409);
      expect(await ids()).toContain(id);
      expect((await operator.act('drop-dead-letter', { id })).status).toBe(204);
      expect((await operator.act('redrive', { id })).status).toBe(404);
      const { rows } = await (await operator.read('audit', { action: 'dead_letter_dropped' })).json<{ rows: AuditItem[] }>();
      expect(rows[0]).toMatchObject({ subject: String(id), before: typeof body === 'string' ? { body } : body });
    }
  });
});
