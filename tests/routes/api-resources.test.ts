/** Tasks, exports and the blacklist by API: what the console can, a key can for its tenant. */
import { describe, expect, inject, it, vi } from 'vitest';
import type { z } from 'zod';
import { BlacklistAdded, BlacklistPage, BlacklistRemoved, Balance, Export, ExportPage } from '../../schema/api/account';
import { Task, TaskPage, Upload } from '../../schema/api/tasks';
import { apiClient, bearer, type ApiClient } from '../support/api-client';
import { connectFakeCarrier } from '../support/fake-carrier-client';
import { makeWorld, request, type World } from '../support/world';

const carrierUrl = inject('carrierUrl');
const carrier = connectFakeCarrier(carrierUrl);
const WAIT = { timeout: 25_000, interval: 50 };
type TaskBody = z.infer<typeof Task>;

const FILE = 'number,name\n+6593450001,Ann\n+6593450002,Ben\n12,Bad\n+6593450001,Ann\n+6593450003,Cyd\n';

async function uploadFile(world: World): Promise<string> {
  const client = apiClient(world.marketing);
  const begun = await client.call('POST', '/v1/uploads', { file_name: 'numbers.csv', size: FILE.length });
  expect(begun.status).toBe(201);
  const { id } = Upload.parse(begun.body);
  expect(await client.call('POST', `/v1/uploads/${id}/complete`)).toMatchObject({ status: 409, body: { code: 'upload_incomplete' } });
  const part = await request(`/v1/uploads/${id}/parts/1`, {
    method: 'PUT',
    body: FILE,
    headers: { authorization: bearer(world.marketing) },
  });
  expect(part.status).toBe(200);
  expect(Upload.parse(await part.json())).toMatchObject({ received: [1], status: 'open' });
  expect(await client.call('POST', `/v1/uploads/${id}/complete`)).toMatchObject({ status: 200, body: { status: 'complete' } });
  return id;
}

const newTask = (upload: string, changes: Record<string, unknown> = {}) => ({
  name: 'Autumn sale',
  from: 'JINMU',
  text: 'Hi {{name}}',
  upload_id: upload,
  ...changes,
});

const untilTask = (client: ApiClient, id: string, status: string): Promise<TaskBody> =>
  vi.waitFor(async () => {
    const task = Task.parse((await client.call('GET', `/v1/tasks/${id}`)).body);
    expect(task.status).toBe(status);
    return task;
  }, WAIT);

describe('a task', () => {
  it('is made from an upload, checked, confirmed, sent and counted', async () => {
    const world = await makeWorld({ restHost: carrierUrl, perSecond: 10_000 });
    const client = apiClient(world.marketing);
    const upload = await uploadFile(world);
    const made = await client.call<{ id: string }>('POST', '/v1/tasks', newTask(upload), { 'idempotency-key': 'sale' });
    expect(made.status).toBe(201);
    const again = await client.call('POST', '/v1/tasks', newTask(upload), { 'idempotency-key': 'sale' });
    expect([again.body, again.headers.get('idempotency-replayed')]).toEqual([made.body, 'true']);
    const { id } = made.body;
    const checked = await untilTask(client, id, 'checked');
    expect(checked.statistics).toMatchObject({ rows: 5, valid: 3, invalid: 1, duplicates: 1, parts: 3, cost: { amount: '0.1236' } });
    expect(checked.statistics.by_country).toEqual([{ country: 'SG', messages: 3, parts: 3, cost: { amount: '0.1236', currency: 'EUR' } }]);
    expect((await client.call('POST', `/v1/tasks/${id}/confirm`, {})).status).toBe(200);
    await vi.waitFor(async () => {
      const { statistics } = Task.parse((await client.call('GET', `/v1/tasks/${id}`)).body);
      expect(statistics.submitted).toBe(3);
    }, WAIT);
    expect((await carrier.messages({ to: '6593450002' }))[0]?.text).toBe('Hi Ben');
    expect(TaskPage.parse((await client.call('GET', '/v1/tasks?status=running')).body).tasks).toMatchObject([
      { id, name: 'Autumn sale', rows: 5 },
    ]);
    const log = await client.call<{ messages: unknown[] }>('GET', `/v1/messages?task_id=${id}`);
    expect(log.body.messages).toHaveLength(3);
  });

  it('can be set to a time, paused, resumed and cancelled', async () => {
    const world = await makeWorld({ restHost: carrierUrl });
    const client = apiClient(world.marketing);
    const { id } = (await client.call<{ id: string }>('POST', '/v1/tasks', newTask(await uploadFile(world)))).body;
    await untilTask(client, id, 'checked');
    const at = new Date(Date.now() + 3_600_000).toISOString();
    expect(await client.call('POST', `/v1/tasks/${id}/stop`)).toMatchObject({ status: 409, body: { code: 'conflict' } });
    expect(await client.call('POST', `/v1/tasks/${id}/confirm`, { start_at: '2020-01-01T00:00:00Z' })).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'start_at', code: 'in_the_past' }] },
    });
    expect(await client.call('POST', `/v1/tasks/${id}/confirm`, { start_at: at })).toMatchObject({
      body: { status: 'scheduled', starts_at: at },
    });
    expect(await client.call('POST', `/v1/tasks/${id}/pause`)).toMatchObject({ body: { status: 'paused' } });
    expect(await client.call('POST', `/v1/tasks/${id}/resume`)).toMatchObject({ body: { status: 'scheduled' } });
    expect(await client.call('POST', `/v1/tasks/${id}/cancel`)).toMatchObject({ body: { status: 'cancelled' } });
  });

  it('belongs to marketing keys and to its tenant', async () => {
    const [world, stranger] = await Promise.all([makeWorld(), makeWorld()]);
    const upload = await uploadFile(world);
    expect(await apiClient(world.transactional).call('POST', '/v1/tasks', newTask(upload))).toMatchObject({ status: 403 });
    expect(await apiClient(stranger.marketing).call('POST', '/v1/tasks', newTask(upload))).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'upload_id', code: 'not_found' }] },
    });
    const { id } = (await apiClient(world.marketing).call<{ id: string }>('POST', '/v1/tasks', newTask(upload))).body;
    for (const path of [`/v1/tasks/${id}`, `/v1/uploads/${upload}`])
      expect((await apiClient(stranger.marketing).call('GET', path)).status).toBe(404);
  });
});

describe('an export', () => {
  it('is started, followed and fetched', async () => {
    const world = await makeWorld({ restHost: carrierUrl });
    const client = apiClient(world.transactional);
    await client.call('POST', '/v1/messages', { from: 'JINMU', text: 'Hello', to: ['+6593460001', '+447400123456'] });
    const started = await client.call('POST', '/v1/exports', { filter: { country: ['SG'] }, bom: false });
    expect(started.status).toBe(202);
    const { id } = Export.parse(started.body);
    await vi.waitFor(async () => {
      const view = Export.parse((await client.call('GET', `/v1/exports/${id}`)).body);
      expect(view).toMatchObject({ status: 'ready', rows: 1 });
    }, WAIT);
    const file = await request(`/v1/exports/${id}/file`, { headers: { authorization: bearer(world.transactional) } });
    const text = await file.text();
    expect(text).toContain('6593460001');
    expect(text).not.toContain('447400123456');
    expect(ExportPage.parse((await client.call('GET', '/v1/exports')).body).exports).toMatchObject([{ id }]);
    expect((await apiClient((await makeWorld()).marketing).call('GET', `/v1/exports/${id}`)).status).toBe(404);
  });
});

describe('the blacklist', () => {
  it('takes numbers by the thousand and countries, and works at once', async () => {
    const world = await makeWorld();
    const client = apiClient(world.test);
    const numbers = Array.from({ length: 5_000 }, (_, at) => `+65${93_500_000 + at}`);
    const added = BlacklistAdded.parse((await client.call('POST', '/v1/blacklist/numbers', { numbers: [...numbers, '12'] })).body);
    expect(added).toMatchObject({ added: 5_000, rejected: [{ number: '12' }] });
    const seen: string[] = [];
    let path = '/v1/blacklist/numbers?limit=200';
    for (;;) {
      const page = BlacklistPage.parse((await client.call('GET', path)).body);
      seen.push(...page.numbers.map(({ number }) => number));
      if (page.cursor === null) break;
      path = `/v1/blacklist/numbers?limit=200&cursor=${page.cursor}`;
    }
    expect(seen).toEqual(numbers);
    expect(await client.call('PUT', '/v1/blacklist/countries', { countries: ['GB', 'XX'] })).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'countries[1]', code: 'not_found' }] },
    });
    expect(await client.call('PUT', '/v1/blacklist/countries', { countries: ['GB'] })).toMatchObject({
      body: { numbers: 5_000, countries: ['GB'] },
    });
    const sent = await client.call<{ messages: { error: { code: string } | null }[] }>('POST', '/v1/messages', {
      from: 'JINMU',
      text: 'Hello',
      to: ['+6593500000', '+447400123456', '+15005550000'],
    });
    expect(sent.body.messages.map(({ error }) => error?.code ?? null)).toEqual(['blacklisted', 'country_blocked', null]);
    const removed = BlacklistRemoved.parse((await client.call('POST', '/v1/blacklist/numbers/remove', { numbers })).body);
    expect(removed.removed).toBe(5_000);
    expect((await client.call('GET', '/v1/blacklist')).body).toEqual({ numbers: 0, countries: ['GB'] });
    expect((await apiClient(world.marketing).call('GET', '/v1/blacklist')).body).toEqual({ numbers: 0, countries: [] });
  });
});

describe('the balance', () => {
  it('is told to the cent', async () => {
    const world = await makeWorld({ balanceMicros: 12_345_600 });
    const answer = await apiClient(world.marketing).call('GET', '/v1/balance');
    expect(Balance.parse(answer.body)).toEqual({
      balance: { amount: '12.3456', currency: 'EUR' },
      reserved: { amount: '0.00', currency: 'EUR' },
      available: { amount: '12.3456', currency: 'EUR' },
    });
  });
});
