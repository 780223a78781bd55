import type { Actor } from '../../schema/console';
import type { EndpointId } from '../../schema/ids';
import type { LaneState } from '../../schema/protocol/webhook-lane';
import type { EndpointView } from '../../schema/webhooks';
import type { Gateways } from '../gateways';
import { listEndpoints } from '../gateways/stores/endpoints';
import { endpointView } from './endpoint-view';
import { ownEndpoint } from './own-endpoint';

export async function endpointsOf(gateways: Pick<Gateways, 'env' | 'database'>, actor: Actor): Promise<readonly EndpointView[]> {
  return await Promise.all((await listEndpoints(gateways.database, actor.tenant)).map((row) => endpointView(gateways, row)));
}

/** One endpoint, and how its deliveries stand. @throws AppError not_found */
export async function showEndpoint(
  gateways: Pick<Gateways, 'env' | 'database' | 'objects'>,
  actor: Actor,
  id: EndpointId,
): Promise<EndpointView & LaneState> {
  const view = await endpointView(gateways, await ownEndpoint(gateways, actor, id));
  return { ...view, ...(await gateways.objects.webhookLane(id).state()) };
}
