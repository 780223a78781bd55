/** How much of its daily caps a key has used. Counted only while a cap is set: an uncapped key writes nothing for a message. */
import type { BlockReason } from '../../schema/errors';
import type { KeySettings } from '../../schema/protocol/objects';
import { rows, run } from '../kit/storage';

/** UTC, YYYY-MM-DD. */
const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

export type DayRefusal = Extract<BlockReason, 'daily_messages' | 'daily_spend'>;
type Caps = Pick<KeySettings, 'dailyMessages' | 'dailySpendMicros'>;
export const isCapped = ({ dailyMessages, dailySpendMicros }: Caps): boolean =>
  dailyMessages !== undefined || dailySpendMicros !== undefined;

export class DayCount {
  readonly #sql: SqlStorage;
  readonly #caps: Caps;
  readonly #day: string;
  #messages = 0;
  #micros = 0;
  #addedMessages = 0;
  #addedMicros = 0;

  constructor(sql: SqlStorage, caps: Caps, now: number) {
    this.#sql = sql;
    this.#caps = caps;
    this.#day = dayOf(now);
    if (!isCapped(caps)) return;
    const [found] = rows<{ messages: number; micros: number }>(sql, 'SELECT messages, micros FROM days WHERE day = ?', this.#day);
    this.#messages = found?.messages ?? 0;
    this.#micros = found?.micros ?? 0;
  }

  /** null = may go. */
  judge(priceMicros: number): DayRefusal | null {
    const { dailyMessages = Number.POSITIVE_INFINITY, dailySpendMicros = Number.POSITIVE_INFINITY } = this.#caps;
    if (this.#messages + this.#addedMessages + 1 > dailyMessages) return 'daily_messages';
    return this.#micros + this.#addedMicros + priceMicros > dailySpendMicros ? 'daily_spend' : null;
  }

  count(priceMicros: number): void {
    this.#addedMessages += 1;
    this.#addedMicros += priceMicros;
  }

  /** So many messages at once, all or none. @returns null when they were counted */
  take(messages: number, micros: number): DayRefusal | null {
    const { dailyMessages = Number.POSITIVE_INFINITY, dailySpendMicros = Number.POSITIVE_INFINITY } = this.#caps;
    if (this.#messages + messages > dailyMessages) return 'daily_messages';
    if (this.#micros + micros > dailySpendMicros) return 'daily_spend';
    this.#addedMessages += messages;
    this.#addedMicros += micros;
    return null;
  }

  /** @returns what was added, for `takeBackDay`; null when nothing was written */
  save(): DayAdded | null {
    if (!isCapped(this.#caps) || this.#addedMessages === 0) return null;
    const added: DayAdded = [this.#day, this.#addedMessages, this.#addedMicros];
    addToDay(this.#sql, added);
    return added;
  }
}

export type DayAdded = readonly [day: string, messages: number, micros: number];

function addToDay(sql: SqlStorage, [day, messages, micros]: DayAdded): void {
  run(
    sql,
    'INSERT INTO days VALUES (?, ?, ?) ON CONFLICT (day) DO UPDATE SET messages = messages + excluded.messages, micros = micros + excluded.micros',
    day,
    messages,
    micros,
  );
}

export const takeBackDay = (sql: SqlStorage, [day, messages, micros]: DayAdded): void => addToDay(sql, [day, -messages, -micros]);

export function forgetOldDays(sql: SqlStorage, now: number): void {
  run(sql, 'DELETE FROM days WHERE day < ?', dayOf(now));
}
