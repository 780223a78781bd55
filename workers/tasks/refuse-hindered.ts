import { AppError } from '../../schema/errors';
import type { TaskSettings } from '../../schema/protocol/task-run';
import type { Gateways } from '../gateways';
import { hindranceOf } from '../gateways/task-hindrance';

/** @throws AppError of whatever keeps the task from sending */
export async function refuseHindered(gateways: Pick<Gateways, 'database' | 'objects'>, settings: TaskSettings): Promise<void> {
  const hindrance = await hindranceOf(gateways, settings);
  if (hindrance !== null) throw new AppError(hindrance);
}
