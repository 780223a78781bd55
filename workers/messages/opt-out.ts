/** Somebody wants no more messages: the blacklist, and once the answer that the tenant has set. */
import { AppError } from '../../schema/errors';
import type { KeyId, TenantId } from '../../schema/ids';
import { MAINLAND_COUNTRY } from '../../schema/limits';
import type { Gateways } from '../gateways';
import { findApiKey, rememberedPrices } from '../gateways/stores/api-keys';
import { marketingKeys, tenantsOfNumber, type InboundRow } from '../gateways/stores/inbound';
import { findOptOutReply } from '../gateways/stores/opt-out-replies';
import { textHash } from '../gateways/text-hash';
import type { AcceptGateways } from './accept';
import { acceptRequest, type Decision } from './accept-request';
import { answeredKey } from './answered-key';
import type { ArchiveGateways } from './archived-shard';
import { planRequest, type PlannedMessage } from './plan-request';

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
 * money, key off, over a cap) is not: the opt-out stands all the same.
 */
async function reply(gateways: Needed, tenant: TenantId, { from, to, receivedAt }: InboundRow): Promise<void> {
  const wanted = await findOptOutReply(gateways.database, tenant);
  const key = wanted && (await findApiKey(gateways, wanted.keyId));
  if (!wanted || !key) return;
  const prices = key.test ? null : await rememberedPrices(gateways, tenant);
  const [planned] = planRequest(wanted.body, 'auto', [{ input: `+${from}`, variables: null, ref: null }], prices).messages;
  if (!planned) return;
  const gate = gateways.objects.keyGate(key.id);
  const admission = await gate.admit({ secretSha256: null, address: null, tokens: 1 });
  if (admission.kind !== 'admitted' || (await isTooMuch(gateways, tenant, planned))) return;
  // The same request whoever runs it: of one day there is one answer to a number, however often it opts out.
  const request = `opt-out ${from}`;
  const decision: Decision = { blocked: [null], at: receivedAt, takenOver: true, ticket: null };
  try {
    await acceptRequest(gateways, key, decision, {
      sender: to,
      textType: 'auto',
      messages: [planned],
      own: {},
      sendAt: null,
      request,
      isRepeatable: true,
      locale: 'en',
    });
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
  }
}

async function isTooMuch({ env, objects }: Needed, tenant: TenantId, { to, country, text }: PlannedMessage): Promise<boolean> {
  if (country !== MAINLAND_COUNTRY) return false;
  const verdicts = await objects.mainlandCaps(tenant).count(JSON.stringify([[Number(to), textHash(env, text)]]));
  return verdicts.some((verdict) => typeof verdict === 'string');
}
