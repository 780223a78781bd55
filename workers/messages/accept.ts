/** Accepts messages that are not part of a task: sign-in codes and the API's. Each key has one shard a UTC day, and another when it is full. */
import type { BlockReason } from '../../schema/errors';
import type { CarrierAccountId, Iso2, KeyId, MessageId, ShardNumber, TenantId } from '../../schema/ids';
import { encodeMessageId } from '../../schema/message-id';
import type { AcceptOptions, ApiRow, OwnContent, ShardSettings } from '../../schema/protocol/message-shard';
import type { TextType, TrafficKind } from '../../schema/states';
import type { Gateways } from '../gateways';
import { afterAnswer } from '../gateways/after-answer';
import { addDayShard, dayShards, findDayShard, type KeyDay } from '../gateways/stores/shards';
import { packAccepted } from '../rules/accepted-rows';

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

/** `ids`: one a message, in order. `availableMicros`: all that the tenant has, and too little; nothing was accepted. */
export type AcceptOutcome =
  | { readonly ok: true; readonly ids: readonly MessageId[] }
  | { readonly ok: false; readonly availableMicros: number };

/** Rows first: when this returns, the messages are safe. The queue is told meanwhile; if it is not reached, the shard queues them itself. */
export async function acceptMessages(gateways: AcceptGateways, wanted: MessagesWanted, now: number): Promise<AcceptOutcome> {
  const { tenant, key, traffic: kind, repeatKey } = wanted;
  const keyDay: KeyDay = { tenant, key, kind, day: dayOf(now) };
  const contentOf = contents(wanted);
  const rowsJson = packAccepted(wanted.messages.map((message) => rowOf(message, contentOf(message))));
  let shard = await dayShard(gateways, wanted, keyDay, now, null);
  for (;;) {
    const accepted = await gateways.objects.shard(shard).acceptMessages(rowsJson, now, repeatKey, wanted.options ?? {});
    if ('full' in accepted) {
      shard = await dayShard(gateways, wanted, keyDay, now, shard);
      continue;
    }
    if ('availableMicros' in accepted) return { ok: false, availableMicros: accepted.availableMicros };
    const { firstRow, count, chunks } = accepted;
    if (chunks.length > 0) {
      const jobs = chunks.map((chunk) => ({ shard, chunk }));
      afterAnswer('queue', gateways.queues.send(kind, jobs));
    }
    return { ok: true, ids: idsOf(shard, firstRow, count) };
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
): Promise<{ readonly ids: readonly MessageId[]; readonly note: string | null } | null> {
  for (const shard of await dayShards(gateways.database, { ...key, day: dayOf(at) })) {
    const accepted = await gateways.objects.shard(shard).acceptedBefore(repeatKey);
    if (accepted) return { ids: idsOf(shard, accepted.firstRow, accepted.count), note: accepted.note };
  }
  return null;
}

function rowOf({ to, country, parts, priceMicros, blocked }: MessageWanted, content: string): ApiRow {
  return blocked ? [Number(to), country, parts, priceMicros, content, blocked] : [Number(to), country, parts, priceMicros, content];
}

/** What a message says for itself, as text; made once for neighbours that say the same, as most of one call do. */
function contents({ own, textType }: MessagesWanted): (message: MessageWanted) => string {
  const shared = { ...(textType !== 'auto' && { type: textType }), ...own };
  let last: Pick<OwnContent, 'text' | 'sender' | 'ref'> | null = null;
  let json = '';
  return ({ text, sender, ref }) => {
    if (last?.text !== text || last.sender !== sender || last.ref !== ref) {
      last = { text, sender, ref };
      json = JSON.stringify({ ...last, ...shared } satisfies OwnContent);
    }
    return json;
  };
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
