/** When one of a tenant's exports ends, the next one of that tenant may run. */
import type { TenantId } from '../../schema/ids';
import type { Gateways } from '../gateways';

export async function queueNextExport(gateways: Pick<Gateways, 'tenant' | 'queues'>, tenant: TenantId): Promise<void> {
  const id = await gateways.tenant(tenant).exports.firstQueued();
  if (id !== null) await gateways.queues.exports([{ tenant, id }]);
}
