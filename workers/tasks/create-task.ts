import type { Actor } from '../../schema/console';
import { newTaskId, type TaskId } from '../../schema/ids';
import type { RequestClaim } from '../../schema/protocol/objects';
import type { TaskContent } from '../../schema/protocol/task-run';
import type { Gateways } from '../gateways';
import { auditTask } from './audit-task';
import { checkWhenComplete } from './check-when-complete';
import { checkContent } from './task-content';

type Needed = Pick<Gateways, 'env' | 'database' | 'tenant' | 'objects'>;

/**
 * Saves a new task. Its check begins at once when the file is there, else with the end of the upload.
 * @param given asked for only when there is something to make: a template may be gone since
 * @param claim of a request that may be repeated: the run that takes over from a dead one goes on where that one ended
 */
export async function createTask(
  gateways: Needed,
  actor: Actor,
  given: TaskContent | (() => Promise<TaskContent>),
  claim: RequestClaim | null = null,
): Promise<TaskId> {
  const task = newTaskId(claim?.seed);
  // What was made stays made, whatever has become of its key or its file since.
  const earlier = claim?.takenOver ? await madeEarlier(gateways, actor, task) : null;
  const upload = earlier ?? (await make(gateways, actor, typeof given === 'function' ? await given() : given, task, claim));
  await auditTask(gateways, actor, 'task_created', task, claim?.takenOver ? claim.at : null);
  await checkWhenComplete(gateways, actor.tenant, task, upload.id);
  return task;
}

type TaskUpload = { readonly id: TaskContent['upload'] };

async function make(gateways: Needed, actor: Actor, given: TaskContent, task: TaskId, claim: RequestClaim | null): Promise<TaskUpload> {
  const { content, carrierAccount, test } = await checkContent(gateways, actor, given);
  await gateways.objects.taskRun(task).create({
    ...content,
    task,
    tenant: actor.tenant,
    createdBy: actor.user,
    createdAt: claim?.at ?? Date.now(),
    carrierAccount,
    test,
  });
  return { id: content.upload };
}

async function madeEarlier({ objects }: Needed, { tenant }: Actor, task: TaskId): Promise<TaskUpload | null> {
  const run = objects.taskRun(task);
  const snapshot = await run.snapshot();
  if (snapshot === null) return null;
  if (snapshot.settings.tenant !== tenant) throw new Error('this task id is taken');
  // Its row for the lists may not be written yet.
  await run.wake();
  return { id: snapshot.settings.upload };
}
