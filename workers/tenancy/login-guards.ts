/**
 * The guards in front of one login. What a visitor is told comes from the guard of what they typed, which exists for every login
 * alike; what is really allowed comes from the guard of the account, which all of its logins share. So neither a lock nor a
 * waiting time tells whether an account exists, nor that an e-mail and a phone are one person's.
 */
import { AppError } from '../../schema/errors';
import { ADDRESS_WINDOW_MS, ADDRESS_WRONG_TRIES, PASSWORD_LOCK_MS, PASSWORD_WRONG_TRIES } from '../../schema/limits';
import type { CodeIssue, GuardedTry, LoginGuardApi } from '../../schema/protocol/objects';
import type { Gateways } from '../gateways';
import type { KnownLogin } from '../gateways/stores/users';
import { CONSOLE, type Realm, type SignInAccount } from './realm';
import { loginHash } from './typed-login';

export interface LoginGuards {
  readonly typed: LoginGuardApi;
  /** A guard of nobody's where there is no account, so that both cost the same. */
  readonly account: LoginGuardApi;
}

export async function loginGuards(
  gateways: Pick<Gateways, 'env' | 'objects'>,
  login: KnownLogin,
  account: SignInAccount | null,
  { name }: Realm = CONSOLE,
): Promise<LoginGuards> {
  const typed = await loginHash(gateways, login);
  const hash = name === 'console' ? typed : `${name}:${typed}`;
  const { objects } = gateways;
  return { typed: objects.accountGuard(`typed:${hash}`), account: objects.accountGuard(account?.id ?? `nobody:${hash}`) };
}

/** @throws locked when this address has been wrong too often. */
export async function tryFromAddress(guard: LoginGuardApi, now: number): Promise<void> {
  refuseLocked(await guard.tryPassword(now, ADDRESS_WRONG_TRIES, ADDRESS_WINDOW_MS), now);
}

/** Counts one try. @throws locked when this login has been wrong too often. @returns false when only the account is locked: every password is wrong then */
export async function tryLogin({ typed, account }: LoginGuards, now: number): Promise<boolean> {
  refuseLocked(await typed.tryPassword(now, PASSWORD_WRONG_TRIES, PASSWORD_LOCK_MS), now);
  const allowed = await account.tryPassword(now, PASSWORD_WRONG_TRIES, PASSWORD_LOCK_MS);
  return allowed.kind === 'allowed';
}

export function refuseLocked(outcome: GuardedTry, now: number): void {
  if (outcome.kind === 'locked') throw new AppError('locked', { details: { minutes: Math.ceil((outcome.untilAt - now) / 60_000) } });
}

export function refuseUnissued(outcome: CodeIssue, now: number): void {
  if (outcome.kind === 'too_soon')
    throw new AppError('code_too_soon', { details: { seconds: Math.ceil((outcome.againAt - now) / 1_000) } });
  if (outcome.kind === 'daily_limit') throw new AppError('code_daily_limit');
}
