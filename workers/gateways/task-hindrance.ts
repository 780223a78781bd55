/** What keeps a task from sending though its user wants it to: asked when it is confirmed, when its time comes, and now and then while it runs. */
import type { TaskHindrance, TaskSettings } from '../../schema/protocol/task-run';
import type { Database } from './database';
import type { Objects } from './objects';
import { approvedOf } from './stores/approvals';

interface Needed {
  readonly database: Database;
  readonly objects: Pick<Objects, 'keyGate'>;
}

/** @returns null when nothing does */
export async function hindranceOf(
  gateways: Needed,
  settings: Pick<TaskSettings, 'tenant' | 'key' | 'sender' | 'domestic'>,
): Promise<TaskHindrance | null> {
  const key = await gateways.objects.keyGate(settings.key).settings();
  if (!key?.enabled || key.tenantOff) return 'key_disabled';
  return (await isApproved(gateways, settings)) ? null : 'approval_gone';
}

/** Operators may withdraw what they approved when the task was made. */
async function isApproved({ database }: Needed, { tenant, sender, domestic }: Pick<TaskSettings, 'tenant' | 'sender' | 'domestic'>) {
  if (!domestic) return true;
  const approved = await approvedOf(database, tenant, 'marketing');
  const isThere = new Set(approved.map(({ id }) => id));
  return (
    isThere.has(domestic.signature) &&
    isThere.has(domestic.template) &&
    approved.some((row) => row.kind === 'sender' && row.name === sender)
  );
}
