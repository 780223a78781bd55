/** A forgotten password at both doors, the tenants' and the operators': the code that was sent, and the new password. */
import type { RequestEventCommon } from '@builder.io/qwik-city';
import type { Challenge, Login, Visitor } from '../../schema/console';
import type { ChallengeId } from '../../schema/ids';
import { forgetChallenge, rememberChallenge } from './challenge';
import { posted } from './forms';
import { readLogin } from './login';
import { attempt, refuseFields, type Refusal } from './outcome';
import { operatorServicesOf, servicesOf, visitorOf } from './platform';
import { pendingAt, postedCode, type CodeDoor } from './sent-code';

interface ResetServices {
  forgotPassword(visitor: Visitor, login: Login): Promise<Challenge>;
  resendCode(visitor: Visitor, challenge: ChallengeId): Promise<Challenge>;
  resetPassword(visitor: Visitor, challenge: ChallengeId, code: string, password: string): Promise<void>;
}

interface ResetDoor extends CodeDoor<ResetServices> {
  readonly signIn: string;
}

export const TENANT_RESET: ResetDoor = {
  purpose: 'reset',
  path: '/forgot',
  codePath: '/forgot/reset',
  signIn: '/sign-in',
  services: servicesOf,
};
export const OPERATOR_RESET: ResetDoor = {
  purpose: 'operators-reset',
  path: '/operators/forgot',
  codePath: '/operators/forgot/reset',
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
  throw event.redirect(303, door.codePath);
}

/** @returns why not. @throws a redirect to the sign-in */
export async function reset(event: RequestEventCommon, door: ResetDoor, form: Parameters<typeof posted>[0]): Promise<Refusal> {
  const pending = pendingAt(event, door);
  const read = postedCode(form);
  if ('wrong' in read) return refuseFields(event, [read.wrong]);
  const tried = await attempt(event, () =>
    door.services(event).resetPassword(visitorOf(event), pending.challenge, read.code, posted(form, 'password')),
  );
  if ('refused' in tried) return tried.refused;
  forgetChallenge(event.cookie);
  throw event.redirect(303, `${door.signIn}?reset`);
}
