/** Second half of a sign-in: the code opens a session, always a new one, so that nobody can plant theirs before. */
import type { SignedIn, Visitor } from '../../schema/console';
import { AppError } from '../../schema/errors';
import { newSessionId, type ChallengeId } from '../../schema/ids';
import { SESSION_LIFETIME_MS } from '../../schema/limits';
import type { Gateways } from '../gateways';
import { recordAudit } from '../gateways/stores/audit';
import { startSession } from '../gateways/stores/sessions';
import { findAccount } from '../gateways/stores/users';
import { codeHash, openChallenge } from './challenge';
import { sessionCookie } from './session-cookie';

export const USER_AGENT_MAX = 256;

/** @throws challenge_gone, code_refused */
export async function signInCode(
  gateways: Pick<Gateways, 'env' | 'database' | 'objects'>,
  visitor: Visitor,
  challengeId: ChallengeId,
  code: string,
  now: number,
): Promise<SignedIn> {
  const challenge = await openChallenge(gateways, challengeId, now);
  if (challenge.purpose !== 'sign_in') throw new AppError('challenge_gone');
  const account = await findAccount(gateways.database, challenge.login);
  if (!account) throw new AppError('code_refused');
  const guard = gateways.objects.accountGuard(account.id);
  const outcome = await guard.redeemCode('sign_in', await codeHash(gateways, challenge, code), now);
  if (outcome === 'wrong') throw new AppError('code_refused');
  const session = newSessionId();
  await startSession(gateways.database, {
    id: session,
    userId: account.id,
    createdAt: now,
    expiresAt: now + SESSION_LIFETIME_MS,
    address: visitor.address,
    userAgent: visitor.userAgent.slice(0, USER_AGENT_MAX),
  });
  const { address } = visitor;
  await recordAudit(gateways.database, {
    tenantId: account.tenant,
    userId: account.id,
    action: 'sign_in',
    subject: session,
    address,
    at: now,
  });
  return { cookie: await sessionCookie(gateways, session, account.id, now), mustChangePassword: account.mustChangePassword };
}
