/**
 * Times in a user's zone, fast enough for a file of millions of rows: the zone's offset is asked of Intl once per day, on days of a change once
 * per quarter of an hour (offsets only ever change on one), and the rest is integer arithmetic.
 */
const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const DAY_MS = 24 * 60 * MINUTE_MS;
const QUARTER_MS = 15 * MINUTE_MS;
/** Days (more than 250 years of them) or quarters that are remembered, then forgotten all at once. */
const REMEMBERED_MAX = 100_000;

/** A map that starts over when it is full, so that odd times from outside cannot fill the memory. */
class Remembered<Value> {
  readonly #values = new Map<number, Value>();

  get(key: number, compute: (key: number) => Value): Value {
    const known = this.#values.get(key);
    if (known !== undefined) return known;
    const value = compute(key);
    if (this.#values.size >= REMEMBERED_MAX) this.#values.clear();
    this.#values.set(key, value);
    return value;
  }
}

class Zone {
  readonly #format: Intl.DateTimeFormat;
  /** Offset of a UTC day, null when it changes on that day. (No zone ever changed there and back within one.) */
  readonly #days = new Remembered<number | null>();
  readonly #quarters = new Remembered<number>();

  constructor(name: string) {
    this.#format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
  }

  /** Local minus UTC, in ms, at an instant. */
  offsetAt(ms: number): number {
    return this.#days.get(Math.floor(ms / DAY_MS), this.#ofDay) ?? this.#quarters.get(Math.floor(ms / QUARTER_MS), this.#ofQuarter);
  }

  readonly #ofQuarter = (quarter: number): number => this.#measure(quarter * QUARTER_MS);
  readonly #ofDay = (day: number): number | null => {
    const offset = this.#measure(day * DAY_MS);
    return offset === this.#measure((day + 1) * DAY_MS) ? offset : null;
  };

  #measure(ms: number): number {
    const parts: Record<string, string> = {};
    for (const { type, value } of this.#format.formatToParts(ms)) parts[type] = value;
    const local = Date.UTC(
      Number(parts['year']),
      Number(parts['month']) - 1,
      Number(parts['day']),
      Number(parts['hour']),
      Number(parts['minute']),
      Number(parts['second']),
    );
    return local - ms;
  }
}

const dayTexts = new Remembered<string>();
/** YYYY-MM-DD. @param day local, since 1970-01-01 */
const dayText = (day: number): string => dayTexts.get(day, (since) => new Date(since * DAY_MS).toISOString().slice(0, 10));

const zones = new Map<string, Zone>();
function zoneOf(name: string): Zone {
  let zone = zones.get(name);
  if (zone === undefined) zones.set(name, (zone = new Zone(name)));
  return zone;
}

/** Whether the runtime knows this IANA name; users choose theirs. */
export function isTimeZone(name: string): boolean {
  try {
    return zoneOf(name) !== undefined;
  } catch {
    return false;
  }
}

const TWO_DIGITS: readonly string[] = Array.from({ length: 60 }, (_, n) => String(n).padStart(2, '0'));
const two = (n: number): string => TWO_DIGITS[n] ?? '';

/**
 * @param ms UTC
 * @param zone IANA name
 * @returns `YYYY-MM-DD HH:mm:ss`
 * @throws RangeError for a zone that does not exist, see isTimeZone.
 */
export function formatLocal(ms: number, zone: string): string {
  const at = zoneOf(zone);
  const local = ms + at.offsetAt(ms);
  const day = Math.floor(local / DAY_MS);
  const seconds = Math.floor((local - day * DAY_MS) / SECOND_MS);
  const minutes = Math.floor(seconds / 60);
  return `${dayText(day)} ${two(Math.floor(minutes / 60))}:${two(minutes % 60)}:${two(seconds % 60)}`;
}

/** `YYYY-MM-DD` of the local day. @param ms UTC */
export function formatDay(ms: number, zone: string): string {
  const at = zoneOf(zone);
  return dayText(Math.floor((ms + at.offsetAt(ms)) / DAY_MS));
}

const LOCAL_TIME = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,3})?)?)?$/;

/**
 * Reads `YYYY-MM-DDTHH:mm[:ss]` (what `<input type="datetime-local">` gives) or a day alone (its midnight) as local time. A time that
 * happens twice is the first of the two; one that a change of clocks skips is read with the offset before the change, as a clock that
 * was not put forward would show it.
 * @returns ms UTC, null when it is no time (30 February, 25:00)
 */
export function parseLocal(text: string, zone: string): number | null {
  const match = LOCAL_TIME.exec(text);
  if (match === null) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1).map((digits) => Number(digits ?? 0));
  const local = Date.UTC(year, month - 1, day, hour, minute, second);
  const written = new Date(local);
  if (written.getUTCMonth() !== month - 1 || written.getUTCDate() !== day || hour > 23 || minute > 59 || second > 59) return null;
  const at = zoneOf(zone);
  // Around a change of clocks the instant is off by either offset: the earlier reading that fits wins.
  const before = at.offsetAt(local - DAY_MS);
  const after = at.offsetAt(local + DAY_MS);
  for (const offset of before > after ? [before, after] : [after, before]) {
    if (at.offsetAt(local - offset) === offset) return local - offset;
  }
  return local - before;
}
