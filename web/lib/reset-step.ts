/** A forgotten password at both doors, the tenants' and the operators': the code that was sent, and the new password. */
import type { RequestEventCommon } from '@builder.io/qwik-city';
import type { Challenge, Login, Visitor } from '../../schema/console';
import type { ChallengeId } from '../../schema/ids';
import { forgetChallenge, pendingChallenge, rememberChallenge, type PendingChallenge, type Purpose } from './challenge';
import type { CodeSent } from './code-step';
import { posted } from './forms';
import { readLogin } from './login';
import { attempt, refuseFields, type Refusal } from './outcome';
import { operatorServicesOf, servicesOf, visitorOf } from './platform';

interface ResetServices {
  forgotPassword(visitor: Visitor, login: Login): Promise<Challenge>;
  resendCode(visitor: Visitor, challenge: ChallengeId): Promise<Challenge>;
  resetPassword(visitor: Visitor, challenge: ChallengeId, code: string, password: string): Promise<void>;
}

interface ResetDoor {
  readonly purpose: Purpose;
  /** Page of the first step; the second is `…/reset`. */
  readonly path: string;
  readonly signIn: string;
  services(event: RequestEventCommon): ResetServices;
}

export const TENANT_RESET: ResetDoor = { purpose: 'reset', path: '/forgot', signIn: '/sign-in', services: servicesOf };
export const OPERATOR_RESET: ResetDoor = {
  purpose: 'operators-reset',
  path: '/operators/forgot',
  signIn: '/operators/sign-in',
  services: operatorServicesOf,
};

/** @returns why not. @throws a redirect to the second step */
export async function forget(event: RequestEventCommon, door: ResetDoor, form: Parameters<typeof readLogin>[0]): Promise<Refusal> {
  const read = readLogin(form);
  if ('wrong' in read) return refuseFields(event, [read.wrong]);
  const tried = await attempt(event, () => door.services(event).forgotPassword(visitorOf(event), read.login));
  if ('refused' in tried) return tried.refused;
  rememberChallenge(event, tried.done, door.purpose, '/');
  throw event.redirect(303, `${door.path}/reset`);
}

/** @throws a redirect to the first step, for whoever has not taken it */
function pendingAt(event: RequestEventCommon, { purpose, path }: ResetDoor): PendingChallenge {
  const pending = pendingChallenge(event.cookie, purpose);
  if (!pending) throw event.redirect(303, path);
  return pending;
}

export function resetSent(event: RequestEventCommon, door: ResetDoor): CodeSent {
  const { sentTo, resendAt } = pendingAt(event, door);
  return { sentTo, waitMs: Math.max(0, resendAt - Date.now()) };
}

/** @returns why not. @throws a redirect to the sign-in */
export async function reset(event: RequestEventCommon, door: ResetDoor, form: Parameters<typeof posted>[0]): Promise<Refusal> {
  const pending = pendingAt(event, door);
  const code = posted(form, 'code').replace(/\s/g, '');
  if (!/^\d{6}$/.test(code)) return refuseFields(event, [{ field: 'code', code: code === '' ? 'required' : 'invalid' }]);
  const tried = await attempt(event, () =>
    door.services(event).resetPassword(visitorOf(event), pending.challenge, code, posted(form, 'password')),
  );
  if ('refused' in tried) return tried.refused;
  forgetChallenge(event.cookie);
  throw event.redirect(303, `${door.signIn}?reset`);
}

/** @returns why not. @throws a redirect back to the code */
export async function sendResetAgain(event: RequestEventCommon, door: ResetDoor): Promise<Refusal> {
  const pending = pendingAt(event, door);
  const tried = await attempt(event, () => door.services(event).resendCode(visitorOf(event), pending.challenge));
  if ('refused' in tried) return tried.refused;
  rememberChallenge(event, tried.done, door.purpose, '/');
  throw event.redirect(303, `${door.path}/reset`);
}
