/** The operators' verbs, bound to the gateways of one isolate. */
import type { OperatorServices } from '../../schema/operators';
import type { Gateways } from '../gateways';
import { countWaitingApprovals } from '../gateways/stores/approvals';
import { changeOperatorPassword } from '../operators/change-password';
import { readAudit } from '../operators/audit-log';
import { dropDeadLetter, listDeadLetters, redrive } from '../operators/dead-letters';
import { readCarrierHours, readHealth } from '../operators/health';
import { decideApproval } from '../operators/approvals';
import { operatorCarriers, saveCarrier, testCarrier } from '../operators/carriers';
import { operatorChangeKey, operatorKeys, operatorMakeKey } from '../operators/keys';
import { listLegacyImports } from '../operators/legacy-imports';
import { operatorNotices, postNotice, removeNotice } from '../operators/notices';
import { importPrices, operatorPrices, previewPrices, removePrice } from '../operators/prices';
import { operatorProfile, revokeOperatorSession, setOperatorPreferences } from '../operators/profile';
import { operatorSignInCode } from '../operators/sign-in-code';
import { operatorSignOut } from '../operators/sign-out';
import {
  bindSender,
  changeTenant,
  listTenants,
  openTenant,
  showTenant,
  tenantLedger,
  topUpTenant,
  unbindSender,
} from '../operators/tenants';
import { operatorAddUser, operatorChangeUser, operatorRenewPassword, operatorUsers } from '../operators/users';
import { listApprovals, readApprovalFile, showApproval } from '../tenancy/approvals';
import { forgotPassword } from '../tenancy/forgot-password';
import { OPERATORS } from '../tenancy/realm';
import { resendCode } from '../tenancy/resend-code';
import { resetPassword } from '../tenancy/reset-password';
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
  forgotPassword: (visitor, login) => forgotPassword(gateways, visitor, login, Date.now(), OPERATORS),
  resetPassword: (visitor, challenge, code, password) => resetPassword(gateways, visitor, challenge, code, password, Date.now(), OPERATORS),
  signOut: (operator) => operatorSignOut(gateways, operator, Date.now()),
  changePassword: (operator, oldPassword, password) => changeOperatorPassword(gateways, operator, oldPassword, password, Date.now()),
  profile: (operator) => operatorProfile(gateways, operator, Date.now()),
  setPreferences: (operator, wanted) => setOperatorPreferences(gateways, operator, wanted),
  revokeSession: (operator, session) => revokeOperatorSession(gateways, operator, session, Date.now()),
  tenants: (_operator, name, cursor) => listTenants(gateways, name, cursor),
  tenant: (_operator, id) => showTenant(gateways, id),
  ledger: (_operator, id, cursor) => tenantLedger(gateways, id, cursor),
  openTenant: (operator, form) => openTenant(gateways, operator, form, Date.now()),
  changeTenant: (operator, id, settings) => changeTenant(gateways, operator, id, settings, Date.now()),
  topUp: (operator, id, micros, reference) => topUpTenant(gateways, operator, id, micros, reference, Date.now()),
  bindSender: (operator, id, value) => bindSender(gateways, operator, id, value, Date.now()),
  unbindSender: (operator, id, sender) => unbindSender(gateways, operator, id, sender, Date.now()),
  users: (_operator, id) => operatorUsers(gateways, id),
  addUser: (operator, id, form) => operatorAddUser(gateways, operator, id, form, Date.now()),
  changeUser: (operator, id, user, form) => operatorChangeUser(gateways, operator, id, user, form, Date.now()),
  renewPassword: (operator, id, user) => operatorRenewPassword(gateways, operator, id, user, Date.now()),
  keys: (_operator, id) => operatorKeys(gateways, id),
  makeKey: (operator, id, form) => operatorMakeKey(gateways, operator, id, form, Date.now()),
  changeKey: (operator, id, key, form) => operatorChangeKey(gateways, operator, id, key, form, Date.now()),
  carriers: () => operatorCarriers(gateways),
  saveCarrier: (operator, id, form) => saveCarrier(gateways, operator, id, form, Date.now()),
  testCarrier: (operator, id) => testCarrier(gateways, operator, id, Date.now()),
  prices: (_operator, tenant) => operatorPrices(gateways, tenant),
  previewPrices: (_operator, tenant, csv) => previewPrices(gateways, tenant, csv),
  importPrices: (operator, tenant, csv) => importPrices(gateways, operator, tenant, csv, Date.now()),
  removePrice: (operator, tenant, country) => removePrice(gateways, operator, tenant, country, Date.now()),
  approvals: (_operator, wish, cursor) => listApprovals(gateways, wish, cursor),
  waitingApprovals: () => countWaitingApprovals(gateways.database),
  approval: (_operator, id) => showApproval(gateways, null, id),
  approvalFile: (_operator, id, n) => readApprovalFile(gateways, null, id, n),
  decideApproval: (operator, id, decision, reason) => decideApproval(gateways, operator, id, decision, reason, Date.now()),
  health: () => readHealth(gateways, Date.now()),
  carrierHours: (_operator, id) => readCarrierHours(gateways, id, Date.now()),
  audit: (_operator, wish, cursor) => readAudit(gateways, wish, cursor),
  legacyImports: (_operator, cursor) => listLegacyImports(gateways, cursor),
  deadLetters: (_operator, cursor) => listDeadLetters(gateways, cursor),
  redrive: (operator, id) => redrive(gateways, operator, id, Date.now()),
  dropDeadLetter: (operator, id) => dropDeadLetter(gateways, operator, id, Date.now()),
  notices: (_operator, cursor) => operatorNotices(gateways, cursor),
  postNotice: (operator, form) => postNotice(gateways, operator, form, Date.now()),
  removeNotice: (operator, id) => removeNotice(gateways, operator, id, Date.now()),
});
