/** Tenants: listed, opened, changed, topped up; senders bound to them. */
import { isText } from '../../schema/api/common';
import { AppError } from '../../schema/errors';
import type { LedgerLine, Page } from '../../schema/console';
import { newSenderId, newTenantId, type SenderId, type TenantId } from '../../schema/ids';
import { CURRENCY_SIGN_MAX, PAGE_ROWS } from '../../schema/limits';
import type { NewTenant, Operator, TenantItem, TenantSettings, TenantView } from '../../schema/operators';
import type { Gateways } from '../gateways';
import { addSender, addTenant } from '../gateways/stores/provisioning';
import {
  changeTenantRow,
  dropSender,
  dropTenantRow,
  findTenant,
  keysOfTenant,
  tenantPage,
  type TenantRow,
} from '../gateways/stores/service-desk';
import { pageOf, readPlace } from '../rules/list-place';
import { parseSender } from '../rules/sender';
import { paymentReference } from '../../schema/storage-keys';
import { addUser, nameError } from '../tenancy/keep-users';
import { readLedger } from '../tenancy/ledger';
import { auditOperator } from './audit';

const REFERENCE_MAX = 60;

const item = ({ id, name, enabled, createdAt }: TenantRow): TenantItem => ({ id, name, enabled, createdAt });
const settingsOf = ({ name, enabled, creditMicros, exactTemplates, masksBodies, currencySign }: TenantRow): TenantSettings => ({
  name,
  enabled,
  creditMicros,
  exactTemplates,
  masksBodies,
  currencySign,
});

/** @throws not_found */
export async function tenantRow({ database }: Pick<Gateways, 'database'>, id: TenantId): Promise<TenantRow> {
  const row = await findTenant(database, id);
  if (!row) throw new AppError('not_found');
  return row;
}

/** Newest first; `name` is part of the name. */
export async function listTenants(
  { database }: Pick<Gateways, 'database'>,
  name: string,
  cursor: string | null,
): Promise<Page<TenantItem>> {
  const found = await tenantPage(database, name.trim(), readPlace(cursor), PAGE_ROWS + 1);
  return pageOf(found.map(item), PAGE_ROWS, ({ createdAt: at, id }) => ({ at, id }));
}

export async function showTenant(gateways: Pick<Gateways, 'database' | 'objects' | 'tenant'>, id: TenantId): Promise<TenantView> {
  const row = await tenantRow(gateways, id);
  const [balance, senders] = await Promise.all([gateways.objects.ledger(id).balance(), gateways.tenant(id).senders()]);
  return { ...item(row), ...settingsOf(row), ...balance, senders };
}

export async function tenantLedger(
  gateways: Pick<Gateways, 'database' | 'objects'>,
  id: TenantId,
  cursor: string | null,
): Promise<Page<LedgerLine>> {
  await tenantRow(gateways, id);
  return await readLedger(gateways, id, cursor);
}

/** The tenant and its first owner, whose first password goes out by mail. */
export async function openTenant(
  gateways: Pick<Gateways, 'env' | 'database' | 'objects'>,
  operator: Operator,
  form: NewTenant,
  now: number,
): Promise<TenantId> {
  const wrong = [...nameError('name', form.name), ...nameError('ownerName', form.ownerName)];
  if (!isCredit(form.creditMicros)) wrong.push({ field: 'creditMicros', code: 'invalid' });
  if (wrong.length > 0) throw new AppError('invalid_request', { fields: wrong });
  const id = newTenantId();
  const { creditMicros, email, phones, locale } = form;
  const name = form.name.trim();
  // Switched off until its owner is there: a login that is taken leaves nothing that anybody could use.
  await addTenant(gateways.database, { id, name, enabled: false, creditMicros, createdAt: now });
  const owner = await addUser(gateways, id, { name: form.ownerName, department: '', email, phones, role: 'owner', locale }, now).catch(
    async (thrown: unknown) => {
      await dropTenantRow(gateways.database, id);
      throw thrown;
    },
  );
  await gateways.objects.ledger(id).setCredit(creditMicros);
  await changeTenantRow(gateways.database, id, { enabled: true });
  await auditOperator(gateways, operator, { action: 'tenant_opened', tenant: id, subject: id, after: { name, creditMicros, owner } }, now);
  return id;
}

/** A credit is what may be owed, never less than nothing. */
const isCredit = (micros: number): boolean => Number.isSafeInteger(micros) && micros >= 0;

export async function changeTenant(
  gateways: Pick<Gateways, 'database' | 'objects'>,
  operator: Operator,
  id: TenantId,
  settings: TenantSettings,
  now: number,
): Promise<void> {
  const row = await tenantRow(gateways, id);
  const currencySign = settings.currencySign.trim();
  const wrong = nameError('name', settings.name);
  if (!isCredit(settings.creditMicros)) wrong.push({ field: 'creditMicros', code: 'invalid' });
  if (currencySign === '') wrong.push({ field: 'currencySign', code: 'required' });
  else if (currencySign.length > CURRENCY_SIGN_MAX || !isText(currencySign)) wrong.push({ field: 'currencySign', code: 'invalid' });
  if (wrong.length > 0) throw new AppError('invalid_request', { fields: wrong });
  const after = { ...settings, name: settings.name.trim(), currencySign };
  await gateways.objects.ledger(id).setCredit(settings.creditMicros);
  await changeTenantRow(gateways.database, id, after);
  // Workers remember for a while what D1 says of a key: its gate is asked for each request.
  const gates = (await keysOfTenant(gateways.database, id)).map((key) => gateways.objects.keyGate(key.id));
  await Promise.all(gates.map((gate) => gate.patch({ tenantOff: settings.enabled ? null : true })));
  await auditOperator(gateways, operator, { action: 'tenant_changed', tenant: id, subject: id, before: settingsOf(row), after }, now);
}

/** @throws invalid_request naming `reference` where it was used before, `micros` where it is nothing */
export async function topUpTenant(
  gateways: Pick<Gateways, 'database' | 'objects'>,
  operator: Operator,
  id: TenantId,
  micros: number,
  reference: string,
  now: number,
): Promise<void> {
  await tenantRow(gateways, id);
  const text = reference.trim();
  if (text === '' || text.length > REFERENCE_MAX)
    throw new AppError('invalid_request', {
      fields: [{ field: 'reference', code: text === '' ? 'required' : 'too_long', details: { max: REFERENCE_MAX } }],
    });
  if (!Number.isSafeInteger(micros) || micros === 0)
    throw new AppError('invalid_request', { fields: [{ field: 'micros', code: 'invalid' }] });
  const ledger = gateways.objects.ledger(id);
  const { balanceMicros: before } = await ledger.balance();
  if (!(await ledger.topUp(paymentReference(text), micros)))
    throw new AppError('invalid_request', { fields: [{ field: 'reference', code: 'taken' }] });
  const after = { reference: text, micros };
  await auditOperator(
    gateways,
    operator,
    { action: 'balance_topped_up', tenant: id, subject: id, before: { balanceMicros: before }, after },
    now,
  );
}

export async function bindSender(
  gateways: Pick<Gateways, 'database' | 'tenant'>,
  operator: Operator,
  id: TenantId,
  value: string,
  now: number,
): Promise<void> {
  await tenantRow(gateways, id);
  const sender = parseSender(value.trim());
  if (!sender.ok) throw new AppError('invalid_request', { fields: [{ field: 'sender', code: 'sender_invalid' }] });
  const bound = await gateways.tenant(id).senders();
  if (bound.some((known) => known.value === sender.sender))
    throw new AppError('invalid_request', { fields: [{ field: 'sender', code: 'taken' }] });
  await addSender(gateways.database, { id: newSenderId(), tenantId: id, value: sender.sender, createdAt: now });
  await auditOperator(gateways, operator, { action: 'sender_bound', tenant: id, subject: id, after: { sender: sender.sender } }, now);
}

export async function unbindSender(
  gateways: Pick<Gateways, 'database'>,
  operator: Operator,
  id: TenantId,
  sender: SenderId,
  now: number,
): Promise<void> {
  const value = await dropSender(gateways.database, id, sender);
  if (value === null) throw new AppError('not_found');
  await auditOperator(gateways, operator, { action: 'sender_unbound', tenant: id, subject: id, before: { sender: value } }, now);
}
