/** Keys of a tenant, as operators make and limit them. What a key is lives in D1, what it may do in its KeyGate. */
import { AppError, type FieldError } from '../../schema/errors';
import type { CarrierAccountId, KeyId, TenantId } from '../../schema/ids';
import { ACCOUNTS_OF_KEY_MAX, KEY_PER_SECOND_MAX } from '../../schema/limits';
import type { KeyForm, KeyItem, NewKeyForm, Operator } from '../../schema/operators';
import type { KeySettings } from '../../schema/protocol/objects';
import type { Gateways } from '../gateways';
import { changeKeyRow, findCarrier, findKey, keysOfTenant, type KeyRow } from '../gateways/stores/service-desk';
import { isIso2 } from '../rules/countries';
import { isAllowlistEntry } from '../rules/ip-allowlist';
import { nameError } from '../tenancy/keep-users';
import { makeKey } from '../tenancy/make-key';
import { auditOperator } from './audit';
import { tenantRow } from './tenants';

type Needed = Pick<Gateways, 'database' | 'objects'>;

const ALLOWLIST_MAX = 100;

const itemOf = (row: KeyRow, settings: KeySettings | null): KeyItem => ({
  id: row.id,
  name: row.name,
  kind: row.kind,
  test: row.test,
  createdAt: row.createdAt,
  enabled: settings?.enabled ?? row.enabled,
  carrierAccounts: [row.carrierAccountId, ...row.furtherAccounts],
  perSecond: settings?.perSecond ?? 0,
  ipAllowlist: settings?.ipAllowlist ?? [],
  dailyMessages: settings?.dailyMessages ?? null,
  dailySpendMicros: settings?.dailySpendMicros ?? null,
  countries: settings?.countries ?? null,
  noSecret: settings?.noSecret ?? false,
});

/** Oldest first. */
export async function operatorKeys(gateways: Needed, tenant: TenantId): Promise<readonly KeyItem[]> {
  await tenantRow(gateways, tenant);
  const rows = await keysOfTenant(gateways.database, tenant);
  return Promise.all(rows.map(async (row) => itemOf(row, await gateways.objects.keyGate(row.id).settings())));
}

async function carrierErrors({ database }: Needed, ids: readonly CarrierAccountId[]): Promise<FieldError[]> {
  const field = 'carrierAccounts';
  if (ids.length === 0) return [{ field, code: 'required' }];
  if (ids.length > ACCOUNTS_OF_KEY_MAX) return [{ field, code: 'too_many', details: { max: ACCOUNTS_OF_KEY_MAX } }];
  const found = await Promise.all([...new Set(ids)].map((id) => findCarrier(database, id)));
  if (found.length < ids.length || found.includes(null)) return [{ field, code: 'not_found' }];
  return found.some((account) => account?.enabled) ? [] : [{ field, code: 'carrier_off' }];
}
const rateError = (perSecond: number): FieldError[] =>
  Number.isInteger(perSecond) && perSecond >= 1 && perSecond <= KEY_PER_SECOND_MAX ? [] : [{ field: 'perSecond', code: 'invalid' }];
const capError = (field: string, cap: number | null): FieldError[] =>
  cap === null || (Number.isSafeInteger(cap) && cap > 0) ? [] : [{ field, code: 'invalid' }];

export async function operatorMakeKey(
  gateways: Needed,
  operator: Operator,
  tenant: TenantId,
  form: NewKeyForm,
  now: number,
): Promise<{ readonly baseKey: KeyId; readonly secret: string }> {
  await tenantRow(gateways, tenant);
  const { kind, test, carrierAccounts, perSecond } = form;
  const wrong = [...nameError('name', form.name), ...(await carrierErrors(gateways, carrierAccounts)), ...rateError(perSecond)];
  const [carrierAccount, ...furtherAccounts] = carrierAccounts;
  if (wrong.length > 0 || !carrierAccount) throw new AppError('invalid_request', { fields: wrong });
  const made = await makeKey(gateways, { kind, test, carrierAccount, furtherAccounts, perSecond, name: form.name.trim(), tenant }, now);
  const after = { kind, test, carrierAccounts, perSecond };
  await auditOperator(gateways, operator, { action: 'key_made', tenant, subject: made.baseKey, after }, now);
  return made;
}

/** @throws not_found; invalid_request naming every field that is wrong */
export async function operatorChangeKey(
  gateways: Needed,
  operator: Operator,
  tenant: TenantId,
  id: KeyId,
  form: KeyForm,
  now: number,
): Promise<void> {
  const row = await findKey(gateways.database, id);
  const gate = gateways.objects.keyGate(id);
  const settings = row?.tenantId === tenant ? await gate.settings() : null;
  if (!row || !settings) throw new AppError('not_found');
  const wrong = [
    ...nameError('name', form.name),
    ...(await carrierErrors(gateways, form.carrierAccounts)),
    ...rateError(form.perSecond),
    ...capError('dailyMessages', form.dailyMessages),
    ...capError('dailySpendMicros', form.dailySpendMicros),
    ...listError('ipAllowlist', form.ipAllowlist, isAllowlistEntry),
    ...listError('countries', form.countries ?? [], isIso2),
  ];
  // Without a secret an address is all there is to know a client by.
  if (form.noSecret && form.ipAllowlist.length === 0) wrong.push({ field: 'ipAllowlist', code: 'required' });
  if (wrong.length > 0) throw new AppError('invalid_request', { fields: wrong });
  const { enabled, perSecond, ipAllowlist, noSecret, dailyMessages, dailySpendMicros, countries } = form;
  await gate.patch({ enabled, perSecond, ipAllowlist, noSecret, dailyMessages, dailySpendMicros, countries });
  const name = form.name.trim();
  const [carrierAccountId = row.carrierAccountId, ...furtherAccounts] = form.carrierAccounts;
  await changeKeyRow(gateways.database, id, { name, enabled, carrierAccountId, furtherAccounts });
  const before = itemOf(row, settings);
  await auditOperator(gateways, operator, { action: 'key_changed', tenant, subject: id, before, after: { ...before, ...form, name } }, now);
}

function listError(field: string, list: readonly string[], isRight: (text: string) => boolean): FieldError[] {
  if (list.length > ALLOWLIST_MAX && field === 'ipAllowlist') return [{ field, code: 'too_many', details: { max: ALLOWLIST_MAX } }];
  return list.every((entry) => isRight(entry)) ? [] : [{ field, code: 'invalid' }];
}
