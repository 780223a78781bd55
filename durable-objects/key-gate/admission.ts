/** What a key says to one request, in the order in which a stranger may learn it: who asks, from where, how fast, whether again, to whom. */
import type { BlockReason } from '../../schema/errors';
import type { Iso2 } from '../../schema/ids';
import type { DayCounted, KeyRequest, KeySettings, KeyVerdict, ScreenedRecipient } from '../../schema/protocol/objects';
import type { Blacklist } from './blacklist';
import { DayCount, isCapped, takeBackDay, type DayAdded } from './day-count';
import type { MainlandVerdicts } from './mainland-verdicts';
import { beginRepeat, findRepeat, forgetRepeat, takeOver } from './repeats';
import type { TokenBucket } from './token-bucket';

type ListedRecipient = readonly [recipient: number, country: Iso2, ...unknown[]];

/** What one admission changed. */
interface Ticket {
  readonly day: DayAdded | null;
  /** Numbers in the tenant's MainlandCaps; absent = none. */
  readonly mainland?: readonly number[];
  readonly repeat: string | null;
}

/** Whether `admitKnown` will look at the recipients: only then are mainland ones worth counting. */
export function looksAtRecipients(
  sql: SqlStorage,
  { perSecond }: KeySettings,
  bucket: TokenBucket,
  request: KeyRequest,
  now: number,
): boolean {
  const { repeat, recipientsJson } = request;
  if (repeat !== null && findRepeat(sql, repeat, now).kind !== 'new') return false;
  return bucket.holds((JSON.parse(recipientsJson) as unknown[]).length, perSecond, now);
}

/** Most requests change nothing that is stored: they need no transaction. */
export const writesFor = (settings: KeySettings, { repeat }: KeyRequest): boolean => repeat !== null || isCapped(settings);

/** After the credential was found good. One transaction, if `writesFor` says so. */
export function admitKnown(
  sql: SqlStorage,
  settings: KeySettings,
  bucket: TokenBucket,
  blacklist: Blacklist,
  request: KeyRequest,
  recipients: readonly ScreenedRecipient[],
  mainland: MainlandVerdicts,
  now: number,
): KeyVerdict {
  const { repeat } = request;
  const found = repeat === null ? null : findRepeat(sql, repeat, now);
  const isNew = found === null || found.kind === 'new';
  // A repeat sends nothing new: it costs what looking something up costs.
  const retryAfterMs = bucket.take(isNew ? Math.max(1, recipients.length) : 1, settings.perSecond, now);
  const rate = bucket.rate(settings.perSecond);
  if (retryAfterMs > 0) return { kind: 'rate_limited', rate, retryAfterMs };
  if (!isNew) {
    if (found.kind === 'replayed') return { kind: 'replayed', rate, answer: found.answer };
    if (found.kind !== 'taken_over') return { kind: found.kind, rate };
    const { at, blocked, ticket } = found;
    if (repeat !== null) takeOver(sql, repeat.key, now);
    return { kind: 'admitted', settings, rate, blocked, at, takenOver: true, ticket };
  }
  const { blocked, day } = screen(sql, settings, blacklist, recipients, mainland, now);
  const counted = mainland.used;
  const begun = repeat?.begins === true ? repeat : null;
  const ticket: Ticket = { day, ...(counted.length > 0 && { mainland: counted }), repeat: begun?.key ?? null };
  const hasTicket = day !== null || counted.length > 0 || begun !== null;
  if (begun !== null) beginRepeat(sql, begun, now, blocked, JSON.stringify(ticket));
  return { kind: 'admitted', settings, rate, blocked, at: now, takenOver: false, ticket: hasTicket ? JSON.stringify(ticket) : null };
}

/** The messages of a task, counted for today all or none. */
export function countTask(sql: SqlStorage, settings: KeySettings, messages: number, micros: number, now: number): DayCounted {
  const count = new DayCount(sql, settings, now);
  const refusal = count.take(messages, micros);
  if (refusal !== null) return { ok: false, reason: refusal };
  const day = count.save();
  return { ok: true, ticket: day && JSON.stringify({ day, repeat: null } satisfies Ticket) };
}

/** @returns what the tenant's MainlandCaps are to take back */
export function takeBack(sql: SqlStorage, text: string): readonly number[] {
  const { day, mainland = [], repeat } = JSON.parse(text) as Ticket;
  if (day !== null) takeBackDay(sql, day);
  if (repeat !== null) forgetRepeat(sql, repeat);
  return mainland;
}

/** What the lists of a key say of these recipients, whatever is counted beside them. */
export function listJudge(
  settings: KeySettings,
  blacklist: Blacklist,
  recipients: readonly ListedRecipient[],
): (recipient: ListedRecipient) => BlockReason | null {
  const numbers = blacklist.among(recipients.map(([recipient]) => recipient));
  const { countries } = blacklist;
  const allowed = settings.countries === undefined ? null : new Set<string>(settings.countries);
  return ([recipient, country]) => {
    if (countries.has(country)) return 'country_blocked';
    if (allowed !== null && !allowed.has(country)) return 'country_not_allowed';
    return numbers.has(recipient) ? 'blacklisted' : null;
  };
}

interface Screened {
  readonly blocked: (BlockReason | null)[];
  readonly day: DayAdded | null;
}

function screen(
  sql: SqlStorage,
  settings: KeySettings,
  blacklist: Blacklist,
  recipients: readonly ScreenedRecipient[],
  mainland: MainlandVerdicts,
  now: number,
): Screened {
  if (recipients.length === 0) return { blocked: [], day: null };
  const listed = listJudge(settings, blacklist, recipients);
  const day = new DayCount(sql, settings, now);
  const judge = (recipient: ScreenedRecipient, at: number): BlockReason | null => {
    const [, , price] = recipient;
    const reason = listed(recipient) ?? mainland.judge(at) ?? day.judge(price);
    if (reason !== null) return reason;
    mainland.use(at);
    day.count(price);
    return null;
  };
  return { blocked: recipients.map(judge), day: day.save() };
}
