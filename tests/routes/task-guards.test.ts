/** What a key allows holds for tasks as it does for requests of the API: its switch, its daily caps, its countries, its blacklist. */
import { describe, expect, inject, it, vi } from 'vitest';
import type { Iso2 } from '../../schema/ids';
import { adjustKey, type KeyChanges } from '../../workers/tenancy/adjust-key';
import { apiClient, availableMicros } from '../support/api-client';
import { apiRowsJson, openShard } from '../support/shards';
import { act, checkedTask, readTask, untilTask, uploadFile } from '../support/tasks';
import { makeWorld, type World } from '../support/world';

const FILE = 'number\n6593460001\n6593460002\n33612345678\n';
const waiting = { timeout: 25_000, interval: 50 };
const restHost = inject('carrierUrl');
const adjust = (world: World, changes: KeyChanges) => adjustKey(world.gateways, world.marketing.id, changes);
const codeOf = async (answer: Response): Promise<unknown> => [answer.status, (await answer.json<{ code: string }>()).code];
const wake = (world: World, id: Parameters<typeof readTask>[1]) => world.gateways.objects.taskRun(id).wake();

describe('a task and the daily caps of its key', () => {
  it('is not confirmed over them, and nothing is held for it', async () => {
    const world = await makeWorld({ restHost });
    const before = await availableMicros(world);
    const { settings, check } = await checkedTask(world, FILE);
    await adjust(world, { dailyMessages: 2 });
    expect(await codeOf(await act(world, settings.task, 'confirm'))).toEqual([429, 'daily_messages']);
    await adjust(world, { dailyMessages: 3, dailySpendMicros: check.totals.costMicros - 1 });
    expect(await codeOf(await act(world, settings.task, 'confirm'))).toEqual([429, 'daily_spend']);
    expect(await readTask(world, settings.task)).toMatchObject({ state: 'checked', confirmedAt: null });
    expect(await availableMicros(world)).toBe(before);
    await adjust(world, { dailySpendMicros: check.totals.costMicros });
    expect((await act(world, settings.task, 'confirm')).status).toBe(204);
  });

  it('counts for what else the key sends that day, and not when it was refused after all', async () => {
    const world = await makeWorld({ restHost, balanceMicros: 10 });
    await adjust(world, { dailyMessages: 3 });
    const { settings } = await checkedTask(world, FILE);
    expect(await codeOf(await act(world, settings.task, 'confirm'))).toEqual([402, 'insufficient_balance']);
    await world.gateways.objects.ledger(world.tenant).topUp('more', 10_000_000);
    expect((await act(world, settings.task, 'confirm')).status).toBe(204);
    const message = { from: 'JINMU', text: 'Hello', to: '+6593460009' };
    const { body } = await apiClient(world.marketing).call<{ messages: object[] }>('POST', '/v1/messages', message);
    expect(body.messages).toMatchObject([{ status: 'blocked', error: { code: 'daily_messages' } }]);
  });
});

it('a task leaves out countries that its key may not send to, also without the number check', async () => {
  const world = await makeWorld();
  await adjust(world, { countries: ['SG' as Iso2] });
  const { settings, check } = await checkedTask(world, FILE, { checkNumbers: false });
  expect(check.totals).toMatchObject({ rows: 3, valid: 2, blacklisted: 1, byRejection: { country_not_allowed: 1 } });
  const bad = await (await world.fetch(`/api/tasks/${settings.task}/exceptions`)).json<{ rows: object[] }>();
  expect(bad.rows).toMatchObject([{ row: 4, reason: 'The key may not send to this country' }]);
});

it('a task that a key makes by the API leaves out what is on its blacklist, whatever it asks for', async () => {
  const world = await makeWorld();
  await world.gateways.objects.keyGate(world.marketing.id).addNumbers('[6593460001]', 'user');
  const upload = await uploadFile(world, FILE);
  const wanted = { name: 'Sale', from: 'JINMU', text: 'Hello', upload_id: upload, check_numbers: false };
  const { body } = await apiClient(world.marketing).call<{ id: Parameters<typeof readTask>[1] }>('POST', '/v1/tasks', wanted);
  expect((await untilTask(world, body.id, 'checked')).check.totals).toMatchObject({ valid: 2, blacklisted: 1 });
});

describe('a task whose key is switched off', () => {
  it('is not confirmed', async () => {
    const world = await makeWorld();
    const { settings } = await checkedTask(world, FILE);
    await adjust(world, { enabled: false });
    expect(await codeOf(await act(world, settings.task, 'confirm'))).toEqual([403, 'key_disabled']);
  });

  it('pauses in place of its start, says why, and goes on when the key is on again', async () => {
    const world = await makeWorld({ restHost });
    const { settings } = await checkedTask(world, FILE);
    await act(world, settings.task, 'confirm', { startsAt: Date.now() + 800 });
    await adjust(world, { enabled: false });
    const paused = await untilTask(world, settings.task, 'paused');
    expect(paused).toMatchObject({ startedAt: null, hindrance: 'key_disabled', hindranceText: 'This key is switched off' });
    expect(await codeOf(await act(world, settings.task, 'resume'))).toEqual([403, 'key_disabled']);
    await adjust(world, { enabled: true });
    expect((await act(world, settings.task, 'resume')).status).toBe(204);
    expect(await readTask(world, settings.task)).toMatchObject({ state: 'running', hindrance: null });
  });

  it('pauses while it runs', async () => {
    const world = await makeWorld({ restHost, perSecond: 1 });
    const numbers = Array.from({ length: 100 }, (_, at) => 6593461000 + at);
    const { settings } = await checkedTask(world, numbers.join('\n'));
    await act(world, settings.task, 'confirm');
    await adjust(world, { enabled: false });
    await wake(world, settings.task);
    expect(await readTask(world, settings.task)).toMatchObject({ state: 'paused', hindrance: 'key_disabled' });
  });
});

describe('messages that wait for their time', () => {
  const scheduled = async (world: World) => {
    const opened = await openShard({ world, origin: 'api', task: null, taskName: null });
    const notBefore = Date.now() + 700;
    await opened.shard.acceptMessages(apiRowsJson(3, 6593462000), Date.now(), null, { notBefore });
    return opened;
  };

  it('are judged again when it comes: a number that was blacklisted since gets none', async () => {
    const world = await makeWorld({ restHost, perSecond: 10_000 });
    const { shard } = await scheduled(world);
    await world.gateways.objects.keyGate(world.marketing.id).addNumbers('[6593462001]', 'user');
    await vi.waitFor(async () => expect((await shard.totals()).byState).toEqual({ submitted: 2, blocked: 1 }), waiting);
    expect(await shard.find(2)).toMatchObject({ state: 'blocked', error: 'blacklisted' });
  });

  it('stay where they are when their key was switched off, and cost nothing', async () => {
    const world = await makeWorld({ restHost, perSecond: 10_000 });
    const { shard } = await scheduled(world);
    await adjust(world, { enabled: false });
    await vi.waitFor(async () => expect((await shard.totals()).byState).toEqual({ blocked: 3 }), waiting);
    expect(await shard.totals()).toMatchObject({ costMicros: 0, done: true });
    expect(await shard.find(1)).toMatchObject({ error: 'key_disabled' });
  });
});
