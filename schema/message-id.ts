/**
 * Message ids: where the message lives, readable over the telephone.
 *
 * 15 characters of Crockford base32: 8 for the shard (40 bits), 6 for the row in it (30 bits), 1 check character (the 70-bit value mod 37, as
 * Crockford defines it). Fixed width and big-endian, so ids of one shard sort by row. The id alone names the home of a message: no lookup table.
 */
import type { MessageId, ShardNumber } from './ids';

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const CHECK_ALPHABET = `${ALPHABET}*~$=U`;
const CHECK_MODULUS = 37;
const ID_LENGTH = 15;
const DATA_LENGTH = 14;
const TWENTY_BITS = 2 ** 20;

/** Largest shard number that fits, inclusive. */
export const MESSAGE_ID_MAX_SHARD = 2 ** 40 - 1;
/** Largest row number that fits, inclusive. */
export const MESSAGE_ID_MAX_ROW = 2 ** 30 - 1;

/** Two characters at once: 1024 entries halve the work of writing an id. */
const PAIRS: readonly string[] = Array.from({ length: 1024 }, (_, n) => ALPHABET.charAt(n >>> 5) + ALPHABET.charAt(n & 31));
const pair = (n: number): string => PAIRS[n & 1023] ?? '';

const NOT_A_DIGIT = 255;
/** Value of a character code as people type it: any case, I and L for 1, O for 0. */
function decodeTable(alphabet: string): Uint8Array {
  const table = new Uint8Array(128).fill(NOT_A_DIGIT);
  for (let value = 0; value < alphabet.length; value++) {
    table[alphabet.charCodeAt(value)] = value;
    table[alphabet.charAt(value).toLowerCase().charCodeAt(0)] = value;
  }
  for (const [typed, value] of [
    ['I', 1],
    ['L', 1],
    ['O', 0],
  ] as const) {
    table[typed.charCodeAt(0)] = value;
    table[typed.toLowerCase().charCodeAt(0)] = value;
  }
  return table;
}
const VALUES = decodeTable(ALPHABET);
const CHECK_VALUES = decodeTable(CHECK_ALPHABET);

/** (high * 2^50 + middle * 2^30 + row) mod 37, the factors reduced beforehand so that every product stays a small integer. */
const FACTOR_HIGH = Number(2n ** 50n % 37n);
const FACTOR_MIDDLE = Number(2n ** 30n % 37n);
const checkOf = (high: number, middle: number, row: number): number => (high * FACTOR_HIGH + middle * FACTOR_MIDDLE + row) % CHECK_MODULUS;

/**
 * @param shard 0 … 2^40 - 1
 * @param row 0 … 2^30 - 1
 * @throws RangeError when either does not fit: an id that cannot be read back must never leave.
 */
export function encodeMessageId(shard: ShardNumber, row: number): MessageId {
  if (!(shard >= 0 && shard <= MESSAGE_ID_MAX_SHARD && row >= 0 && row <= MESSAGE_ID_MAX_ROW)) {
    throw new RangeError('shard or row does not fit a message id');
  }
  const high = Math.floor(shard / TWENTY_BITS);
  const middle = shard - high * TWENTY_BITS;
  return (pair(high >>> 10) +
    pair(high) +
    pair(middle >>> 10) +
    pair(middle) +
    pair(row >>> 20) +
    pair(row >>> 10) +
    pair(row) +
    CHECK_ALPHABET.charAt(checkOf(high, middle, row))) as MessageId;
}

/** @returns null for anything that is not one of our ids: wrong length, a foreign character, a wrong check character. */
export function decodeMessageId(text: string): { shard: ShardNumber; row: number } | null {
  if (text.length !== ID_LENGTH) return null;
  let high = 0;
  let middle = 0;
  let row = 0;
  for (let at = 0; at < DATA_LENGTH; at++) {
    const value = VALUES[text.charCodeAt(at)] ?? NOT_A_DIGIT;
    if (value === NOT_A_DIGIT) return null;
    if (at < 4) high = high * 32 + value;
    else if (at < 8) middle = middle * 32 + value;
    else row = row * 32 + value;
  }
  if (CHECK_VALUES[text.charCodeAt(DATA_LENGTH)] !== checkOf(high, middle, row)) return null;
  return { shard: (high * TWENTY_BITS + middle) as ShardNumber, row };
}
