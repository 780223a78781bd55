import { maySend, type Actor } from '../../schema/console';
import { AppError } from '../../schema/errors';
import type { TaskId } from '../../schema/ids';
import type { Gateways } from '../gateways';
import { auditTask } from './audit-task';
import { ownSnapshot, ownTask } from './own-task';
import { refuseHindered } from './refuse-hindered';

const DONE = { pause: 'task_paused', resume: 'task_resumed', stop: 'task_stopped', cancel: 'task_cancelled' } as const;

/** When this returns, the shards that send have heard it: nothing is claimed after a pause or a stop. */
export async function actOnTask(
  gateways: Pick<Gateways, 'database' | 'tenant' | 'objects'>,
  actor: Actor,
  id: TaskId,
  action: 'pause' | 'resume' | 'stop' | 'cancel',
): Promise<void> {
  if (!maySend(actor)) throw new AppError('forbidden');
  if (action === 'resume') await refuseHindered(gateways, (await ownSnapshot(gateways, actor, id)).snapshot.settings);
  else await ownTask(gateways, actor, id);
  const outcome = await gateways.objects.taskRun(id)[action]();
  if (!outcome.ok) throw new AppError('conflict');
  await auditTask(gateways, actor, DONE[action], id);
}
