import type { Actor } from '../../schema/console';
import type { TaskId } from '../../schema/ids';
import type { ReportReason } from '../../schema/reports';
import type { Gateways } from '../gateways';
import { addReasons } from '../messages/report-picture';
import { hourStart, HOUR_MS } from '../rules/platform-day';
import { runsOf } from '../rules/report-period';
import { ownTask } from './own-task';

/** Why messages of a task failed or were held back: what its shards count, in the hours in which it took them in. */
export async function taskReasons(gateways: Pick<Gateways, 'tenant'>, actor: Actor, id: TaskId): Promise<readonly ReportReason[]> {
  const { createdAt, endedAt } = await ownTask(gateways, actor, id);
  const runs = runsOf(hourStart(createdAt), hourStart(endedAt ?? Date.now()) + HOUR_MS);
  return addReasons(await gateways.tenant(actor.tenant).totals.reasons(runs, { task: id }));
}
