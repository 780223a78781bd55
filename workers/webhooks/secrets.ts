/** Signing secrets: shown and replaced. */
import type { Actor } from '../../schema/console';
import { AppError } from '../../schema/errors';
import type { EndpointId, TenantId } from '../../schema/ids';
import { CALLBACKS } from '../../schema/webhooks';
import type { Gateways } from '../gateways';
import { liveSecrets, rotateSecret } from '../gateways/stores/endpoints';
import { auditEndpoint } from './audit-endpoint';
import { mayChange, ownEndpoint } from './own-endpoint';

type Owner = EndpointId | typeof CALLBACKS;

async function ownerOf(gateways: Pick<Gateways, 'database'>, actor: Actor, owner: Owner): Promise<EndpointId | TenantId> {
  if (owner === CALLBACKS) return actor.tenant;
  const { id, kind } = await ownEndpoint(gateways, actor, owner);
  if (kind === 'callback') throw new AppError('not_found');
  return id;
}

/** The live ones, the newest first. @throws AppError forbidden, not_found */
export async function showSecrets(gateways: Pick<Gateways, 'env' | 'database'>, actor: Actor, owner: Owner, now: number) {
  mayChange(actor);
  return await liveSecrets(gateways, actor.tenant, await ownerOf(gateways, actor, owner), now);
}

/** A new secret; the one before it signs beside it for a day. @throws AppError forbidden, not_found */
export async function replaceSecret(
  gateways: Pick<Gateways, 'env' | 'database' | 'objects'>,
  actor: Actor,
  owner: Owner,
  now: number,
): Promise<{ readonly secret: string }> {
  mayChange(actor);
  const id = await ownerOf(gateways, actor, owner);
  const secret = await rotateSecret(gateways, actor.tenant, id, now);
  await auditEndpoint(gateways, actor, 'endpoint_secret_replaced', id, now);
  // Lanes of callbacks look again within half a minute; till then the old secret signs, which is still good.
  if (owner !== CALLBACKS) await gateways.objects.webhookLane(owner).refresh(owner);
  return { secret };
}
