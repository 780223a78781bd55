import type { Actor } from '../../schema/console';
import type { TaskId } from '../../schema/ids';
import type { Gateways } from '../gateways';
import { recordAudit, recordAuditOnce, type AuditAction } from '../gateways/stores/audit';

/**
 * Who did what with a task, once it is done.
 * @param since of a verb that takes over from one that died: what was recorded since then is not recorded again, ms UTC
 */
export function auditTask(
  { database }: Pick<Gateways, 'database'>,
  { tenant: tenantId, user: userId, address }: Actor,
  action: AuditAction,
  task: TaskId,
  since: number | null = null,
): Promise<void> {
  const entry = { tenantId, userId, action, subject: task, address, at: Date.now() };
  return since === null ? recordAudit(database, entry) : recordAuditOnce(database, entry, since);
}
