/** Finds a number in a number index (number-index.ts) by one small read: the hashes are spread evenly, so their place is known about. */
import { numberHash } from './number-hash';
import { NUMBER_ENTRY_BYTES } from './number-index';

/** Entries `from` to `until` (exclusive) of an index. */
export interface EntryWindow {
  readonly from: number;
  readonly until: number;
}

/** An index of this many entries is read whole. */
const FEW_ENTRIES = 4_096;
/** The place of a hash among `entries` random ones lies within this many standard deviations (at most half the root each) of the expected one. */
const DEVIATIONS = 6;
const HASHES = 2 ** 32;

/** Where to look first. @param digits E.164 */
export function firstWindow(digits: string, entries: number): EntryWindow {
  if (entries <= FEW_ENTRIES) return { from: 0, until: entries };
  const expected = Math.floor((numberHash(Number(digits)) / HASHES) * entries);
  const reach = Math.ceil((DEVIATIONS * Math.sqrt(entries)) / 2);
  return { from: Math.max(0, expected - reach), until: Math.min(entries, expected + reach) };
}

/**
 * @param bytes the entries of the window
 * @param entries of the whole index
 * @returns the members that may hold the number, ascending; or a larger window, where the number may also stand beyond this one: a
 * number that many rows share moves all others
 */
export function lookUp(bytes: Uint8Array, { from, until }: EntryWindow, entries: number, digits: string): readonly number[] | EntryWindow {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = until - from;
  const hash = numberHash(Number(digits));
  const hashAt = (entry: number): number => view.getUint32(entry * NUMBER_ENTRY_BYTES);
  let low = 0;
  for (let high = count; low < high;) {
    const middle = (low + high) >>> 1;
    if (hashAt(middle) < hash) low = middle + 1;
    else high = middle;
  }
  let end = low;
  while (end < count && hashAt(end) === hash) end += 1;
  const mayStandBefore = low === 0 && from > 0;
  const mayStandBehind = end === count && until < entries;
  if (mayStandBefore || mayStandBehind) {
    return {
      from: mayStandBefore ? Math.max(0, from - 4 * count) : from,
      until: mayStandBehind ? Math.min(entries, until + 4 * count) : until,
    };
  }
  const members = new Set<number>();
  for (let entry = low; entry < end; entry += 1) members.add(view.getUint16(entry * NUMBER_ENTRY_BYTES + 4));
  return [...members];
}

export const isWindow = (answer: readonly number[] | EntryWindow): answer is EntryWindow => 'from' in answer;
