/** Refusals that stand in front of many routes. */
import type { Actor } from '../../schema/console';
import { AppError } from '../../schema/errors';
import type { Operator } from '../../schema/operators';
import type { RequestContext } from './context';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** The signed-in actor, or a refusal. A first password must be changed before anything else. */
export function signedIn(context: RequestContext): Actor {
  const actor = signedInAtAll(context);
  if (actor.mustChangePassword) throw new AppError('password_change_required');
  return actor;
}

/** The signed-in actor even while the first password is still to be changed. */
export function signedInAtAll(context: RequestContext): Actor {
  if (!context.actor) throw new AppError(context.isStranger ? 'not_found' : 'not_signed_in');
  return context.actor;
}

/** The operator, or the refusal: to a tenant's user nothing of the operators' exists. */
export function operatorAtAll({ operator, isStranger }: Pick<RequestContext, 'operator' | 'isStranger'>): Operator {
  if (!operator) throw new AppError(isStranger ? 'not_found' : 'not_signed_in');
  return operator;
}

export function operatorOf(context: Pick<RequestContext, 'operator' | 'isStranger'>): Operator {
  const operator = operatorAtAll(context);
  if (operator.mustChangePassword) throw new AppError('password_change_required');
  return operator;
}

/**
 * Cookie-authenticated writes come from our own pages only. Browsers always send Sec-Fetch-Site or Origin with a write;
 * a client that sends neither is no browser and carries no victim's cookie.
 */
export function sameOrigin(request: Request, url: URL): void {
  if (SAFE_METHODS.has(request.method)) return;
  const site = request.headers.get('sec-fetch-site');
  if (site !== null && site !== 'same-origin' && site !== 'none') throw new AppError('cross_site');
  const origin = request.headers.get('origin');
  if (origin !== null && origin !== url.origin) throw new AppError('cross_site');
}
