/** The endpoint that a verb is about, and whether its actor may touch it. */
import { maySend, type Actor } from '../../schema/console';
import { AppError } from '../../schema/errors';
import type { EndpointId } from '../../schema/ids';
import type { Gateways } from '../gateways';
import { findEndpoint, type EndpointRow } from '../gateways/stores/endpoints';

/** @throws not_found, the same for another tenant's id as for one that does not exist */
export async function ownEndpoint({ database }: Pick<Gateways, 'database'>, actor: Actor, id: EndpointId): Promise<EndpointRow> {
  const found = await findEndpoint(database, actor.tenant, id);
  if (!found) throw new AppError('not_found');
  return found;
}

/** Viewers look. @throws forbidden */
export function mayChange(actor: Actor): void {
  if (!maySend(actor)) throw new AppError('forbidden');
}
