/** Accepts messages that are not part of a task: sign-in codes and the API's. Each key has one shard a UTC day, and another when it is full. */
import type { BlockReason } from '../../schema/errors';
import type { CarrierAccountId, Iso2, KeyId, MessageId, ShardNumber, TenantId } from '../../schema/ids';
import { encodeMessageId } from '../../schema/message-id';
import { NO_CHUNK, type AcceptedRow, type AcceptOptions, type OwnContent, type ShardSettings } from '../../schema/protocol/message-shard';
import type { TextType, TrafficKind } from '../../schema/states';
import type { Gateways } from '../gateways';
import { addDayShard, dayShards, findDayShard, type KeyDay } from '../gateways/stores/shards';

interface MessageWanted {
  /** E.164 digits without plus. */
  readonly to: string;
  readonly country: Iso2;
  readonly sender: string;
  readonly text: string;
  readonly parts: number;
  /** Micro-EUR of the whole message. */
  readonly priceMicros: number;
  readonly ref: string | null;
  /** Logged, never sent. */
  readonly blocked?: BlockReason | null;
}

export interface MessagesWanted {
  readonly tenant: TenantId;
  readonly key: KeyId;
  readonly traffic: TrafficKind;
  readonly carrierAccount: CarrierAccountId;
  readonly test: boolean;
  readonly textType: TextType;
  /** What all of these messages say for themselves, beside their text. */
  readonly own?: Pick<OwnContent, 'ttlMs' | 'callback' | 'callbackStyle'>;
  readonly messages: readonly MessageWanted[];
  /** A repeat of a call that was accepted answers the same ids and sends nothing; null = every call is new. Remembered with its shard. */
  readonly repeatKey: string | null;
  readonly options?: AcceptOptions;
}

export type AcceptGateways = Pick<Gateways, 'database' | 'objects' | 'queues'>;

/**
 * Rows first, then the queue: when this returns, the messages are safe, and if the queue was not reached the shard queues them itself.
 * @returns one id a message, in order
 */
export async function acceptMessages(gateways: AcceptGateways, wanted: MessagesWanted, now: number): Promise<readonly MessageId[]> {
  const { tenant, key, traffic: kind, repeatKey } = wanted;
  const keyDay: KeyDay = { tenant, key, kind, day: dayOf(now) };
  const rowsJson = JSON.stringify(wanted.messages.map((message) => rowOf(wanted, message)));
  let shard = await dayShard(gateways, wanted, keyDay, now, null);
  for (;;) {
    const accepted = await gateways.objects.shard(shard).acceptMessages(rowsJson, now, repeatKey, wanted.options ?? {});
    if ('full' in accepted) {
      shard = await dayShard(gateways, wanted, keyDay, now, shard);
      continue;
    }
    const { firstRow, count, chunk } = accepted;
    try {
      if (chunk !== NO_CHUNK) await gateways.queues.send(kind, [{ shard, chunk }]);
    } catch (thrown) {
      // The shard looks again in a moment; the messages are accepted all the same.
      console.error(JSON.stringify({ accepting: 'queue', unexpected: thrown instanceof Error ? thrown.name : typeof thrown }));
    }
    return idsOf(shard, firstRow, count);
  }
}

const idsOf = (shard: ShardNumber, firstRow: number, count: number): MessageId[] =>
  Array.from({ length: count }, (_, at) => encodeMessageId(shard, firstRow + at));

/** UTC, YYYY-MM-DD. */
const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

/**
 * What a call that may have died was answered: the shard that took it may have become full since, so all of its day are asked. What such
 * a shard owes the queue, it queues itself.
 * @param at when the call was made, ms UTC
 * @returns null when no shard knows of it
 */
export async function acceptedEarlier(
  gateways: Pick<Gateways, 'database' | 'objects'>,
  key: Omit<KeyDay, 'day'>,
  at: number,
  repeatKey: string,
): Promise<readonly MessageId[] | null> {
  for (const shard of await dayShards(gateways.database, { ...key, day: dayOf(at) })) {
    const accepted = await gateways.objects.shard(shard).acceptedBefore(repeatKey);
    if (accepted) return idsOf(shard, accepted.firstRow, accepted.count);
  }
  return null;
}

function rowOf({ own, textType }: MessagesWanted, message: MessageWanted): AcceptedRow {
  const { to, country, parts, priceMicros, text, sender, ref, blocked } = message;
  const content: OwnContent = { text, sender, ref, ...(textType !== 'auto' && { type: textType }), ...own };
  const fields = [Number(to), country, parts, priceMicros, JSON.stringify(content)] as const;
  return blocked ? [...fields, blocked] : [...fields];
}

/** Shards that this isolate has seen open, by key and day: spares a look into D1 for every message. */
const known = new Map<string, ShardNumber>();
const KNOWN_MAX = 1_000;

/** @param full the shard that took no more; null at first */
async function dayShard(
  gateways: AcceptGateways,
  wanted: MessagesWanted,
  keyDay: KeyDay,
  now: number,
  full: ShardNumber | null,
): Promise<ShardNumber> {
  const name = `${keyDay.key} ${keyDay.day}`;
  const remembered = known.get(name);
  if (remembered !== undefined && remembered !== full) return remembered;
  const found = await findDayShard(gateways.database, keyDay);
  const shard = found !== null && found !== full ? found : await addDayShard(gateways.database, keyDay, now);
  await gateways.objects.shard(shard).open(settingsOf(wanted, shard));
  if (known.size >= KNOWN_MAX) known.clear();
  known.set(name, shard);
  return shard;
}

const settingsOf = ({ tenant, key, carrierAccount, traffic, test }: MessagesWanted, shard: ShardNumber): ShardSettings => ({
  shard,
  tenant,
  key,
  carrierAccount,
  traffic,
  origin: 'api',
  task: null,
  taskName: null,
  sender: '',
  text: '',
  // Each message says its own, where it is another.
  textType: 'auto',
  columns: [],
  callbackUrl: null,
  test,
});
