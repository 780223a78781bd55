/** /v1/webhooks: what the console can, a key can for its tenant. */
import { expect, inject, it, vi } from 'vitest';
import { WebhookAttempts, WebhookList, WebhookMade, Webhook, WebhookAttempt } from '../../schema/api/webhooks';
import { apiClient } from '../support/api-client';
import { openMailbox } from '../support/fake-customer-client';
import { isSignedWith } from '../support/webhooks';
import { makeWorld } from '../support/world';

it('makes, shows, tests, replays, rotates and removes an endpoint', async () => {
  const world = await makeWorld();
  const client = apiClient(world.transactional);
  const customer = openMailbox(inject('customerUrl'));
  const made = await client.call('POST', '/v1/webhooks', {
    url: customer.url,
    events: ['receipt'],
    batch_max: 10,
    headers: { 'X-Shop': '7' },
  });
  expect(made.status).toBe(201);
  const { id, secret, ...shown } = WebhookMade.parse(made.body);
  expect(shown).toMatchObject({ kind: 'endpoint', method: 'POST', batch_max: 10, enabled: true, trouble: null, header_names: ['x-shop'] });
  expect(WebhookList.parse((await client.call('GET', '/v1/webhooks')).body).webhooks.map((one) => one.id)).toEqual([id]);
  const changed = await client.call('PUT', `/v1/webhooks/${id}`, { name: 'Orders' });
  expect(Webhook.parse(changed.body)).toMatchObject({ name: 'Orders', batch_max: 10 });

  const tested = WebhookAttempt.parse((await client.call('POST', `/v1/webhooks/${id}/test`)).body);
  expect(tested).toMatchObject({ status: 200, error: null, state: 'delivered', next_at: null });
  const [request] = await customer.seen();
  expect(request && isSignedWith(secret, request)).toBe(true);
  expect((await client.call('POST', `/v1/webhooks/${id}/replay`, { webhook_id: tested.webhook_id })).body).toEqual({ deliveries: 1 });
  await vi.waitFor(async () => {
    const { attempts } = WebhookAttempts.parse(
      (await client.call('GET', `/v1/webhooks/${id}/attempts?webhook_id=${tested.webhook_id}`)).body,
    );
    expect(attempts.map(({ status }) => status)).toEqual([200, 200]);
  });
  const rotated = await client.call<{ secret: string }>('POST', `/v1/webhooks/${id}/secrets`);
  expect([rotated.status, rotated.body.secret === secret]).toEqual([201, false]);
  expect((await client.call('POST', '/v1/webhooks/callbacks/secrets')).status).toBe(201);
  expect((await client.call('DELETE', `/v1/webhooks/${id}`)).status).toBe(204);
  expect((await client.call('GET', `/v1/webhooks/${id}`)).status).toBe(404);
});

it("refuses what it cannot do by name, and another tenant's endpoint as one that does not exist", async () => {
  const [world, other] = [await makeWorld(), await makeWorld()];
  const client = apiClient(world.marketing);
  const wrong = await client.call<{ errors: { field: string }[] }>('POST', '/v1/webhooks', {
    url: 'ftp://x',
    events: ['sent'],
    colour: 'red',
  });
  expect([wrong.status, wrong.body.errors.map(({ field }) => field).toSorted()]).toEqual([400, ['colour', 'events[0]']]);
  expect((await client.call('POST', '/v1/webhooks', { url: 'ftp://x' })).body).toMatchObject({ errors: [{ field: 'url' }] });
  const { id } = WebhookMade.parse((await client.call('POST', '/v1/webhooks', { url: openMailbox(inject('customerUrl')).url })).body);
  const stranger = apiClient(other.marketing);
  for (const [method, path, body] of [
    ['GET', '', undefined],
    ['PUT', '', { enabled: false }],
    ['DELETE', '', undefined],
    ['POST', '/test', undefined],
    ['POST', '/secrets', undefined],
    ['GET', '/attempts', undefined],
    ['POST', '/replay', { webhook_id: 'msg_1' }],
  ] as const)
    expect((await stranger.call(method, `/v1/webhooks/${id}${path}`, body)).status).toBe(404);
});
