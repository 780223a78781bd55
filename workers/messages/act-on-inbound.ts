/** What follows from a message that came in: no more messages to whoever wants none, and word to the tenant's endpoints. */
import type { Gateways } from '../gateways';
import { subscribersOf } from '../gateways/stores/endpoints';
import { markInboundDone, marketingKeys, tenantsOfNumber, type InboundRow } from '../gateways/stores/inbound';
import { inboundEvent } from '../rules/webhook-event';

/** A repeat changes nothing: lists and lanes know what they were told. */
export async function actOnInbound(
  { env, database, objects }: Pick<Gateways, 'env' | 'database' | 'objects'>,
  message: InboundRow,
  now: number,
): Promise<void> {
  const { id, tenantId, from, to, body, parts, complete, optOut, receivedAt } = message;
  if (optOut) {
    // All marketing keys of the tenant, not only the one that wrote last: a number belongs to a tenant and not to a key, and whoever
    // answers STOP to it must not hear from it again because another key took over. Transactional keys stay: codes are not advertising.
    // Of a number that tenants share nobody can tell which of them is meant: all of them are.
    for (const tenant of await tenantsOfNumber(database, to)) {
      for (const key of await marketingKeys(database, tenant))
        await objects.keyGate(key).addNumbers(JSON.stringify([Number(from)]), 'opt_out');
    }
  }
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
