/** Changes what a key may do: rate, addresses, caps, countries, signature. Takes effect with its next request. */
import { AppError } from '../../schema/errors';
import type { KeyId } from '../../schema/ids';
import type { KeySettings } from '../../schema/protocol/objects';
import type { Gateways } from '../gateways';
import { sealSecret } from '../gateways/sealed-secrets';

export interface KeyChanges extends Partial<
  Pick<KeySettings, 'enabled' | 'perSecond' | 'ipAllowlist' | 'dailyMessages' | 'dailySpendMicros' | 'countries' | 'noSecret'>
> {
  /** `method` as Vonage calls it: md5hash, md5, sha1, sha256 or sha512. */
  readonly signature?: { readonly secret: string; readonly method: string };
}

/** @throws AppError not_found */
export async function adjustKey({ env, objects }: Pick<Gateways, 'env' | 'objects'>, key: KeyId, changes: KeyChanges): Promise<void> {
  const { signature, ...plain } = changes;
  const sealed = signature && { signature: { secretSealed: await sealSecret(env, signature.secret), method: signature.method } };
  if (!(await objects.keyGate(key).patch({ ...plain, ...sealed }))) throw new AppError('not_found');
}
