/** The signature secret of a key: with it clients of the Vonage-compatible face sign requests, and their receipts are signed. */
import type { Actor } from '../../schema/console';
import { AppError } from '../../schema/errors';
import { newKeySecret, type KeyId } from '../../schema/ids';
import { SIGNATURE_METHODS } from '../../schema/keys';
import type { Gateways } from '../gateways';
import { sealSecret } from '../gateways/sealed-secrets';
import { auditKey, changedGate } from './change';

type Needed = Pick<Gateways, 'env' | 'database' | 'tenant' | 'objects'>;

/**
 * One at a time, as at Vonage: the one before is good no more.
 * @returns the secret in the clear, this once
 * @throws AppError forbidden, not_found, invalid_request naming `method`
 */
export async function signWithKey(gateways: Needed, actor: Actor, id: KeyId, method: string): Promise<{ readonly secret: string }> {
  const gate = await changedGate(gateways, actor, id);
  if (!SIGNATURE_METHODS.some((known) => known === method)) {
    throw new AppError('invalid_request', { fields: [{ field: 'method', code: 'invalid' }] });
  }
  const secret = newKeySecret();
  const signature = { secretSealed: await sealSecret(gateways.env, secret), method };
  const settings = await gate.patch({ signature });
  if (!settings) throw new AppError('not_found');
  const before = { method: settings.signature?.method ?? null };
  await auditKey(gateways, actor, 'key_signature_changed', id, { before, after: { method } });
  return { secret };
}

/** @throws AppError forbidden, not_found */
export async function unsignKey(gateways: Needed, actor: Actor, id: KeyId): Promise<void> {
  const gate = await changedGate(gateways, actor, id);
  const settings = await gate.patch({ signature: null });
  if (!settings) throw new AppError('not_found');
  const before = { method: settings.signature?.method ?? null };
  await auditKey(gateways, actor, 'key_signature_changed', id, { before, after: { method: null } });
}
