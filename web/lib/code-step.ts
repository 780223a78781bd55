/** The second step of signing in, at both doors, the tenants' and the operators'. */
import type { RequestEventCommon } from '@builder.io/qwik-city';
import type { Challenge, SignedIn, Visitor } from '../../schema/console';
import type { ChallengeId } from '../../schema/ids';
import { forgetChallenge } from './challenge';
import type { posted } from './forms';
import { attempt, refuseFields, type Refusal } from './outcome';
import { operatorServicesOf, servicesOf, visitorOf } from './platform';
import { pendingAt, postedCode, type CodeDoor } from './sent-code';

interface CodeServices {
  signInCode(visitor: Visitor, challenge: ChallengeId, code: string): Promise<SignedIn>;
  resendCode(visitor: Visitor, challenge: ChallengeId): Promise<Challenge>;
}

export interface Door extends CodeDoor<CodeServices> {
  readonly firstPassword: string;
}

export const TENANT_DOOR: Door = {
  purpose: 'sign-in',
  path: '/sign-in',
  codePath: '/sign-in/code',
  firstPassword: '/first-password',
  services: servicesOf,
};
export const OPERATOR_DOOR: Door = {
  purpose: 'operators',
  path: '/operators/sign-in',
  codePath: '/operators/sign-in/code',
  firstPassword: '/operators/first-password',
  services: operatorServicesOf,
};

/** @returns why not. @throws a redirect to where the visitor was going */
export async function enterCode(event: RequestEventCommon, door: Door, form: Parameters<typeof posted>[0]): Promise<Refusal> {
  const pending = pendingAt(event, door);
  const read = postedCode(form);
  if ('wrong' in read) return refuseFields(event, [read.wrong]);
  const tried = await attempt(event, () => door.services(event).signInCode(visitorOf(event), pending.challenge, read.code));
  if ('refused' in tried) return tried.refused;
  forgetChallenge(event.cookie);
  event.headers.append('set-cookie', tried.done.cookie);
  throw event.redirect(303, tried.done.mustChangePassword ? door.firstPassword : pending.next);
}
