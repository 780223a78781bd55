/** What follows from a message that came in: no more messages to whoever wants none, and word to the tenant's endpoints. */
import type { Gateways } from '../gateways';
import { subscribersOf } from '../gateways/stores/endpoints';
import { markInboundDone, type InboundRow } from '../gateways/stores/inbound';
import { inboundEvent } from '../rules/webhook-event';
import { actOnOptOut } from './opt-out';

/** A repeat changes nothing: lists and lanes know what they were told. */
export async function actOnInbound(
  gateways: Pick<Gateways, 'env' | 'database' | 'objects' | 'queues' | 'files' | 'tenant'>,
  message: InboundRow,
  now: number,
): Promise<void> {
  const { env, database, objects } = gateways;
  const { id, tenantId, from, to, body, parts, complete, optOut, receivedAt } = message;
  if (optOut) await actOnOptOut(gateways, message);
  if (tenantId !== null) {
    const event = inboundEvent({ id, from, to, text: body, parts, complete, optOut, receivedAt });
    for (const endpoint of await subscribersOf({ env, database }, tenantId, 'inbound'))
      await tell(objects, endpoint, JSON.stringify([event]));
  }
  await markInboundDone(database, id, now);
}

async function tell(
  objects: Gateways['objects'],
  endpoint: Parameters<Gateways['objects']['webhookLane']>[0],
  events: string,
): Promise<void> {
  const { kind } = await objects.webhookLane(endpoint).announce(endpoint, events);
  // The repair comes back to it.
  if (kind === 'full') throw new Error('a lane is full');
}
