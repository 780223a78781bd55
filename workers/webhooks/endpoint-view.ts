/** An endpoint as its customer sees it, from its row. */
import type { EndpointView } from '../../schema/webhooks';
import type { Gateways } from '../gateways';
import { openSecret } from '../gateways/sealed-secrets';
import type { EndpointRow } from '../gateways/stores/endpoints';

export async function endpointView({ env }: Pick<Gateways, 'env'>, row: EndpointRow): Promise<EndpointView> {
  const { id, kind, name, url, method, events, batchMax, enabled, trouble, createdAt, updatedAt, headersSealed } = row;
  const headerNames = Object.keys(JSON.parse(await openSecret(env, headersSealed)) as Record<string, string>);
  return { id, kind, name, url, method, events, batchMax, enabled, trouble, headerNames, createdAt, updatedAt };
}
