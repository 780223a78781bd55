/** What a tenant answers to whoever opts out. Off unless it was set. */
import { maySend, type Actor } from '../../schema/console';
import { AppError } from '../../schema/errors';
import type { KeyId } from '../../schema/ids';
import { TEXT_MAX_CHARACTERS } from '../../schema/limits';
import type { Gateways } from '../gateways';
import { recordAudit } from '../gateways/stores/audit';
import { findOptOutReply, putOptOutReply } from '../gateways/stores/opt-out-replies';
import { measureText } from '../rules/sms-parts';

export async function readOptOutReply(
  { database }: Pick<Gateways, 'database'>,
  { tenant }: Actor,
): Promise<{ readonly text: string | null; readonly key: KeyId | null }> {
  const found = await findOptOutReply(database, tenant);
  return { text: found?.body ?? null, key: found?.keyId ?? null };
}

/**
 * @param key whose message the reply will be
 * @param text as it is sent, without variables; null = no reply
 * @throws AppError forbidden, or invalid_request naming `key` or `text`
 */
export async function setOptOutReply(
  gateways: Pick<Gateways, 'database' | 'tenant'>,
  actor: Actor,
  key: KeyId,
  text: string | null,
): Promise<void> {
  if (!maySend(actor)) throw new AppError('forbidden');
  if (!(await gateways.tenant(actor.tenant).keys.find(key)))
    throw new AppError('invalid_request', { fields: [{ field: 'key', code: 'not_found' }] });
  if (text !== null && text.trim() === '') throw new AppError('invalid_request', { fields: [{ field: 'text', code: 'required' }] });
  if (text !== null && measureText(text, 'auto').characters > TEXT_MAX_CHARACTERS) {
    throw new AppError('invalid_request', { fields: [{ field: 'text', code: 'too_long', details: { max: TEXT_MAX_CHARACTERS } }] });
  }
  const now = Date.now();
  const { tenant: tenantId, user: userId, address } = actor;
  await putOptOutReply(gateways.database, tenantId, text === null ? null : { keyId: key, body: text }, now);
  await recordAudit(gateways.database, { tenantId, userId, action: 'opt_out_reply_changed', subject: key, address, at: now });
}
