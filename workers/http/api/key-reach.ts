/**
 * What a key may change beside what is its own. It reads all that its tenant has; it changes the messages and tasks of keys like itself
 * (of its kind, both live or both for tests), and a test key nothing that live messages depend on.
 */
import { AppError } from '../../../schema/errors';
import type { KeyId } from '../../../schema/ids';
import type { Gateways } from '../../gateways';
import type { ApiKey } from '../../gateways/stores/api-keys';

/** `live`: what live messages depend on. Else whose the thing is that a call changes. */
export type Reach<Call> = 'live' | ((call: Call) => Promise<KeyId>);

/** @throws AppError key_not_allowed */
export async function refuseBeyondReach<Call extends { readonly key: ApiKey; readonly context: { readonly gateways: Gateways } }>(
  reach: Reach<Call> | undefined,
  call: Call,
): Promise<void> {
  if (reach === undefined) return;
  const { key, context } = call;
  const allowed = reach === 'live' ? !key.test : await isAlike(context.gateways, key, await reach(call));
  if (!allowed) throw new AppError('key_not_allowed');
}

async function isAlike({ tenant }: Pick<Gateways, 'tenant'>, key: ApiKey, owner: KeyId): Promise<boolean> {
  if (owner === key.id) return true;
  const found = await tenant(key.tenant).keys.find(owner);
  return found !== null && found.kind === key.kind && found.test === key.test;
}
