/** The operators' verbs, bound to the gateways of one isolate. */
import type { OperatorServices } from '../../schema/operators';
import type { Gateways } from '../gateways';
import { changeOperatorPassword } from '../operators/change-password';
import { operatorSignInCode } from '../operators/sign-in-code';
import { operatorSignOut } from '../operators/sign-out';
import { OPERATORS } from '../tenancy/realm';
import { resendCode } from '../tenancy/resend-code';
import { signIn } from '../tenancy/sign-in';

const bound = new WeakMap<Gateways, OperatorServices>();

export function bindOperatorServices(gateways: Gateways): OperatorServices {
  const before = bound.get(gateways);
  if (before) return before;
  const services = bind(gateways);
  bound.set(gateways, services);
  return services;
}

const bind = (gateways: Gateways): OperatorServices => ({
  signIn: (visitor, login, password) => signIn(gateways, visitor, login, password, Date.now(), OPERATORS),
  signInCode: (visitor, challenge, code) => operatorSignInCode(gateways, visitor, challenge, code, Date.now()),
  resendCode: (visitor, challenge) => resendCode(gateways, visitor, challenge, Date.now(), OPERATORS),
  signOut: (operator) => operatorSignOut(gateways, operator, Date.now()),
  changePassword: (operator, oldPassword, password) => changeOperatorPassword(gateways, operator, oldPassword, password, Date.now()),
});
