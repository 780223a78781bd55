/** `/api/session`, `/api/password`: signing in and out, forgotten and new passwords. Refusals are problem documents. */
import type { IRequest } from 'itty-router';
import { z } from 'zod';
import type { Login, Visitor } from '../../schema/console';
import type { ChallengeId } from '../../schema/ids';
import { forgetfulCookie } from '../tenancy/session-cookie';
import { readJson } from './body';
import type { RequestContext } from './context';
import { signedInAtAll } from './guards';

const TEXT_MAX = 320;
/** A signed challenge is some 300 characters. */
const CHALLENGE_MAX = 2_048;
/** Far over PASSWORD_MAX_LENGTH: what is too long for a password is said by the rules of passwords. */
const PASSWORD_INPUT_MAX = 1_024;

const text = z.string().min(1).max(TEXT_MAX);
const password = z.string().min(1).max(PASSWORD_INPUT_MAX);
const challenge = z
  .string()
  .min(1)
  .max(CHALLENGE_MAX)
  .transform((token) => token as ChallengeId);
const code = z.string().min(1).max(16);

/** Both kinds of login, flat: `{email}` or `{region, phone}`. */
const loginFields = { email: text.optional(), region: text.optional(), phone: text.optional() };
type LoginFields = { email?: string | undefined; region?: string | undefined; phone?: string | undefined };
const named = ({ email, region, phone }: LoginFields): boolean => email !== undefined || (region !== undefined && phone !== undefined);
const MISSING_LOGIN = { path: ['email'], message: 'required' };
const asLogin = ({ email, region = '', phone = '' }: LoginFields): Login => (email === undefined ? { region, phone } : { email });

const SignIn = z.object({ ...loginFields, password }).refine(named, MISSING_LOGIN);
const Forgot = z.object(loginFields).refine(named, MISSING_LOGIN);
export const Code = z.object({ challenge, code });
export const Resend = z.object({ challenge });
export const Reset = z.object({ challenge, code, password });
export const Change = z.object({ oldPassword: z.string().max(PASSWORD_INPUT_MAX).nullable().default(null), password });

export const visitor = ({ address, userAgent, locale }: RequestContext): Visitor => ({ address, userAgent, locale });

/** Answers about sign-ins rest in no cache. */
export function answer(body: unknown, headers: Record<string, string> = {}): Response {
  return Response.json(body, { headers: { 'cache-control': 'no-store', ...headers } });
}
export const done = (headers: Record<string, string> = {}): Response =>
  new Response(null, { status: 204, headers: { 'cache-control': 'no-store', ...headers } });

/** `{email | region, phone, password}` → `{challenge, sentTo, resendAt}`; a code is on its way. */
export async function postSession(request: IRequest, context: RequestContext): Promise<Response> {
  const wanted = await readJson(request as unknown as Request, SignIn);
  return answer(await context.services.signIn(visitor(context), asLogin(wanted), wanted.password));
}

/** `{challenge, code}` → `{mustChangePassword}` and the session's cookie. */
export async function postSessionCode(request: IRequest, context: RequestContext): Promise<Response> {
  const wanted = await readJson(request as unknown as Request, Code);
  const { cookie, mustChangePassword } = await context.services.signInCode(visitor(context), wanted.challenge, wanted.code);
  return answer({ mustChangePassword }, { 'set-cookie': cookie });
}

/** `{challenge}` → a new challenge in its place. */
export async function postSessionResend(request: IRequest, context: RequestContext): Promise<Response> {
  const wanted = await readJson(request as unknown as Request, Resend);
  return answer(await context.services.resendCode(visitor(context), wanted.challenge));
}

/** `{email | region, phone}` → `{challenge, sentTo, resendAt}`, account or not. */
export async function postPasswordForgot(request: IRequest, context: RequestContext): Promise<Response> {
  const wanted = await readJson(request as unknown as Request, Forgot);
  return answer(await context.services.forgotPassword(visitor(context), asLogin(wanted)));
}

/** `{challenge, code, password}` → 204; every session of the user is over. */
export async function postPasswordReset(request: IRequest, context: RequestContext): Promise<Response> {
  const wanted = await readJson(request as unknown as Request, Reset);
  await context.services.resetPassword(visitor(context), wanted.challenge, wanted.code, wanted.password);
  return done();
}

/** `{oldPassword, password}` → 204; the other sessions are over. Also the way out of a first password, without the old one. */
export async function postPassword(request: IRequest, context: RequestContext): Promise<Response> {
  const actor = signedInAtAll(context);
  const wanted = await readJson(request as unknown as Request, Change);
  await context.services.changePassword(actor, wanted.oldPassword, wanted.password);
  return done();
}

/** 204; without a session as well, so that signing out twice is no error and a dead cookie goes too. */
export async function deleteSession(_request: IRequest, context: RequestContext): Promise<Response> {
  return done({ 'set-cookie': context.actor ? await context.services.signOut(context.actor) : forgetfulCookie });
}
