/** GET /v1/messages with each filter of the log query: what it finds is all that it should, and nothing beside it. */
import { beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { MessagePage, type Message } from '../../schema/api/messages';
import type { TaskId } from '../../schema/ids';
import { MESSAGE_STATES } from '../../schema/states';
import { apiClient } from '../support/api-client';
import { act, checkedTask, untilTask } from '../support/tasks';
import { makeWorld, type World } from '../support/world';

let world: World;
let all: readonly Message[];
let task: TaskId;

const find = async (query: string): Promise<readonly Message[]> => {
  const answer = await apiClient(world.transactional).call('GET', `/v1/messages?limit=200&${query}`);
  if (answer.status !== 200) throw new Error(`${query}: ${answer.status}`);
  return MessagePage.parse(answer.body).messages;
};
const ids = (messages: readonly Message[]): string[] => messages.map(({ id }) => id).toSorted();

beforeAll(async () => {
  world = await makeWorld({ restHost: inject('carrierUrl'), perSecond: 10_000 });
  const checked = await checkedTask(world, 'number\n+6593480001\n+447400123480\n', { name: 'Double Eleven sale' });
  task = checked.settings.task;
  await act(world, task, 'confirm', { startsAt: null });
  await untilTask(world, task, 'running', 'finished');
  await world.gateways.objects.keyGate(world.marketing.id).addNumbers('[6593480009]', 'user');
  const send = (key: World['marketing'], body: Record<string, unknown>) =>
    apiClient(key).call('POST', '/v1/messages', { from: 'JINMU', text: 'Hello', ...body });
  await send(world.transactional, { to: ['+6593480002', '+8613800138480'], from: '6591110000' });
  await send(world.marketing, { to: ['+6593480003', '+6593480009'] });
  await vi.waitFor(
    async () => {
      all = await find('');
      if (all.length < 6 || all.some(({ status }) => status !== 'submitted' && status !== 'blocked')) throw new Error('not sent yet');
    },
    { timeout: 25_000, interval: 100 },
  );
}, 60_000);

const only = (matches: (message: Message) => boolean): string[] => {
  const wanted = ids(all.filter(matches));
  // A filter that should find nothing, or everything, would show nothing.
  expect(wanted.length).toBeGreaterThan(0);
  expect(wanted.length).toBeLessThan(all.length);
  return wanted;
};

describe('the log of a tenant', () => {
  it.each<[string, (message: Message) => boolean]>([
    ['kind=marketing', ({ kind }) => kind === 'marketing'],
    ['kind=transactional', ({ kind }) => kind === 'transactional'],
    ['to=%2B65%209348%200002', ({ to }) => to === '+6593480002'],
    ['country=CN', ({ country }) => country === 'CN'],
    ['country=CN,GB', ({ country }) => country === 'CN' || country === 'GB'],
    ['status=blocked', ({ status }) => status === 'blocked'],
    ['status=submitted,failed', ({ status }) => status === 'submitted'],
    ['from=6591110000', ({ from }) => from === '6591110000'],
    ['task_name=eleven', ({ task_id }) => task_id !== null],
    ['kind=marketing&country=SG&status=submitted', (one) => one.kind === 'marketing' && one.country === 'SG' && one.status === 'submitted'],
  ])('%s', async (query, matches) => {
    expect(ids(await find(query))).toEqual(only(matches));
  });

  it('is filtered by task, message, key, user and period', async () => {
    const ofTask = only(({ task_id }) => task_id === task);
    for (const query of [`task_id=${task}`, `task_id=${task.toLowerCase()}`, `user=${world.actor.user}`])
      expect([query, ids(await find(query))]).toEqual([query, ofTask]);
    const [one] = all;
    if (!one) throw new Error('an empty log');
    expect(ids(await find(`message_id=${encodeURIComponent(one.id)}`))).toEqual([one.id]);
    expect(
      ids(await find(`message_id=${encodeURIComponent(one.id)}&kind=${one.kind === 'marketing' ? 'transactional' : 'marketing'}`)),
    ).toEqual([]);
    expect(ids(await find(`key=${world.transactional.id}`))).toEqual(only(({ kind }) => kind === 'transactional'));
    const newest = all.reduce((latest, { created_at }) => (created_at > latest ? created_at : latest), '');
    expect(ids(await find(`created_from=${newest}`))).toEqual(only(({ created_at }) => created_at >= newest));
    expect(ids(await find(`created_until=${newest}`))).toEqual(only(({ created_at }) => created_at < newest));
  });

  it('finds nothing by what is not there, and nothing of others', async () => {
    const stranger = await makeWorld();
    for (const query of [
      'message_id=nonsense',
      'task_id=T-00000-00000',
      'key=JM00000000000000',
      `user=${stranger.actor.user}`,
      'to=%2B6593489999',
      `created_from=${new Date(Date.now() + 60_000).toISOString()}`,
    ])
      expect([query, ids(await find(query))]).toEqual([query, []]);
    const [one] = all;
    const foreign = await apiClient(stranger.transactional).call('GET', `/v1/messages?message_id=${encodeURIComponent(one?.id ?? '')}`);
    expect(foreign.body).toEqual({ messages: [], cursor: null });
  });

  it.each([
    'kind=other',
    'status=lost',
    `status=${MESSAGE_STATES.join(',')},x`,
    'country=cn',
    'country=CHN',
    'to=hello',
    'created_from=yesterday',
    'limit=0',
    'limit=201',
    'limit=x',
    'cursor=zzz',
    'colour=red',
    'kind=marketing&kind=marketing',
  ])('refuses %s', async (query) => {
    const answer = await apiClient(world.transactional).call<{ code: string; errors: { field: string }[] }>('GET', `/v1/messages?${query}`);
    expect([query, answer.status, answer.body.code]).toEqual([query, 400, 'invalid_request']);
    expect(answer.body.errors[0]?.field).toMatch(new RegExp(`^${query.split('=')[0]}`));
  });
});
