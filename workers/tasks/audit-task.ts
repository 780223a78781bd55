import type { Actor } from '../../schema/console';
import type { TaskId } from '../../schema/ids';
import type { Gateways } from '../gateways';
import { recordAudit, type AuditAction } from '../gateways/stores/audit';

/** Who did what with a task, once it is done. */
export const auditTask = ({ database }: Pick<Gateways, 'database'>, actor: Actor, action: AuditAction, task: TaskId): Promise<void> =>
  recordAudit(database, { tenantId: actor.tenant, userId: actor.user, action, subject: task, address: actor.address, at: Date.now() });
