import type { Actor } from '../../schema/console';
import { AppError } from '../../schema/errors';
import type { TaskId } from '../../schema/ids';
import type { TaskSnapshot } from '../../schema/protocol/task-run';
import type { Gateways } from '../gateways';
import type { ListedTask } from '../gateways/stores/tasks';

/** Another tenant's task is as absent as one that never was; its object is not even asked. */
export async function ownTask(gateways: Pick<Gateways, 'tenant'>, actor: Actor, id: TaskId): Promise<ListedTask> {
  const row = await gateways.tenant(actor.tenant).tasks.find(id);
  if (row === null) throw new AppError('not_found');
  return row;
}

export async function ownSnapshot(
  gateways: Pick<Gateways, 'tenant' | 'objects'>,
  actor: Actor,
  id: TaskId,
): Promise<{ row: ListedTask; snapshot: TaskSnapshot }> {
  const row = await ownTask(gateways, actor, id);
  const snapshot = await gateways.objects.taskRun(id).snapshot();
  if (snapshot === null) throw new AppError('not_found');
  return { row, snapshot };
}
