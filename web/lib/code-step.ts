/** The second step at both doors, the tenants' and the operators': the code that was sent, and sending it again. */
import type { RequestEventCommon } from '@builder.io/qwik-city';
import type { Challenge, SignedIn, Visitor } from '../../schema/console';
import type { ChallengeId } from '../../schema/ids';
import { forgetChallenge, pendingChallenge, rememberChallenge, type PendingChallenge, type Purpose } from './challenge';
import { posted } from './forms';
import { attempt, refuseFields, type Refusal } from './outcome';
import { operatorServicesOf, servicesOf, visitorOf } from './platform';

interface CodeServices {
  signInCode(visitor: Visitor, challenge: ChallengeId, code: string): Promise<SignedIn>;
  resendCode(visitor: Visitor, challenge: ChallengeId): Promise<Challenge>;
}

export interface Door {
  readonly purpose: Purpose;
  /** Page of the first step; the second is `…/code`. */
  readonly path: string;
  readonly firstPassword: string;
  services(event: RequestEventCommon): CodeServices;
}

export const TENANT_DOOR: Door = { purpose: 'sign-in', path: '/sign-in', firstPassword: '/first-password', services: servicesOf };
export const OPERATOR_DOOR: Door = {
  purpose: 'operators',
  path: '/operators/sign-in',
  firstPassword: '/operators/first-password',
  services: operatorServicesOf,
};

/** @throws a redirect to the first step, for whoever has not taken it */
function pendingAt(event: RequestEventCommon, { purpose, path }: Door): PendingChallenge {
  const pending = pendingChallenge(event.cookie, purpose);
  if (!pending) throw event.redirect(303, path);
  return pending;
}

export interface CodeSent {
  /** Masked. */
  readonly sentTo: string;
  /** Until another may be asked for. */
  readonly waitMs: number;
}

export function codeSent(event: RequestEventCommon, door: Door): CodeSent {
  const { sentTo, resendAt } = pendingAt(event, door);
  return { sentTo, waitMs: Math.max(0, resendAt - Date.now()) };
}

/** @returns why not. @throws a redirect to where the visitor was going */
export async function enterCode(event: RequestEventCommon, door: Door, form: Parameters<typeof posted>[0]): Promise<Refusal> {
  const pending = pendingAt(event, door);
  const code = posted(form, 'code').replace(/\s/g, '');
  if (!/^\d{6}$/.test(code)) return refuseFields(event, [{ field: 'code', code: code === '' ? 'required' : 'invalid' }]);
  const tried = await attempt(event, () => door.services(event).signInCode(visitorOf(event), pending.challenge, code));
  if ('refused' in tried) return tried.refused;
  forgetChallenge(event.cookie);
  event.headers.append('set-cookie', tried.done.cookie);
  throw event.redirect(303, tried.done.mustChangePassword ? door.firstPassword : pending.next);
}

/** @returns why not. @throws a redirect back to the code */
export async function sendCodeAgain(event: RequestEventCommon, door: Door): Promise<Refusal> {
  const pending = pendingAt(event, door);
  const tried = await attempt(event, () => door.services(event).resendCode(visitorOf(event), pending.challenge));
  if ('refused' in tried) return tried.refused;
  rememberChallenge(event, tried.done, door.purpose, pending.next);
  throw event.redirect(303, `${door.path}/code`);
}
