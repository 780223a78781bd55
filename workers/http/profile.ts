/** `/api/me`, `/api/profile`, `/api/preferences`, `/api/sessions`, `/api/balance`: what belongs to whoever is signed in. */
import type { IRequest } from 'itty-router';
import { z } from 'zod';
import type { SessionId } from '../../schema/ids';
import { LOCALES } from '../../schema/states';
import { readJson } from './body';
import type { RequestContext } from './context';
import { signedIn, signedInAtAll } from './guards';

const TIME_ZONE_MAX = 64;
const Preferences = z.strictObject({ locale: z.enum(LOCALES).optional(), timeZone: z.string().min(1).max(TIME_ZONE_MAX).optional() });

const NO_STORE = { 'cache-control': 'no-store' };
const done = (): Response => new Response(null, { status: 204, headers: NO_STORE });

/** The actor; answers also while a first password is still to be changed, and says so. */
export function getMe(_request: IRequest, context: RequestContext): Response {
  const { tenant, tenantName, user, name, email, role, locale, timeZone, mustChangePassword } = signedInAtAll(context);
  return Response.json({ tenant, tenantName, user, name, email, role, locale, timeZone, mustChangePassword }, { headers: NO_STORE });
}

export async function getProfile(_request: IRequest, context: RequestContext): Promise<Response> {
  return Response.json(await context.services.profile(signedIn(context)), { headers: NO_STORE });
}

/** `{locale?, timeZone?}` → 204 */
export async function patchPreferences(request: IRequest, context: RequestContext): Promise<Response> {
  const actor = signedIn(context);
  const { locale, timeZone } = await readJson(request as unknown as Request, Preferences);
  await context.services.setPreferences(actor, { ...(locale && { locale }), ...(timeZone && { timeZone }) });
  return done();
}

export async function deleteOwnSession(request: IRequest, context: RequestContext): Promise<Response> {
  await context.services.revokeSession(signedIn(context), (request.params['id'] ?? '') as SessionId);
  return done();
}

export async function getBalance(_request: IRequest, context: RequestContext): Promise<Response> {
  return Response.json(await context.services.balance(signedIn(context)), { headers: NO_STORE });
}
