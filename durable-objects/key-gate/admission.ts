/** What a key says to one request, in the order in which a stranger may learn it: who asks, from where, how fast, whether again, to whom. */
import type { BlockReason } from '../../schema/errors';
import type { KeyRequest, KeySettings, KeyVerdict, ScreenedRecipient } from '../../schema/protocol/objects';
import type { Blacklist } from './blacklist';
import { DayCount, isCapped, takeBackDay, type DayAdded } from './day-count';
import type { MainlandVerdicts } from './mainland-verdicts';
import { beginRepeat, findRepeat, forgetRepeat, takeOver } from './repeats';
import type { TokenBucket } from './token-bucket';

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
  const found = request.repeat === null ? null : findRepeat(sql, request.repeat, now);
  const isNew = found === null || found.kind === 'new';
  // A repeat sends nothing new: it costs what looking something up costs.
  const retryAfterMs = bucket.take(isNew ? Math.max(1, recipients.length) : 1, settings.perSecond, now);
  const rate = bucket.rate(settings.perSecond);
  if (retryAfterMs > 0) return { kind: 'rate_limited', rate, retryAfterMs };
  if (!isNew) {
    if (found.kind === 'replayed') return { kind: 'replayed', rate, answer: found.answer };
    if (found.kind !== 'taken_over') return { kind: found.kind, rate };
    const { at, blocked, ticket } = found;
    if (request.repeat !== null) takeOver(sql, request.repeat.key, now);
    return { kind: 'admitted', settings, rate, blocked, at, takenOver: true, ticket };
  }
  const { blocked, day } = screen(sql, settings, blacklist, recipients, mainland, now);
  const counted = mainland.used;
  const ticket: Ticket = { day, ...(counted.length > 0 && { mainland: counted }), repeat: request.repeat?.key ?? null };
  const hasTicket = day !== null || counted.length > 0 || ticket.repeat !== null;
  if (request.repeat !== null) beginRepeat(sql, request.repeat, now, blocked, JSON.stringify(ticket));
  return { kind: 'admitted', settings, rate, blocked, at: now, takenOver: false, ticket: hasTicket ? JSON.stringify(ticket) : null };
}

/** @returns what the tenant's MainlandCaps are to take back */
export function takeBack(sql: SqlStorage, text: string): readonly number[] {
  const { day, mainland = [], repeat } = JSON.parse(text) as Ticket;
  if (day !== null) takeBackDay(sql, day);
  if (repeat !== null) forgetRepeat(sql, repeat);
  return mainland;
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
  const numbers = blacklist.among(recipients.map(([recipient]) => recipient));
  const { countries } = blacklist;
  const allowed = settings.countries === undefined ? null : new Set<string>(settings.countries);
  const day = new DayCount(sql, settings, now);
  const judge = ([recipient, country, price]: ScreenedRecipient, at: number): BlockReason | null => {
    if (countries.has(country)) return 'country_blocked';
    if (allowed !== null && !allowed.has(country)) return 'country_not_allowed';
    if (numbers.has(recipient)) return 'blacklisted';
    const reason = mainland.judge(at) ?? day.judge(price);
    if (reason !== null) return reason;
    mainland.use(at);
    day.count(price);
    return null;
  };
  return { blocked: recipients.map(judge), day: day.save() };
}
