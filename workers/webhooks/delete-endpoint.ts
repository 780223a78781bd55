import type { Actor } from '../../schema/console';
import { AppError } from '../../schema/errors';
import type { EndpointId } from '../../schema/ids';
import type { Gateways } from '../gateways';
import { removeEndpoint } from '../gateways/stores/endpoints';
import { auditEndpoint } from './audit-endpoint';
import { mayChange } from './own-endpoint';

/** With what waits for it and its log. @throws AppError forbidden, not_found */
export async function deleteEndpoint(
  gateways: Pick<Gateways, 'env' | 'database' | 'objects'>,
  actor: Actor,
  id: EndpointId,
  now: number,
): Promise<void> {
  mayChange(actor);
  if (!(await removeEndpoint(gateways, actor.tenant, id))) throw new AppError('not_found');
  await gateways.objects.webhookLane(id).discard();
  await auditEndpoint(gateways, actor, 'endpoint_removed', id, now);
}
