import { maySend, type Actor } from '../../schema/console';
import { AppError } from '../../schema/errors';
import type { TaskId } from '../../schema/ids';
import type { Gateways } from '../gateways';
import { ownTask } from './own-task';

/** When this returns, the shards that send have heard it: nothing is claimed after a pause or a stop. */
export async function actOnTask(
  gateways: Pick<Gateways, 'tenant' | 'objects'>,
  actor: Actor,
  id: TaskId,
  action: 'pause' | 'resume' | 'stop' | 'cancel',
): Promise<void> {
  if (!maySend(actor)) throw new AppError('forbidden');
  await ownTask(gateways, actor, id);
  const outcome = await gateways.objects.taskRun(id)[action]();
  if (!outcome.ok) throw new AppError('conflict');
}
