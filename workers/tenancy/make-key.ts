/** Makes a key: what it is in D1, what it may do in its KeyGate. */
import { newKeyId, newKeySecret, type CarrierAccountId, type KeyId, type TenantId } from '../../schema/ids';
import { KEY_DEFAULT_PER_SECOND } from '../../schema/limits';
import type { TrafficKind } from '../../schema/states';
import type { Gateways } from '../gateways';
import { recordAudit } from '../gateways/stores/audit';
import { addKey } from '../gateways/stores/provisioning';

export interface NewKey {
  readonly tenant: TenantId;
  readonly name: string;
  readonly kind: TrafficKind;
  readonly test: boolean;
  readonly carrierAccount: CarrierAccountId;
  /** Pooled with it. */
  readonly furtherAccounts?: readonly CarrierAccountId[];
  readonly perSecond?: number;
  /** Demo data only: a known id and secret; a repeat changes nothing. */
  readonly fixed?: { readonly id: KeyId; readonly secret: string };
}

/** @returns the secret in the clear, this once: only its hash is kept. */
export async function makeKey(
  { database, objects }: Pick<Gateways, 'database' | 'objects'>,
  wanted: NewKey,
  now: number,
): Promise<{ readonly baseKey: KeyId; readonly secret: string }> {
  const { tenant, name, kind, test, carrierAccount, furtherAccounts = [], perSecond = KEY_DEFAULT_PER_SECOND } = wanted;
  const { id, secret } = wanted.fixed ?? { id: newKeyId(), secret: newKeySecret() };
  // The gate first: a key that the console shows is one that works.
  const gate = objects.keyGate(id);
  await gate.configure({ key: id, tenant, kind, enabled: true, test, perSecond, ipAllowlist: [] });
  await gate.addSecret(await sha256Hex(secret));
  const row = { id, tenantId: tenant, name, kind, test, enabled: true, carrierAccountId: carrierAccount, furtherAccounts, createdAt: now };
  await addKey(database, row);
  await recordAudit(database, { tenantId: tenant, userId: null, action: 'key_made', subject: id, address: '', at: now });
  return { baseKey: id, secret };
}

/** Lower-case hex. */
export async function sha256Hex(text: string): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
