import type { Actor } from '../../schema/console';
import type { TaskId } from '../../schema/ids';
import type { TaskContent } from '../../schema/protocol/task-run';
import type { Gateways } from '../gateways';
import { recordAudit, recordAuditOnce, type AuditAction, type AuditEntry } from '../gateways/stores/audit';

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
  change: Pick<AuditEntry, 'before' | 'after'> = {},
): Promise<void> {
  const entry = { tenantId, userId, action, subject: task, address, at: Date.now(), ...change };
  return since === null ? recordAudit(database, entry) : recordAuditOnce(database, entry, since);
}

/** What the audit log says of a task: of its text, how long it is; of its own receipts, where they go without what may be a secret. */
export const taskFacts = ({ name, sender, text, textType, key, upload, checkNumbers, callbackUrl, domestic }: TaskContent) => ({
  name,
  sender,
  characters: text.length,
  textType,
  key,
  upload,
  checkNumbers,
  callbackUrl: callbackUrl && callbackUrl.replace(/[?#].*$/s, ''),
  domestic,
});
