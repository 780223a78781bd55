import type { Actor } from '../../schema/console';
import { AppError } from '../../schema/errors';
import type { EndpointId } from '../../schema/ids';
import type { LaneAttempt } from '../../schema/protocol/webhook-lane';
import type { Gateways } from '../gateways';
import { testEvent } from '../rules/webhook-event';
import { mayChange, ownEndpoint } from './own-endpoint';

/** Sends a `test` event at once, also to an endpoint that is off, and says what came back. @throws AppError forbidden, not_found */
export async function testEndpoint(
  gateways: Pick<Gateways, 'database' | 'objects'>,
  actor: Actor,
  id: EndpointId,
  now: number,
): Promise<LaneAttempt> {
  mayChange(actor);
  await ownEndpoint(gateways, actor, id);
  const attempt = await gateways.objects.webhookLane(id).sendNow(id, testEvent(crypto.randomUUID(), id, now));
  if (!attempt) throw new AppError('not_found');
  return attempt;
}
