import type { Actor } from '../../schema/console';
import { newTaskId, type TaskId } from '../../schema/ids';
import type { TaskContent } from '../../schema/protocol/task-run';
import type { Gateways } from '../gateways';
import { auditTask } from './audit-task';
import { checkWhenComplete } from './check-when-complete';
import { checkContent } from './task-content';

/** Saves a new task. Its check begins at once when the file is there, else with the end of the upload. */
export async function createTask(
  gateways: Pick<Gateways, 'database' | 'tenant' | 'objects'>,
  actor: Actor,
  given: TaskContent,
): Promise<TaskId> {
  const { content, carrierAccount, test } = await checkContent(gateways, actor, given);
  const task = newTaskId();
  await gateways.objects.taskRun(task).create({
    ...content,
    task,
    tenant: actor.tenant,
    createdBy: actor.user,
    createdAt: Date.now(),
    carrierAccount,
    test,
  });
  await auditTask(gateways, actor, 'task_created', task);
  await checkWhenComplete(gateways, actor.tenant, task, content.upload);
  return task;
}
