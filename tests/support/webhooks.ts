/** Endpoints for tests inside workerd, and an own reading of the signature that shares no code with the platform's. */
import { createHmac } from 'node:crypto';
import { env } from 'cloudflare:workers';
import { inject } from 'vitest';
import type { Env } from '../../schema/env';
import type { EndpointId } from '../../schema/ids';
import type { WebhookLaneApi } from '../../schema/protocol/webhook-lane';
import { webhookLaneName } from '../../schema/storage-keys';
import { addEndpoint, liveSecrets, type EndpointFields } from '../../workers/gateways/stores/endpoints';
import type { SeenRequest } from './fake-customer';
import { openMailbox, type FakeCustomer } from './fake-customer-client';
import type { World } from './world';

export interface TestEndpoint {
  readonly id: EndpointId;
  readonly customer: FakeCustomer;
  readonly lane: WebhookLaneApi;
  /** For runInDurableObject and its kin. */
  readonly stub: DurableObjectStub;
  secrets(): Promise<readonly string[]>;
}

export async function makeEndpoint(world: World, wish: Partial<EndpointFields> = {}): Promise<TestEndpoint> {
  const customer = openMailbox(inject('customerUrl'));
  const fields: EndpointFields = {
    name: 'Orders',
    url: customer.url,
    method: 'POST',
    events: ['receipt', 'inbound'],
    batchMax: 1,
    enabled: true,
    headers: {},
    ...wish,
  };
  const id = await addEndpoint(world.gateways, world.tenant, fields, Date.now());
  return {
    id,
    customer,
    lane: world.gateways.objects.webhookLane(id),
    stub: (env as unknown as Env).WEBHOOK_LANE.getByName(webhookLaneName(id)),
    secrets: async () => (await liveSecrets(world.gateways, world.tenant, id, Date.now())).map(({ secret }) => secret),
  };
}

/** Standard Webhooks, "Verifying signatures", by node's crypto. */
export function isSignedWith(secret: string, { headers, body }: Pick<SeenRequest, 'headers' | 'body'>): boolean {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const expected = createHmac('sha256', key).update(`${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`).digest('base64');
  return (headers['webhook-signature'] ?? '').split(' ').includes(`v1,${expected}`);
}
