/** Asks a key for one request: everything that decides about it, in one call. */
import { MAINLAND_COUNTRY } from '../../schema/limits';
import type { KeyCredential, KeyRequest, KeyVerdict, ScreenedRecipient } from '../../schema/protocol/objects';
import type { Gateways } from '../gateways';
import type { ApiKey } from '../gateways/stores/api-keys';
import { textHash } from '../gateways/text-hash';
import type { PlannedMessage } from './plan-request';

export type Admitted = Extract<KeyVerdict, { kind: 'admitted' }>;

export function admitRequest(
  { env, objects }: Pick<Gateways, 'env' | 'objects'>,
  key: ApiKey,
  request: { readonly credential: KeyCredential; readonly address: string; readonly repeat: KeyRequest['repeat'] },
  messages: readonly PlannedMessage[],
): Promise<KeyVerdict> {
  const recipients = messages.map(({ to, country, priceMicros, text }): ScreenedRecipient => [
    Number(to),
    country,
    priceMicros,
    country === MAINLAND_COUNTRY ? textHash(env, text) : null,
  ]);
  return objects.keyGate(key.id).admitRequest({
    credential: request.credential,
    address: request.address === '' ? null : request.address,
    recipientsJson: JSON.stringify(recipients),
    repeat: request.repeat,
  });
}
