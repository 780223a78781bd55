import { maySend, type Actor } from '../../schema/console';
import { AppError } from '../../schema/errors';
import type { TaskId } from '../../schema/ids';
import { taskReference } from '../../schema/storage-keys';
import type { Gateways } from '../gateways';
import { formatMoney } from '../rules/money';
import { auditTask } from './audit-task';
import { ownSnapshot } from './own-task';
import { refuseHindered } from './refuse-hindered';

/** A start that is this little in the past is "now": clocks differ, and forms take a moment. */
const CLOCK_SLACK_MS = 5 * 60_000;

/**
 * Counts its messages among those of the key's day and holds the estimated cost, then starts the task or sets its start. Nothing is held when
 * it is refused. The day is that of the confirmation, and what is cancelled later is not given back to it.
 */
export async function confirmTask(
  gateways: Pick<Gateways, 'database' | 'tenant' | 'objects'>,
  actor: Actor,
  id: TaskId,
  startsAt: number | null,
): Promise<void> {
  if (!maySend(actor)) throw new AppError('forbidden');
  const { snapshot } = await ownSnapshot(gateways, actor, id);
  if (startsAt !== null && !(startsAt > Date.now() - CLOCK_SLACK_MS)) {
    throw new AppError('invalid_request', { fields: [{ field: 'startsAt', code: 'in_the_past' }] });
  }
  if (snapshot.state !== 'checked') throw new AppError('conflict');
  if (snapshot.check.totals.valid === 0) throw new AppError('nothing_to_send');
  await refuseHindered(gateways, snapshot.settings);

  const needed = snapshot.check.totals.costMicros;
  const gate = gateways.objects.keyGate(snapshot.settings.key);
  const counted = await gate.countTask(snapshot.check.totals.valid, needed);
  if (!counted.ok) throw new AppError(counted.reason);
  const { ticket } = counted;
  const uncount = async (): Promise<void> => {
    if (ticket !== null) await gate.takeBack(ticket);
  };
  const ledger = gateways.objects.ledger(actor.tenant);
  const reference = taskReference(id, snapshot.revision);
  // What costs nothing needs no money, not even when the balance is below zero.
  const held = needed === 0 ? { ok: true as const } : await ledger.reserve(reference, needed);
  if (!held.ok) {
    await uncount();
    const details = { needed: formatMoney(needed, actor.locale), available: formatMoney(held.availableMicros, actor.locale) };
    throw new AppError('insufficient_balance', { details });
  }
  const task = gateways.objects.taskRun(id);
  if ((await task.confirm(startsAt, snapshot.revision)).ok) return auditTask(gateways, actor, 'task_confirmed', id);
  await uncount();
  // Somebody was faster. If that was another confirmation of the same content, the money is held for it; else nobody needs it.
  const now = await task.snapshot();
  const confirmedElsewhere = now !== null && now.revision === snapshot.revision && now.confirmedAt !== null;
  if (!confirmedElsewhere) await ledger.release(reference);
  throw new AppError('conflict');
}
