/** A phone number as 32 bits, spread evenly: where it stands among the sorted hashes of a file can be told without looking. */
const TWO_32 = 2 ** 32;

/** @param recipient E.164 digits as a number (≤ 15 digits, so exact) @returns 0 … 2^32 - 1 */
export function numberHash(recipient: number): number {
  // Numbers of one block differ in their low bits only: each half is mixed into all bits (the finaliser of MurmurHash3).
  let hash = (recipient | 0) ^ Math.imul(Math.floor(recipient / TWO_32), 0x9e3779b1);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
