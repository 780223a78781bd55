/** The end of a forgotten password: the code, a new password, and every session of the user is over. */
import type { Visitor } from '../../schema/console';
import { AppError } from '../../schema/errors';
import type { ChallengeId } from '../../schema/ids';
import type { Gateways } from '../gateways';
import { recordAudit } from '../gateways/stores/audit';
import { findAccount, replacePassword } from '../gateways/stores/users';
import { codeHash, openChallenge } from './challenge';
import { loginGuards } from './login-guards';
import { refuseWeakPassword } from './password-rules';
import { hashPassword } from './passwords';

/** @throws challenge_gone, code_refused; invalid_request on `password` */
export async function resetPassword(
  gateways: Pick<Gateways, 'env' | 'database' | 'objects'>,
  visitor: Visitor,
  challengeId: ChallengeId,
  code: string,
  password: string,
  now: number,
): Promise<void> {
  const challenge = await openChallenge(gateways, challengeId, now);
  if (challenge.purpose !== 'reset') throw new AppError('challenge_gone');
  const { login } = challenge;
  refuseWeakPassword(password, Object.values(login));
  const account = await findAccount(gateways.database, login);
  const guards = await loginGuards(gateways, login, account);
  const hash = await codeHash(gateways, challenge, code);
  const seen = await guards.account.redeemCode('reset', hash, now, 'keep');
  if (!account || seen === 'wrong') throw new AppError('code_refused');
  // Only now may the answer depend on who the account is; the code stays good for a better password.
  refuseWeakPassword(password, [account.email, account.name]);
  const passwordHash = await hashPassword(password);
  const used = await guards.account.redeemCode('reset', hash, now);
  if (used === 'wrong') throw new AppError('code_refused');
  await replacePassword(gateways.database, account.id, passwordHash, null);
  await Promise.all([guards.typed.passwordRight('all'), guards.account.passwordRight('all')]);
  const { address } = visitor;
  await recordAudit(gateways.database, {
    tenantId: account.tenant,
    userId: account.id,
    action: 'password_reset',
    subject: account.id,
    address,
    at: now,
  });
}
