/** What owners of a tenant change about a key. Takes effect with its next request. */
import type { Actor } from '../../schema/console';
import { AppError, type FieldError } from '../../schema/errors';
import { newKeySecret, type KeyId } from '../../schema/ids';
import { managesKeys, type KeyLimits } from '../../schema/keys';
import { KEY_ALLOWLIST_MAX } from '../../schema/limits';
import type { KeyGateApi } from '../../schema/protocol/objects';
import type { Gateways } from '../gateways';
import { recordDeed, type AuditAction, type AuditEntry } from '../gateways/stores/audit';
import { isIso2 } from '../rules/countries';
import { isAllowlistEntry } from '../rules/ip-allowlist';
import { sha256Hex } from '../tenancy/make-key';
import { ownKey } from './view';

type Needed = Pick<Gateways, 'database' | 'tenant' | 'objects'>;

/** @throws AppError forbidden, not_found */
export async function changedGate(gateways: Needed, actor: Actor, id: KeyId): Promise<KeyGateApi> {
  if (!managesKeys(actor)) throw new AppError('forbidden');
  await ownKey(gateways, actor, id);
  return gateways.objects.keyGate(id);
}

export const auditKey = (
  { database }: Needed,
  actor: Actor,
  action: AuditAction,
  id: KeyId,
  change: Pick<AuditEntry, 'before' | 'after'> = {},
): Promise<void> => recordDeed(database, actor, { action, subject: id, ...change }, Date.now());

/** All of them at once. @throws AppError forbidden, not_found, invalid_request with every field that is wrong */
export async function limitKey(gateways: Needed, actor: Actor, id: KeyId, limits: KeyLimits): Promise<void> {
  const gate = await changedGate(gateways, actor, id);
  refuseWrong(limits);
  const { ipAllowlist, dailyMessages, dailySpendMicros, countries } = limits;
  const after: KeyLimits = { ipAllowlist, dailyMessages, dailySpendMicros, countries };
  const settings = await gate.patch(after);
  if (!settings) throw new AppError('not_found');
  const { dailyMessages: messages = null, dailySpendMicros: spend = null, countries: allowed = null } = settings;
  const before: KeyLimits = { ipAllowlist: settings.ipAllowlist, dailyMessages: messages, dailySpendMicros: spend, countries: allowed };
  await auditKey(gateways, actor, 'key_changed', id, { before, after });
}

function refuseWrong({ ipAllowlist, dailyMessages, dailySpendMicros, countries }: KeyLimits): void {
  const wrong: FieldError[] = [];
  const isCap = (cap: number | null): boolean => cap === null || (Number.isSafeInteger(cap) && cap >= 0);
  if (ipAllowlist.length > KEY_ALLOWLIST_MAX) wrong.push({ field: 'ipAllowlist', code: 'too_many', details: { max: KEY_ALLOWLIST_MAX } });
  else if (!ipAllowlist.every(isAllowlistEntry)) wrong.push({ field: 'ipAllowlist', code: 'invalid' });
  if (!isCap(dailyMessages)) wrong.push({ field: 'dailyMessages', code: 'invalid' });
  if (!isCap(dailySpendMicros)) wrong.push({ field: 'dailySpend', code: 'invalid' });
  if (countries?.every(isIso2) === false) wrong.push({ field: 'countries', code: 'not_found' });
  if (wrong.length > 0) throw new AppError('invalid_request', { fields: wrong });
}

export async function switchKey(gateways: Needed, actor: Actor, id: KeyId, enabled: boolean): Promise<void> {
  const gate = await changedGate(gateways, actor, id);
  // The gate decides; D1 only keeps a key that is off out of the task form.
  const settings = await gate.patch({ enabled });
  if (!settings) throw new AppError('not_found');
  await gateways.tenant(actor.tenant).keys.setEnabled(id, enabled);
  await auditKey(gateways, actor, 'key_changed', id, { before: { enabled: settings.enabled }, after: { enabled } });
}

/** @returns the secret in the clear, this once: only its hash is kept */
export async function addKeySecret(gateways: Needed, actor: Actor, id: KeyId): Promise<{ readonly secret: string }> {
  const gate = await changedGate(gateways, actor, id);
  const secret = newKeySecret();
  await gate.addSecret(await sha256Hex(secret));
  await auditKey(gateways, actor, 'key_secret_added', id);
  return { secret };
}

/** @throws AppError conflict for the last one: a key without secrets is a key that is off, and is to be called so */
export async function removeKeySecret(gateways: Needed, actor: Actor, id: KeyId, n: number): Promise<void> {
  const gate = await changedGate(gateways, actor, id);
  if (!(await gate.removeSecret(n))) throw new AppError('conflict');
  await auditKey(gateways, actor, 'key_secret_removed', id, { before: { n } });
}
