import type { TaskId } from '../../schema/ids';
import type { Gateways } from '../gateways';
import { tasksAtWork } from '../gateways/stores/tasks';

const AT_ONCE = 200;

/** Cron repair: asks every task that is under way to look whether something is stuck, in case its alarm was lost. */
export async function wakeTasks(gateways: Pick<Gateways, 'database' | 'objects'>, now: number): Promise<void> {
  let failure: unknown = null;
  for (let after: TaskId | null = null; ;) {
    const ids: readonly TaskId[] = await tasksAtWork(gateways.database, now, after, AT_ONCE);
    const woken = await Promise.allSettled(ids.map((id) => gateways.objects.taskRun(id).wake()));
    // One that does not answer must not keep the others asleep.
    for (const one of woken) if (one.status === 'rejected') failure = one.reason;
    const last = ids.at(-1);
    if (ids.length < AT_ONCE || last === undefined) break;
    after = last;
  }
  if (failure !== null) throw failure;
}
