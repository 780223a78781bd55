/** Somebody wants no more messages: the blacklist, and once the answer that the tenant has set. */
import { AppError } from '../../schema/errors';
import type { KeyId, TenantId } from '../../schema/ids';
import type { Gateways } from '../gateways';
import { findApiKey, rememberedPrices } from '../gateways/stores/api-keys';
import { marketingKeys, tenantsOfNumber, type InboundRow } from '../gateways/stores/inbound';
import { findOptOutReply } from '../gateways/stores/opt-out-replies';
import { acceptedEarlier, type AcceptGateways } from './accept';
import { acceptRequest } from './accept-request';
import { admitRequest } from './admit';
import { answeredKey } from './answered-key';
import type { ArchiveGateways } from './archived-shard';
import { approvalCheck } from './mainland-approval';
import { planRequest } from './plan-request';

type Needed = AcceptGateways & ArchiveGateways & Pick<Gateways, 'env'>;

/**
 * The number goes on the list of the key whose message was answered. Of a number that tenants share, those who wrote to this person are
 * meant. Where no message is found (it is older than the log is looked at, or was sent elsewhere), nobody can tell the key: then the number goes
 * on the lists of all marketing keys of whoever the number belongs to, for somebody who said stop must not hear more. A repeat changes nothing.
 */
export async function actOnOptOut(gateways: Needed, message: InboundRow): Promise<void> {
  const recipients = JSON.stringify([Number(message.from)]);
  for (const { tenant, keys } of await whoIsMeant(gateways, message)) {
    // Before the number is on the list: whoever takes over from a Worker that died in between must still see that it is new.
    if (tenant === message.tenantId && !(await isListed(gateways, keys, recipients))) await reply(gateways, tenant, message);
    for (const key of keys) await gateways.objects.keyGate(key).addNumbers(recipients, 'opt_out', message.id);
  }
}

interface Meant {
  readonly tenant: TenantId;
  readonly keys: readonly KeyId[];
}

async function whoIsMeant(gateways: Needed, message: InboundRow): Promise<readonly Meant[]> {
  const tenants = await tenantsOfNumber(gateways.database, message.to);
  const answered: Meant[] = [];
  for (const tenant of tenants) {
    const key = await answeredKey(gateways, tenant, message);
    if (key !== null) answered.push({ tenant, keys: [key] });
  }
  if (answered.length > 0) return answered;
  return Promise.all(tenants.map(async (tenant) => ({ tenant, keys: await marketingKeys(gateways.database, tenant) })));
}

/** A number that is out already is not told so again, or two machines could answer each other for ever. */
async function isListed({ objects }: Needed, keys: readonly KeyId[], recipients: string): Promise<boolean> {
  for (const key of keys) if ((await objects.keyGate(key).screen(recipients)).length === 0) return false;
  return keys.length > 0;
}

/**
 * A message as every other, from the number that was written to: it costs, it counts, it is in the log. What cannot be sent (no price, no
 * money, key off, over a cap, not approved) is not: the opt-out stands all the same.
 */
async function reply(gateways: Needed, tenant: TenantId, { from, to, receivedAt }: InboundRow): Promise<void> {
  const wanted = await findOptOutReply(gateways.database, tenant);
  const key = wanted && (await findApiKey(gateways, wanted.keyId));
  if (!wanted || !key) return;
  // The same request whoever runs it: of one day there is one answer to a number, however often it opts out.
  const request = `opt-out ${from}`;
  if (await acceptedEarlier(gateways, { tenant, key: key.id, kind: key.kind }, receivedAt, request)) return;
  const prices = key.test ? null : await rememberedPrices(gateways, tenant);
  const recipients = [{ input: `+${from}`, variables: null, ref: null }];
  const { messages } = planRequest(wanted.body, 'auto', recipients, prices, await approvalCheck(gateways, key, to));
  if (messages.length === 0) return;
  const verdict = await admitRequest(gateways, key, { credential: { kind: 'platform' }, address: '', repeat: null }, messages);
  if (verdict.kind !== 'admitted' || verdict.blocked.some((reason) => reason !== null)) return;
  try {
    await acceptRequest(
      gateways,
      key,
      { ...verdict, at: receivedAt },
      {
        sender: to,
        textType: 'auto',
        messages,
        own: {},
        sendAt: null,
        request,
        isRepeatable: true,
        locale: 'en',
      },
    );
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
  }
}
