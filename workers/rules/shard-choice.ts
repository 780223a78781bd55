/** Which shard of a task a number lives in. The answer decides where duplicates meet, so it may never change for a task that exists. */
import { ROWS_PER_SHARD } from '../../schema/limits';

/** @param lines rows of the uploaded file, bad ones included. */
export function shardCount(lines: number, rowsPerShard: number = ROWS_PER_SHARD): number {
  return Math.max(1, Math.ceil(lines / rowsPerShard));
}

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/**
 * FNV-1a over the digits, then murmur3's finaliser: consecutive numbers, the usual content of a file, spread evenly.
 * @param digits E.164 without plus
 * @returns 0 … count - 1
 */
export function shardOf(digits: string, count: number): number {
  if (count === 1) return 0;
  let hash = FNV_OFFSET;
  for (let at = 0; at < digits.length; at++) hash = Math.imul(hash ^ digits.charCodeAt(at), FNV_PRIME);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  hash = (hash ^ (hash >>> 16)) >>> 0;
  return Math.floor((hash * count) / 2 ** 32);
}
