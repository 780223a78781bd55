import type { Actor } from '../../schema/console';
import { AppError } from '../../schema/errors';
import { WEBHOOK_ENDPOINTS_PER_TENANT } from '../../schema/limits';
import type { EndpointForm, EndpointView } from '../../schema/webhooks';
import type { Gateways } from '../gateways';
import { addEndpoint, listEndpoints, liveSecrets } from '../gateways/stores/endpoints';
import { auditEndpoint, endpointFacts } from './audit-endpoint';
import { checkForm } from './endpoint-form';
import { endpointView } from './endpoint-view';
import { mayChange, ownEndpoint } from './own-endpoint';

/** @throws AppError forbidden, invalid_request, conflict when the tenant has as many as it may */
export async function createEndpoint(
  gateways: Pick<Gateways, 'env' | 'database'>,
  actor: Actor,
  form: EndpointForm,
  now: number,
): Promise<EndpointView & { readonly secret: string }> {
  mayChange(actor);
  const given = checkForm(gateways, form);
  if (given.url === undefined) throw new AppError('invalid_request', { fields: [{ field: 'url', code: 'required' }] });
  const own = (await listEndpoints(gateways.database, actor.tenant)).filter(({ kind }) => kind === 'endpoint');
  if (own.length >= WEBHOOK_ENDPOINTS_PER_TENANT) throw new AppError('conflict');
  const { url } = given;
  const defaults = {
    name: new URL(url).host,
    method: 'POST',
    events: ['receipt' as const],
    batchMax: 1,
    enabled: true,
    headers: {},
  } as const;
  const id = await addEndpoint(gateways, actor.tenant, { ...defaults, events: [...defaults.events], ...given, url }, now);
  const [newest] = await liveSecrets(gateways, actor.tenant, id, now);
  const view = await endpointView(gateways, await ownEndpoint(gateways, actor, id));
  await auditEndpoint(gateways, actor, 'endpoint_made', id, now, { after: endpointFacts(view) });
  return { ...view, secret: newest?.secret ?? '' };
}
