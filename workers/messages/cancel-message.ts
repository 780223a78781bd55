import { maySend, type Actor } from '../../schema/console';
import { AppError } from '../../schema/errors';
import type { LogRow } from '../../schema/protocol/message-shard';
import type { ArchiveGateways } from './archived-shard';
import { findOwnMessage } from './search-one';

/** Cancels a message that waits for its time. @returns it as it is then. @throws AppError not_found, not_scheduled */
export async function cancelMessage(gateways: ArchiveGateways, actor: Actor, id: string): Promise<LogRow> {
  if (!maySend(actor)) throw new AppError('forbidden');
  const found = await findOwnMessage(gateways, actor.tenant, id);
  if (!found) throw new AppError('not_found');
  if (!(await gateways.objects.shard(found.home.shard).cancelScheduled(found.number))) throw new AppError('not_scheduled');
  const cancelled = await findOwnMessage(gateways, actor.tenant, id);
  if (!cancelled) throw new AppError('not_found');
  return cancelled.row;
}
