/** What a request of a page carries: the verbs, who asks, and what the document depends on. */
import type { RequestEventCommon } from '@builder.io/qwik-city';
import type { Actor, ConsoleServices, Visitor } from '../../schema/console';
import { AppError } from '../../schema/errors';
import type { Operator, OperatorServices } from '../../schema/operators';
import type { Locale } from '../../schema/states';
import type { ConsolePlatform } from '../../schema/console';
import type { Theme } from './theme';

export interface PagePlatform extends ConsolePlatform {
  /** Of this answer's scripts; see content-security-policy.ts. */
  readonly nonce: string;
  readonly theme: Theme;
}

export const platformOf = (event: RequestEventCommon): PagePlatform => event.platform;
export const servicesOf = (event: RequestEventCommon): ConsoleServices => platformOf(event).services;
export const localeOf = (event: RequestEventCommon): Locale => platformOf(event).locale;

/**
 * Who acts. Loaders and actions ask here each time: Qwik runs an action on whatever page it is posted to, so a guard of the layout alone
 * would not protect it.
 * @throws AppError not_signed_in, password_change_required
 */
export function actorOf(event: RequestEventCommon): Actor {
  const actor = actorAtAll(event);
  if (actor.mustChangePassword) throw new AppError('password_change_required');
  return actor;
}

/** The same while the first password is still to be changed. @throws AppError not_signed_in */
export function actorAtAll(event: RequestEventCommon): Actor {
  const { actor, isStranger } = platformOf(event);
  if (!actor) throw new AppError(isStranger ? 'not_found' : 'not_signed_in');
  return actor;
}

export function visitorOf(event: RequestEventCommon): Visitor {
  const { address, userAgent, locale } = platformOf(event);
  return { address, userAgent, locale };
}

export const operatorServicesOf = (event: RequestEventCommon): OperatorServices => platformOf(event).operatorServices;

/** As `actorOf`, for the operators' pages. @throws AppError not_signed_in, password_change_required; not_found for a tenant's user */
export function operatorOf(event: RequestEventCommon): Operator {
  const operator = operatorAtAll(event);
  if (operator.mustChangePassword) throw new AppError('password_change_required');
  return operator;
}

export function operatorAtAll(event: RequestEventCommon): Operator {
  const { operator, isStranger } = platformOf(event);
  if (!operator) throw new AppError(isStranger ? 'not_found' : 'not_signed_in');
  return operator;
}
