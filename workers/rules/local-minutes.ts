/**
 * Times of an archive file (`2026-11-23T05:15:37.123Z`) in a user's zone, bytes to bytes. Rows of a minute come together, and within a minute
 * only the seconds differ: the local minute is made once.
 */
import { COMMA } from './archive-cells';
import { formatLocal } from './local-time';

/** `2026-11-23 13:15:` */
const MINUTE_LENGTH = 17;
/** Receipts of some days, in whatever order, by the low bits of their minute. */
const SLOTS = 1 << 13;
const ZERO = 0x30;

export class LocalMinutes {
  readonly #zone: string;
  /** Which minute a slot holds. */
  readonly #minutes = new Int32Array(SLOTS).fill(-1);
  readonly #texts = new Uint8Array(SLOTS * MINUTE_LENGTH);

  /** @param zone IANA name; its offset is a whole number of minutes, as all are since 1972 */
  constructor(zone: string) {
    this.#zone = zone;
  }

  /** Writes the time at `from` with a comma behind it. @returns where it ends */
  write(bytes: Uint8Array, from: number, into: Uint8Array, at: number): number {
    const year = two(bytes, from) * 100 + two(bytes, from + 2);
    const month = two(bytes, from + 5);
    const day = two(bytes, from + 8);
    const hour = two(bytes, from + 11);
    const minute = two(bytes, from + 14);
    // Minutes that follow each other get slots that do.
    const name = (((year - 1970) * 16 + month) * 32 + day) * 2048 + hour * 64 + minute;
    const slot = name & (SLOTS - 1);
    let text = slot * MINUTE_LENGTH;
    if (this.#minutes[slot] !== name) {
      this.#minutes[slot] = name;
      const local = formatLocal(Date.UTC(year, month - 1, day, hour, minute), this.#zone);
      for (let index = 0; index < MINUTE_LENGTH; index++) this.#texts[text + index] = local.charCodeAt(index);
    }
    const texts = this.#texts;
    let end = at;
    for (const until = text + MINUTE_LENGTH; text < until; text++) into[end++] = texts[text] ?? 0;
    into[end++] = bytes[from + MINUTE_LENGTH] ?? 0;
    into[end++] = bytes[from + MINUTE_LENGTH + 1] ?? 0;
    into[end++] = COMMA;
    return end;
  }
}

const two = (bytes: Uint8Array, at: number): number => (bytes[at] ?? 0) * 10 + (bytes[at + 1] ?? 0) - 11 * ZERO;
