/** Which code the visitor is about to type: kept in a short-lived cookie of their own browser, so no address carries it. */
import type { Cookie, RequestEventCommon } from '@builder.io/qwik-city';
import type { Challenge } from '../../schema/console';
import { CODE_LIFETIME_MS } from '../../schema/limits';
import type { ChallengeId } from '../../schema/ids';
import { safePath } from './paths';

export type Purpose = 'sign-in' | 'operators' | 'reset' | 'operators-reset';
export interface PendingChallenge extends Challenge {
  readonly purpose: Purpose;
  readonly next: string;
}

const NAME = 'challenge';
/** The page outlives its code a little, so that it can say that the code is too old. */
const KEPT_S = (2 * CODE_LIFETIME_MS) / 1000;

export function rememberChallenge(event: RequestEventCommon, challenge: Challenge, purpose: Purpose, next: string): void {
  const { challenge: id, sentTo, resendAt } = challenge;
  event.cookie.set(
    NAME,
    { id, sentTo, resendAt, purpose, next },
    { path: '/', httpOnly: true, sameSite: 'lax', secure: event.url.protocol === 'https:', maxAge: KEPT_S },
  );
}

export const forgetChallenge = (cookie: Cookie): void => cookie.delete(NAME, { path: '/' });

export function pendingChallenge(cookie: Cookie, purpose: Purpose): PendingChallenge | null {
  try {
    const value: unknown = cookie.get(NAME)?.json();
    if (typeof value !== 'object' || value === null) return null;
    const { id, sentTo, resendAt, purpose: meant, next } = value as Record<string, unknown>;
    if (typeof id !== 'string' || typeof sentTo !== 'string' || typeof resendAt !== 'number' || meant !== purpose) return null;
    return { challenge: id as ChallengeId, sentTo, resendAt, purpose, next: safePath(typeof next === 'string' ? next : null) };
  } catch {
    return null;
  }
}
