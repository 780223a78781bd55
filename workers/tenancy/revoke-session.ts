import type { Actor } from '../../schema/console';
import { AppError } from '../../schema/errors';
import type { SessionId } from '../../schema/ids';
import type { Gateways } from '../gateways';
import { recordAudit } from '../gateways/stores/audit';
import { endSession } from '../gateways/stores/sessions';

/** Ends one of the actor's own sessions. @throws not_found for anybody else's as for none */
export async function revokeSession(
  { database }: Pick<Gateways, 'database'>,
  actor: Actor,
  session: SessionId,
  now: number,
): Promise<void> {
  const { tenant: tenantId, user: userId, address } = actor;
  if (!(await endSession(database, userId, session))) throw new AppError('not_found');
  await recordAudit(database, { tenantId, userId, action: 'session_revoked', subject: session, address, at: now });
}
