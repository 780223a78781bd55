import type { Gateways } from '../gateways';
import { tasksAtWork } from '../gateways/stores/tasks';

/** A cron run takes this many; each wakes itself by alarm anyway, so the rest loses nothing but this second look. */
const PER_RUN = 200;

/** Cron repair: asks every task that is under way to look whether something is stuck, in case its alarm was lost. */
export async function wakeTasks(gateways: Pick<Gateways, 'database' | 'objects'>): Promise<void> {
  const ids = await tasksAtWork(gateways.database, PER_RUN);
  const woken = await Promise.allSettled(ids.map((id) => gateways.objects.taskRun(id).wake()));
  const failed = woken.find((one) => one.status === 'rejected');
  if (failed) throw failed.reason;
}
