/** A code that was sent to whoever stands at a door, before it is typed: the same for signing in and for a forgotten password. */
import type { RequestEventCommon } from '@builder.io/qwik-city';
import type { Challenge, Visitor } from '../../schema/console';
import type { FieldError } from '../../schema/errors';
import type { ChallengeId } from '../../schema/ids';
import { pendingChallenge, rememberChallenge, type PendingChallenge, type Purpose } from './challenge';
import { posted } from './forms';
import { attempt, type Refusal } from './outcome';
import { visitorOf } from './platform';

export interface CodeDoor<Services> {
  readonly purpose: Purpose;
  /** Page of the first step. */
  readonly path: string;
  /** Page on which the code is typed. */
  readonly codePath: string;
  services(event: RequestEventCommon): Services;
}
interface Resending {
  resendCode(visitor: Visitor, challenge: ChallengeId): Promise<Challenge>;
}

/** @throws a redirect to the first step, for whoever has not taken it */
export function pendingAt(event: RequestEventCommon, { purpose, path }: Pick<CodeDoor<unknown>, 'purpose' | 'path'>): PendingChallenge {
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

export function codeSent(event: RequestEventCommon, door: CodeDoor<unknown>): CodeSent {
  const { sentTo, resendAt } = pendingAt(event, door);
  return { sentTo, waitMs: Math.max(0, resendAt - Date.now()) };
}

/** Blanks between its digits are forgiven. */
export function postedCode(form: Parameters<typeof posted>[0]): { readonly code: string } | { readonly wrong: FieldError } {
  const code = posted(form, 'code').replace(/\s/g, '');
  return /^\d{6}$/.test(code) ? { code } : { wrong: { field: 'code', code: code === '' ? 'required' : 'invalid' } };
}

/** @returns why not. @throws a redirect back to the code */
export async function sendCodeAgain(event: RequestEventCommon, door: CodeDoor<Resending>): Promise<Refusal> {
  const pending = pendingAt(event, door);
  const tried = await attempt(event, () => door.services(event).resendCode(visitorOf(event), pending.challenge));
  if ('refused' in tried) return tried.refused;
  rememberChallenge(event, tried.done, door.purpose, pending.next);
  throw event.redirect(303, door.codePath);
}
