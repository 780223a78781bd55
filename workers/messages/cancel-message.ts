import { maySend, type Actor } from '../../schema/console';
import { AppError } from '../../schema/errors';
import type { LogRow } from '../../schema/protocol/message-shard';
import type { Gateways } from '../gateways';
import { findOwnMessage } from './search-one';
import { unsealed } from './unsealed';

/** Cancels a message that waits for its time. @returns it as it is then. @throws AppError not_found, not_scheduled */
export async function cancelMessage(gateways: Pick<Gateways, 'tenant' | 'objects'>, actor: Actor, id: string): Promise<LogRow> {
  if (!maySend(actor)) throw new AppError('forbidden');
  const found = await findOwnMessage(gateways, actor.tenant, id);
  if (!found) throw new AppError('not_found');
  const shard = gateways.objects.shard(found.home.shard);
  if (!(await shard.cancelScheduled(found.number))) throw new AppError('not_scheduled');
  const row = unsealed(await shard.find(found.number));
  if (!row) throw new AppError('not_found');
  return row;
}
