/** The end of a forgotten password: the code, a new password, and every session of the account is over. */
import type { Visitor } from '../../schema/console';
import { AppError } from '../../schema/errors';
import type { ChallengeId } from '../../schema/ids';
import type { Gateways } from '../gateways';
import { recordAudit } from '../gateways/stores/audit';
import { codeHash, openChallenge } from './challenge';
import { loginGuards } from './login-guards';
import { refuseWeakPassword } from './password-rules';
import { hashPassword } from './passwords';
import { CONSOLE, type Realm } from './realm';

/** @throws challenge_gone, code_refused; invalid_request on `password` */
export async function resetPassword(
  gateways: Pick<Gateways, 'env' | 'database' | 'objects'>,
  visitor: Visitor,
  challengeId: ChallengeId,
  code: string,
  password: string,
  now: number,
  realm: Realm = CONSOLE,
): Promise<void> {
  const challenge = await openChallenge(gateways, challengeId, now, realm);
  if (challenge.purpose !== 'reset') throw new AppError('challenge_gone');
  const { login } = challenge;
  refuseWeakPassword(password, Object.values(login));
  const account = await realm.find(gateways.database, login);
  const guards = await loginGuards(gateways, login, account, realm);
  const hash = await codeHash(gateways, challenge, code);
  const seen = await guards.account.redeemCode('reset', hash, now, 'keep');
  if (!account || seen === 'wrong') throw new AppError('code_refused');
  // Only now may the answer depend on who the account is; the code stays good for a better password.
  refuseWeakPassword(password, [account.email, account.name]);
  const passwordHash = await hashPassword(password);
  const used = await guards.account.redeemCode('reset', hash, now);
  if (used === 'wrong') throw new AppError('code_refused');
  await realm.replacePassword(gateways.database, account, passwordHash);
  await Promise.all([guards.typed.passwordRight('all'), guards.account.passwordRight('all')]);
  const { address } = visitor;
  await recordAudit(gateways.database, {
    ...realm.who(account),
    action: 'password_reset',
    subject: account.id,
    address,
    at: now,
  });
}
