/** People of a tenant, as operators keep them. */
import type { TenantId, UserId } from '../../schema/ids';
import type { NewUserForm, Operator, UserForm, UserItem } from '../../schema/operators';
import type { Gateways } from '../gateways';
import { addUser, changeUser, listUsers, renewFirstPassword } from '../tenancy/keep-users';
import { auditOperator } from './audit';
import { tenantRow } from './tenants';

type Needed = Pick<Gateways, 'env' | 'database'>;

export async function operatorUsers(gateways: Needed, tenant: TenantId): Promise<readonly UserItem[]> {
  await tenantRow(gateways, tenant);
  return listUsers(gateways, tenant);
}

export async function operatorAddUser(
  gateways: Needed,
  operator: Operator,
  tenant: TenantId,
  form: NewUserForm,
  now: number,
): Promise<UserId> {
  await tenantRow(gateways, tenant);
  const user = await addUser(gateways, tenant, form, now);
  await auditOperator(gateways, operator, { action: 'user_added', tenant, subject: user, after: { role: form.role } }, now);
  return user;
}

export async function operatorChangeUser(
  gateways: Needed,
  operator: Operator,
  tenant: TenantId,
  id: UserId,
  form: UserForm,
  now: number,
): Promise<void> {
  const change = await changeUser(gateways, tenant, id, form, now);
  await auditOperator(gateways, operator, { action: 'user_changed', tenant, subject: id, ...change }, now);
}

export async function operatorRenewPassword(
  gateways: Needed,
  operator: Operator,
  tenant: TenantId,
  id: UserId,
  now: number,
): Promise<void> {
  await renewFirstPassword(gateways, tenant, id, now);
  await auditOperator(gateways, operator, { action: 'password_renewed', tenant, subject: id }, now);
}
