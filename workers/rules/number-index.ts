/**
 * Which members of an archive file hold a number: one entry of 6 bytes a row, sorted, each a uint32 (big endian) hash of the number and a
 * uint16 member number. The hashes are spread evenly, so a reader knows about where to look and needs one small read.
 */
import { numberHash } from './number-hash';

export const NUMBER_ENTRY_BYTES = 6;
const MEMBERS_MAX = 2 ** 16;
const START_ENTRIES = 4_096;

export class NumberIndex {
  /** Hash and member in one exact number (48 bits): sorted natively, 8 bytes an entry. */
  #entries = new Float64Array(START_ENTRIES);
  #count = 0;

  /** @param recipient E.164 digits as a number @param member counted from 0 */
  add(recipient: number, member: number): void {
    if (member >= MEMBERS_MAX) throw new RangeError('more members than a number index can name');
    if (this.#count === this.#entries.length) {
      const larger = new Float64Array(this.#count * 2);
      larger.set(this.#entries);
      this.#entries = larger;
    }
    this.#entries[this.#count++] = numberHash(recipient) * MEMBERS_MAX + member;
  }

  take(): Uint8Array {
    const entries = this.#entries.subarray(0, this.#count).sort();
    const bytes = new Uint8Array(entries.length * NUMBER_ENTRY_BYTES);
    const view = new DataView(bytes.buffer);
    for (let at = 0, to = 0; at < entries.length; at++, to += NUMBER_ENTRY_BYTES) {
      const entry = entries[at] ?? 0;
      view.setUint32(to, Math.floor(entry / MEMBERS_MAX));
      view.setUint16(to + 4, entry % MEMBERS_MAX);
    }
    return bytes;
  }
}
