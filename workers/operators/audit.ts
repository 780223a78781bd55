/** Every change that an operator makes is recorded with what was before and what is after. Secrets never are. */
import type { TenantId } from '../../schema/ids';
import type { Operator } from '../../schema/operators';
import type { Gateways } from '../gateways';
import { recordAudit, type AuditAction } from '../gateways/stores/audit';

interface OperatorDeed {
  readonly action: AuditAction;
  readonly tenant?: TenantId | null;
  readonly subject: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

export const auditOperator = (
  { database }: Pick<Gateways, 'database'>,
  { operator, address }: Pick<Operator, 'operator' | 'address'>,
  { tenant = null, ...deed }: OperatorDeed,
  now: number,
): Promise<void> => recordAudit(database, { ...deed, tenantId: tenant, userId: null, operatorId: operator, address, at: now });
