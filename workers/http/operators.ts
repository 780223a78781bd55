/** `/api/operators/…`: the service team's own sign-in, and their verbs as one table of calls (operator-calls.ts). */
import type { IRequest } from 'itty-router';
import { z } from 'zod';
import { AppError } from '../../schema/errors';
import { forgetfulOperatorCookie } from '../operators/session-cookie';
import { parse, readJson } from './body';
import type { RequestContext } from './context';
import { operatorAtAll, operatorOf } from './guards';
import { OPERATOR_CALLS, OPERATOR_READS, type OperatorCall } from './operator-calls';
import { answer, Change, Code, done, Resend, Reset, visitor } from './session';

const TEXT_MAX = 320;
const Email = z.string().min(1).max(TEXT_MAX);
const SignIn = z.object({ email: Email, password: z.string().min(1).max(1_024) });
const Forgot = z.object({ email: Email });

/** `{email, password}` → `{challenge, sentTo, resendAt}` */
export async function postOperatorSession(request: IRequest, context: RequestContext): Promise<Response> {
  const { email, password } = await readJson(request as unknown as Request, SignIn);
  return answer(await context.operatorServices.signIn(visitor(context), { email }, password));
}

/** `{challenge, code}` → `{mustChangePassword}` and the operator's cookie. */
export async function postOperatorCode(request: IRequest, context: RequestContext): Promise<Response> {
  const wanted = await readJson(request as unknown as Request, Code);
  const { cookie, mustChangePassword } = await context.operatorServices.signInCode(visitor(context), wanted.challenge, wanted.code);
  return answer({ mustChangePassword }, { 'set-cookie': cookie });
}

export async function postOperatorResend(request: IRequest, context: RequestContext): Promise<Response> {
  const wanted = await readJson(request as unknown as Request, Resend);
  return answer(await context.operatorServices.resendCode(visitor(context), wanted.challenge));
}

/** `{email}` → `{challenge, sentTo, resendAt}`, operator or not. */
export async function postOperatorForgot(request: IRequest, context: RequestContext): Promise<Response> {
  return answer(await context.operatorServices.forgotPassword(visitor(context), await readJson(request as unknown as Request, Forgot)));
}

/** `{challenge, code, password}` → 204; every session of the operator is over. */
export async function postOperatorReset(request: IRequest, context: RequestContext): Promise<Response> {
  const wanted = await readJson(request as unknown as Request, Reset);
  await context.operatorServices.resetPassword(visitor(context), wanted.challenge, wanted.code, wanted.password);
  return done();
}

export async function deleteOperatorSession(_request: IRequest, context: RequestContext): Promise<Response> {
  const { operator, operatorServices } = context;
  return done({ 'set-cookie': operator ? await operatorServices.signOut(operator) : forgetfulOperatorCookie });
}

export async function postOperatorPassword(request: IRequest, context: RequestContext): Promise<Response> {
  const operator = operatorAtAll(context);
  const wanted = await readJson(request as unknown as Request, Change);
  await context.operatorServices.changePassword(operator, wanted.oldPassword, wanted.password);
  return done();
}

/** What every object has (`constructor`) is no call. @throws AppError not_found */
function named(calls: Readonly<Record<string, OperatorCall>>, request: IRequest): OperatorCall {
  const name = request.params['call'] ?? '';
  const call = Object.hasOwn(calls, name) ? calls[name] : undefined;
  if (!call) throw new AppError('not_found');
  return call;
}

/** The parameters of the query are the call's input. */
export async function readOperators(request: IRequest, context: RequestContext): Promise<Response> {
  const operator = operatorOf(context);
  const call = named(OPERATOR_READS, request);
  const given = [...context.url.searchParams].filter(([, value]) => value !== '');
  return answer(await call.run(context.operatorServices, operator, parse(call.shape, Object.fromEntries(given))));
}

/** A JSON body is the call's input; an answer without a value is 204. */
export async function actOperators(request: IRequest, context: RequestContext): Promise<Response> {
  const operator = operatorOf(context);
  const call = named(OPERATOR_CALLS, request);
  const value = await call.run(context.operatorServices, operator, await readJson(request as unknown as Request, call.shape));
  return value === undefined ? done() : answer(value);
}
