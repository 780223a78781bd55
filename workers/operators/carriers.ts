/** Carrier accounts: kept with their secrets sealed, tried with a question that sends nothing. */
import { AppError, type FieldError } from '../../schema/errors';
import { newCarrierAccountId, type CarrierAccountId } from '../../schema/ids';
import { CARRIER_PER_SECOND_MAX } from '../../schema/limits';
import { SIGNATURE_METHODS } from '../../schema/keys';
import type { CarrierForm, CarrierItem, CarrierTest, Operator } from '../../schema/operators';
import type { Gateways } from '../gateways';
import { askBalance } from '../gateways/carrier-balance';
import { sealSecret } from '../gateways/sealed-secrets';
import { putCarrierAccount } from '../gateways/stores/provisioning';
import { findCarrier, keysOfCarrierAlone, listCarriers } from '../gateways/stores/service-desk';
import { nameError } from '../tenancy/keep-users';
import { auditOperator } from './audit';

type Needed = Pick<Gateways, 'env' | 'database'>;

export const operatorCarriers = ({ database }: Needed): Promise<readonly CarrierItem[]> => listCarriers(database);

/** @param id null = a new account. @throws not_found; invalid_request naming every field that is wrong */
export async function saveCarrier(
  gateways: Needed,
  operator: Operator,
  id: CarrierAccountId | null,
  form: CarrierForm,
  now: number,
): Promise<CarrierAccountId> {
  const known = id === null ? null : await findCarrier(gateways.database, id);
  if (id !== null && !known) throw new AppError('not_found');
  const wrong = carrierErrors(form, known === null);
  const alone = known?.enabled && !form.enabled ? await keysOfCarrierAlone(gateways.database, known.id) : 0;
  if (alone > 0) wrong.push({ field: 'enabled', code: 'last_carrier', details: { keys: alone } });
  if (wrong.length > 0) throw new AppError('invalid_request', { fields: wrong });
  const { env } = gateways;
  const account = id ?? newCarrierAccountId();
  const plain = {
    name: form.name.trim(),
    apiKey: form.apiKey.trim(),
    signatureMethod: form.signatureMethod,
    restHost: form.restHost.trim().replace(/\/+$/, ''),
    perSecond: form.perSecond,
    enabled: form.enabled,
  };
  await putCarrierAccount(gateways.database, {
    ...plain,
    id: account,
    apiSecretSealed: form.apiSecret === '' && known ? known.apiSecretSealed : await sealSecret(env, form.apiSecret),
    signatureSecretSealed: form.signatureSecret === '' && known ? known.signatureSecretSealed : await sealSecret(env, form.signatureSecret),
    createdAt: known?.createdAt ?? now,
  });
  const shown = ({ name, apiKey, signatureMethod, restHost, perSecond, enabled }: typeof plain) => ({
    name,
    apiKey,
    signatureMethod,
    restHost,
    perSecond,
    enabled,
  });
  const after = { ...plain, secretReplaced: form.apiSecret !== '', signatureSecretReplaced: form.signatureSecret !== '' };
  await auditOperator(gateways, operator, { action: 'carrier_saved', subject: account, before: known && shown(known), after }, now);
  return account;
}

function carrierErrors(form: CarrierForm, isNew: boolean): FieldError[] {
  const wrong = nameError('name', form.name);
  if (!/^[\w-]{1,64}$/.test(form.apiKey.trim())) wrong.push({ field: 'apiKey', code: form.apiKey.trim() === '' ? 'required' : 'invalid' });
  if (isNew && form.apiSecret === '') wrong.push({ field: 'apiSecret', code: 'required' });
  if (!SIGNATURE_METHODS.some((method) => method === form.signatureMethod)) wrong.push({ field: 'signatureMethod', code: 'invalid' });
  if (form.restHost.trim() !== '' && !/^https?:\/\/[^\s/]+/.test(form.restHost.trim())) wrong.push({ field: 'restHost', code: 'invalid' });
  if (!Number.isInteger(form.perSecond) || form.perSecond < 1 || form.perSecond > CARRIER_PER_SECOND_MAX)
    wrong.push({ field: 'perSecond', code: 'invalid' });
  return wrong;
}

/** Asks the carrier for the account's balance: right credentials are answered, and nobody gets a message. @throws not_found */
export async function testCarrier(gateways: Needed, operator: Operator, id: CarrierAccountId, now: number): Promise<CarrierTest> {
  const known = await findCarrier(gateways.database, id);
  if (!known) throw new AppError('not_found');
  const outcome = await askBalance(gateways.env, known);
  await auditOperator(gateways, operator, { action: 'carrier_tested', subject: id, after: { ok: outcome.ok } }, now);
  return outcome;
}
