import type { Actor } from '../../schema/console';
import { AppError } from '../../schema/errors';
import type { EndpointId } from '../../schema/ids';
import type { EndpointForm, EndpointView } from '../../schema/webhooks';
import type { Gateways } from '../gateways';
import { changeEndpoint } from '../gateways/stores/endpoints';
import { auditEndpoint, endpointFacts } from './audit-endpoint';
import { checkForm } from './endpoint-form';
import { endpointView } from './endpoint-view';
import { mayChange, ownEndpoint } from './own-endpoint';

/** What is not named stays. Takes effect with the next request to the customer. @throws AppError forbidden, invalid_request, not_found */
export async function editEndpoint(
  gateways: Pick<Gateways, 'env' | 'database' | 'objects'>,
  actor: Actor,
  id: EndpointId,
  form: EndpointForm,
  now: number,
): Promise<EndpointView> {
  mayChange(actor);
  const before = await endpointView(gateways, await ownEndpoint(gateways, actor, id));
  // A callback's address is its name; all that can be said of it is whether it is on.
  const changes = checkForm(gateways, before.kind === 'callback' ? { enabled: form.enabled } : form);
  if (!(await changeEndpoint(gateways, actor.tenant, id, changes, now))) throw new AppError('not_found');
  const after = await endpointView(gateways, await ownEndpoint(gateways, actor, id));
  const change = { before: endpointFacts(before), after: endpointFacts(after) };
  await auditEndpoint(gateways, actor, 'endpoint_changed', id, now, change);
  await gateways.objects.webhookLane(id).refresh(id);
  return after;
}
