import { maySend, type Actor } from '../../schema/console';
import { AppError } from '../../schema/errors';
import type { TaskId } from '../../schema/ids';
import { taskReference } from '../../schema/storage-keys';
import type { Gateways } from '../gateways';
import { formatMoney } from '../rules/money';
import { auditTask } from './audit-task';
import { ownSnapshot } from './own-task';

/** A start that is this little in the past is "now": clocks differ, and forms take a moment. */
const CLOCK_SLACK_MS = 5 * 60_000;

/** Holds the estimated cost, then starts the task or sets its start. Nothing is held when it is refused. */
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
  const key = await gateways.tenant(actor.tenant).keys.find(snapshot.settings.key);
  if (!key?.enabled) throw new AppError('invalid_request', { fields: [{ field: 'key', code: 'not_found' }] });

  const ledger = gateways.objects.ledger(actor.tenant);
  const reference = taskReference(id, snapshot.revision);
  const needed = snapshot.check.totals.costMicros;
  // What costs nothing needs no money, not even when the balance is below zero.
  const held = needed === 0 ? { ok: true as const } : await ledger.reserve(reference, needed);
  if (!held.ok) {
    const details = { needed: formatMoney(needed, actor.locale), available: formatMoney(held.availableMicros, actor.locale) };
    throw new AppError('insufficient_balance', { details });
  }
  const task = gateways.objects.taskRun(id);
  if ((await task.confirm(startsAt, snapshot.revision)).ok) return auditTask(gateways, actor, 'task_confirmed', id);
  // Somebody was faster. If that was another confirmation of the same content, the money is held for it; else nobody needs it.
  const now = await task.snapshot();
  const confirmedElsewhere = now !== null && now.revision === snapshot.revision && now.confirmedAt !== null;
  if (!confirmedElsewhere) await ledger.release(reference);
  throw new AppError('conflict');
}
