/** A forgotten password begins with a code. Who has no account is told the same, as fast, and gets none. */
import type { Challenge, Login, Visitor } from '../../schema/console';
import type { Gateways } from '../gateways';
import { afterAnswer } from '../gateways/after-answer';
import type { KnownLogin } from '../gateways/stores/users';
import { codeHash, newChallenge, sealChallenge } from './challenge';
import { guardedAddress } from './guarded-address';
import { loginGuards, refuseUnissued, tryFromAddress } from './login-guards';
import { CONSOLE, type Realm } from './realm';
import { newCode, sendCode } from './send-code';
import { readLogin } from './typed-login';

/** @throws locked (too many of these from one address), code_too_soon, code_daily_limit; invalid_request for what can be nobody's login */
export async function forgotPassword(
  gateways: Gateways,
  visitor: Visitor,
  login: Login,
  now: number,
  realm: Realm = CONSOLE,
): Promise<Challenge> {
  return sendResetCode(gateways, visitor, readLogin(login), now, realm);
}

export async function sendResetCode(
  gateways: Gateways,
  visitor: Visitor,
  login: KnownLogin,
  now: number,
  realm: Realm,
): Promise<Challenge> {
  // Each of these can cost us a message: an address that asks for many accounts' codes is slowed like one that tries passwords.
  await tryFromAddress(gateways.objects.addressGuard(`forgot:${guardedAddress(visitor.address)}`), now);
  const account = await realm.find(gateways.database, login);
  const guards = await loginGuards(gateways, login, account, realm);
  const challenge = newChallenge('reset', login, realm);
  const code = newCode();
  const hash = await codeHash(gateways, challenge, code);
  refuseUnissued(await guards.typed.issueCode('reset', hash, now), now);
  const issued = await guards.account.issueCode('reset', hash, now);
  if (account && issued.kind === 'issued') afterAnswer('reset code', sendCode(gateways, account, login, 'reset', code, now));
  return sealChallenge(gateways, challenge, now);
}
