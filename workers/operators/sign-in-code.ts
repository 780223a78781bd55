/** Second half of an operator's sign-in; the first is the one of tenants' users, at another door (tenancy/realm.ts). */
import type { SignedIn, Visitor } from '../../schema/console';
import { AppError } from '../../schema/errors';
import { newSessionId, type ChallengeId } from '../../schema/ids';
import { SESSION_LIFETIME_MS } from '../../schema/limits';
import type { Gateways } from '../gateways';
import { findOperatorAccount, startOperatorSession } from '../gateways/stores/operators';
import { codeHash, openChallenge } from '../tenancy/challenge';
import { OPERATORS } from '../tenancy/realm';
import { USER_AGENT_MAX } from '../tenancy/sign-in-code';
import { auditOperator } from './audit';
import { operatorCookie } from './session-cookie';

/** @throws challenge_gone, code_refused */
export async function operatorSignInCode(
  gateways: Pick<Gateways, 'env' | 'database' | 'objects'>,
  { address, userAgent }: Visitor,
  challengeId: ChallengeId,
  code: string,
  now: number,
): Promise<SignedIn> {
  const challenge = await openChallenge(gateways, challengeId, now, OPERATORS);
  const account = await findOperatorAccount(gateways.database, challenge.login);
  if (!account) throw new AppError('code_refused');
  const outcome = await gateways.objects.accountGuard(account.id).redeemCode('sign_in', await codeHash(gateways, challenge, code), now);
  if (outcome === 'wrong') throw new AppError('code_refused');
  const session = newSessionId();
  await startOperatorSession(gateways.database, {
    id: session,
    operatorId: account.id,
    createdAt: now,
    expiresAt: now + SESSION_LIFETIME_MS,
    address,
    userAgent: userAgent.slice(0, USER_AGENT_MAX),
  });
  await auditOperator(gateways, { operator: account.id, address }, { action: 'sign_in', subject: session }, now);
  return { cookie: await operatorCookie(gateways, session, account.id, now), mustChangePassword: account.mustChangePassword };
}
