/** Another code for the same challenge's login; the one before dies with its challenge. */
import type { Challenge, Visitor } from '../../schema/console';
import { AppError } from '../../schema/errors';
import type { ChallengeId } from '../../schema/ids';
import type { Gateways } from '../gateways';
import { newChallenge, openChallenge } from './challenge';
import { sendResetCode } from './forgot-password';
import { CONSOLE, type Realm } from './realm';
import { sendSignInCode } from './sign-in';

/** @throws challenge_gone, code_too_soon, code_daily_limit, locked */
export async function resendCode(
  gateways: Gateways,
  visitor: Visitor,
  challengeId: ChallengeId,
  now: number,
  realm: Realm = CONSOLE,
): Promise<Challenge> {
  const { purpose, login } = await openChallenge(gateways, challengeId, now, realm);
  if (purpose === 'reset') return sendResetCode(gateways, visitor, login, now, realm);
  const account = await realm.find(gateways.database, login);
  if (!account) throw new AppError('challenge_gone');
  return sendSignInCode(gateways, account, newChallenge('sign_in', login, realm), now);
}
