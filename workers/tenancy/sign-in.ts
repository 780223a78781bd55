/** First half of a sign-in: the password. A right one sends a code; everything else is refused in the same words and the same time. */
import type { Challenge, Login, Visitor } from '../../schema/console';
import { AppError } from '../../schema/errors';
import type { Gateways } from '../gateways';
import { codeHash, newChallenge, sealChallenge, type OpenChallenge } from './challenge';
import { guardedAddress } from './guarded-address';
import { loginGuards, refuseUnissued, tryFromAddress, tryLogin } from './login-guards';
import { passwordMatches } from './passwords';
import { CONSOLE, type Realm, type SignInAccount } from './realm';
import { newCode, sendCode } from './send-code';
import { readLogin } from './typed-login';

/** @throws sign_in_refused, locked, code_too_soon, code_daily_limit; invalid_request for what can be nobody's login */
export async function signIn(
  gateways: Gateways,
  visitor: Visitor,
  typed: Login,
  password: string,
  now: number,
  realm: Realm = CONSOLE,
): Promise<Challenge> {
  const login = readLogin(typed);
  const address = gateways.objects.addressGuard(guardedAddress(visitor.address));
  await tryFromAddress(address, now);
  const account = await realm.find(gateways.database, login);
  const guards = await loginGuards(gateways, login, account, realm);
  const allowed = await tryLogin(guards, now);
  // A locked account's password is looked at all the same: the refusal must not come sooner.
  const right = await passwordMatches(password, account?.passwordHash ?? null);
  if (!account || !right || !allowed) throw new AppError('sign_in_refused');
  await Promise.all([guards.typed.passwordRight('all'), guards.account.passwordRight('all'), address.passwordRight('one')]);
  return sendSignInCode(gateways, account, newChallenge('sign_in', login, realm), now);
}

/** Sends a code that only this challenge redeems. */
export async function sendSignInCode(
  gateways: Gateways,
  account: SignInAccount,
  challenge: OpenChallenge,
  now: number,
): Promise<Challenge> {
  const code = newCode();
  const guard = gateways.objects.accountGuard(account.id);
  refuseUnissued(await guard.issueCode('sign_in', await codeHash(gateways, challenge, code), now), now);
  await sendCode(gateways, account, challenge.login, 'sign_in', code, now);
  return sealChallenge(gateways, challenge, now);
}
