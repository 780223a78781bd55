/**
 * What stands between the password and the code, and between "forgot" and the new password: a signed, short-lived statement of
 * what was typed. Nothing is stored for it, and it says the same whether the account exists or not.
 */
import type { Challenge } from '../../schema/console';
import { AppError } from '../../schema/errors';
import { newChallengeId, type ChallengeId } from '../../schema/ids';
import { CODE_LIFETIME_MS, CODE_RESEND_AFTER_MS } from '../../schema/limits';
import type { Gateways } from '../gateways';
import type { KnownLogin } from '../gateways/stores/users';
import { keyedHash, readToken, signToken } from '../gateways/tokens';
import type { CodePurpose } from './mail-texts';
import { CONSOLE, type Realm } from './realm';
import { maskLogin } from './typed-login';

export interface OpenChallenge {
  /** Binds a code to this challenge alone. */
  readonly nonce: string;
  /** The door at which it was given out. */
  readonly realm: Realm['name'];
  readonly purpose: CodePurpose;
  readonly login: KnownLogin;
}

export const newChallenge = (purpose: CodePurpose, login: KnownLogin, { name }: Realm = CONSOLE): OpenChallenge => ({
  nonce: newChallengeId(),
  realm: name,
  purpose,
  login,
});

export async function sealChallenge(
  { env }: Pick<Gateways, 'env'>,
  { nonce, realm, purpose, login }: OpenChallenge,
  now: number,
): Promise<Challenge> {
  const token = await signToken(env, 'challenge', { jti: nonce, realm, purpose, ...login }, now, now + CODE_LIFETIME_MS);
  return { challenge: token as ChallengeId, sentTo: maskLogin(login), resendAt: now + CODE_RESEND_AFTER_MS };
}

/** @throws challenge_gone for one that is over, was never ours, or was given out at the other door. */
export async function openChallenge(
  { env }: Pick<Gateways, 'env'>,
  challenge: ChallengeId,
  now: number,
  { name }: Realm = CONSOLE,
): Promise<OpenChallenge> {
  const claims = await readToken(env, 'challenge', challenge, now);
  const { jti: nonce, realm, purpose, email, digits } = claims ?? {};
  if (realm !== name) throw new AppError('challenge_gone');
  if (typeof nonce !== 'string' || (purpose !== 'sign_in' && purpose !== 'reset')) throw new AppError('challenge_gone');
  if (typeof email === 'string') return { nonce, realm: name, purpose, login: { email } };
  if (typeof digits === 'string') return { nonce, realm: name, purpose, login: { digits } };
  throw new AppError('challenge_gone');
}

/** What a guard keeps of a code. @param code as typed: blanks between the digits are forgiven */
export const codeHash = ({ env }: Pick<Gateways, 'env'>, { nonce, purpose }: OpenChallenge, code: string): Promise<string> =>
  keyedHash(env, `code:${purpose}:${nonce}:${code.replace(/\s/g, '')}`);
