import type { Actor } from '../../schema/console';
import type { Gateways } from '../gateways';
import { recordAudit } from '../gateways/stores/audit';
import { endSession } from '../gateways/stores/sessions';
import { forgetfulCookie } from './session-cookie';

/** Ends this session at once, here and for whoever copied its cookie. @returns the `Set-Cookie` value that forgets it */
export async function signOut({ database }: Pick<Gateways, 'database'>, actor: Actor, now: number): Promise<string> {
  const { tenant: tenantId, user: userId, session, address } = actor;
  await endSession(database, userId, session);
  await recordAudit(database, { tenantId, userId, action: 'sign_out', subject: session, address, at: now });
  return forgetfulCookie;
}
