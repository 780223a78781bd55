/** Cancelling an export: the row says so at once; a running step finds out at its next write and stops. */
import type { Actor } from '../../schema/console';
import { AppError } from '../../schema/errors';
import { mayCancelExport } from '../../schema/exports';
import type { ExportId } from '../../schema/ids';
import type { Gateways } from '../gateways';
import { dropUnfinished } from './drop-unfinished';
import { checkpointOf } from './held-export';
import { queueNextExport } from './queue-next';
import { ownExport } from './view';

/** @throws AppError not_found, forbidden, or conflict when it has already ended */
export async function cancelExport(gateways: Pick<Gateways, 'tenant' | 'queues' | 'files'>, actor: Actor, id: ExportId): Promise<void> {
  const { userId } = await ownExport(gateways, actor, id);
  if (!mayCancelExport(actor, userId)) throw new AppError('forbidden');
  const cancelled = await gateways.tenant(actor.tenant).exports.cancel(id, Date.now());
  if (!cancelled) throw new AppError('conflict');
  await dropUnfinished(gateways.files, cancelled, checkpointOf(cancelled));
  await queueNextExport(gateways, actor.tenant);
}
