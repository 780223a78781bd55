/** What a key may change beside its own. */
import { describe, expect, inject, it } from 'vitest';
import { apiClient } from '../support/api-client';
import { checkedTask, readTask } from '../support/tasks';
import { makeWorld } from '../support/world';

const FILE = 'number\n+6593480001\n+6593480002\n';
const REFUSED = { status: 403, body: { code: 'key_not_allowed' } };
const inAnHour = (): string => new Date(Date.now() + 3_600_000).toISOString();

describe('a task', () => {
  it('is started and ended by keys like its own: not by a test key, nor by one of the other kind', async () => {
    const world = await makeWorld({ restHost: inject('carrierUrl') });
    const { settings } = await checkedTask(world, FILE);
    const path = `/v1/tasks/${settings.task}`;
    for (const key of [world.test, world.transactional]) {
      expect((await apiClient(key).call('GET', path)).status).toBe(200);
      expect(await apiClient(key).call('POST', `${path}/confirm`, {})).toMatchObject(REFUSED);
      for (const action of ['pause', 'resume', 'stop', 'cancel'])
        expect(await apiClient(key).call('POST', `${path}/${action}`)).toMatchObject(REFUSED);
    }
    expect((await readTask(world, settings.task)).state).toBe('checked');
    expect(await apiClient(world.marketing).call('POST', `${path}/cancel`)).toMatchObject({ status: 200, body: { status: 'cancelled' } });
  });
});

describe('a message with a time', () => {
  it('is cancelled by keys like its own', async () => {
    const world = await makeWorld();
    const hello = { from: 'JINMU', text: 'Hi', to: '+6593480003', send_at: inAnHour() };
    const sent = await apiClient(world.marketing).call<{ messages: { id: string }[] }>('POST', '/v1/messages', hello);
    const path = `/v1/messages/${encodeURIComponent(sent.body.messages[0]?.id ?? '')}`;
    for (const key of [world.test, world.transactional]) expect(await apiClient(key).call('DELETE', path)).toMatchObject(REFUSED);
    expect(await apiClient(world.marketing).call('DELETE', path)).toMatchObject({ status: 200, body: { status: 'cancelled' } });
  });

  it('that is not there is so for every key', async () => {
    const world = await makeWorld();
    expect((await apiClient(world.test).call('DELETE', '/v1/messages/nothing')).status).toBe(404);
  });
});

describe('a test key', () => {
  it('reads where receipts go and what is answered to an opt-out, and changes neither', async () => {
    const world = await makeWorld();
    const client = apiClient(world.test);
    const url = 'https://shop.example.com/in';
    const { body } = await apiClient(world.marketing).call<{ id: string }>('POST', '/v1/webhooks', { url });
    const path = `/v1/webhooks/${body.id}`;
    expect((await client.call('GET', path)).status).toBe(200);
    expect(await client.call('POST', '/v1/webhooks', { url })).toMatchObject(REFUSED);
    expect(await client.call('PUT', path, { enabled: false })).toMatchObject(REFUSED);
    expect(await client.call('DELETE', path)).toMatchObject(REFUSED);
    for (const verb of ['secrets', 'test']) expect(await client.call('POST', `${path}/${verb}`)).toMatchObject(REFUSED);
    expect(await client.call('PUT', '/v1/opt-out-reply', { text: 'Bye' })).toMatchObject(REFUSED);
    expect((await client.call('GET', '/v1/opt-out-reply')).body).toEqual({ text: null, key: null });
  });
});
