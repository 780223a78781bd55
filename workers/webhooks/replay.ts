import type { Actor } from '../../schema/console';
import { AppError } from '../../schema/errors';
import type { EndpointId } from '../../schema/ids';
import type { ReplayWish } from '../../schema/protocol/webhook-lane';
import type { Gateways } from '../gateways';
import { auditEndpoint } from './audit-endpoint';
import { mayChange, ownEndpoint } from './own-endpoint';

/**
 * Sends again what the last 30 days hold: one delivery, or a period. The customer sees the same `webhook-id` as before.
 * @returns how many requests will go out @throws AppError forbidden, not_found, conflict for an endpoint that is off
 */
export async function replayDeliveries(
  gateways: Pick<Gateways, 'database' | 'objects'>,
  actor: Actor,
  id: EndpointId,
  wish: ReplayWish,
  now: number,
): Promise<{ readonly deliveries: number }> {
  mayChange(actor);
  const { enabled } = await ownEndpoint(gateways, actor, id);
  if (!enabled) throw new AppError('conflict');
  const deliveries = await gateways.objects.webhookLane(id).replay(id, wish);
  if ('delivery' in wish && deliveries === 0) throw new AppError('not_found');
  await auditEndpoint(gateways, actor, 'endpoint_replayed', id, now);
  return { deliveries };
}
