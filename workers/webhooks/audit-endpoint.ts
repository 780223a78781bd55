import type { Actor } from '../../schema/console';
import type { Gateways } from '../gateways';
import { recordAudit, type AuditEntry } from '../gateways/stores/audit';

/** @param subject the endpoint, or the tenant for the secret of its callbacks */
export function auditEndpoint(
  { database }: Pick<Gateways, 'database'>,
  { tenant, user, address }: Actor,
  action: AuditEntry['action'],
  subject: string,
  now: number,
): Promise<void> {
  return recordAudit(database, { tenantId: tenant, userId: user, action, subject, address, at: now });
}
