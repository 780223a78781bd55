import type { TenantId } from '../../schema/ids';
import type { Gateways } from '../gateways';
import { tenantsOfNumber } from '../gateways/stores/inbound';

/** Whose number it is; null when it is nobody's, or several tenants share it: then none may read what was sent to the others. */
export async function tenantOfNumber({ database }: Pick<Gateways, 'database'>, number: string): Promise<TenantId | null> {
  const [only, ...others] = await tenantsOfNumber(database, number);
  return only !== undefined && others.length === 0 ? only : null;
}
