import { maySend, type Actor } from '../../schema/console';
import { AppError } from '../../schema/errors';
import type { TaskId } from '../../schema/ids';
import type { TaskContent } from '../../schema/protocol/task-run';
import type { Gateways } from '../gateways';
import { auditTask, taskFacts } from './audit-task';
import { checkWhenComplete } from './check-when-complete';
import { ownSnapshot } from './own-task';
import { checkContent } from './task-content';

/** New content before the start. The file is checked again, because parts and prices depend on the text; a reservation is given back. */
export async function editTask(
  gateways: Pick<Gateways, 'env' | 'database' | 'tenant' | 'objects'>,
  actor: Actor,
  id: TaskId,
  given: TaskContent,
): Promise<void> {
  if (!maySend(actor)) throw new AppError('forbidden');
  const { snapshot } = await ownSnapshot(gateways, actor, id);
  const { content, carrierAccount, test } = await checkContent(gateways, actor, given);
  const outcome = await gateways.objects.taskRun(id).edit(content, carrierAccount, test);
  if (!outcome.ok) throw new AppError('conflict');
  const change = { before: taskFacts(snapshot.settings), after: taskFacts(content) };
  await auditTask(gateways, actor, 'task_edited', id, null, change);
  await checkWhenComplete(gateways, actor.tenant, id, content.upload);
}
