/** Members of a number index are numbered over all its shards: which shard is each one's, and which number has it there. Pure. */
import type { ShardNumber } from '../../schema/ids';
import type { NumberedShard } from '../../schema/protocol/archive';

/** @param members as the index numbers them, ascending @returns as their files number them */
export function membersByShard(shards: readonly NumberedShard[], members: readonly number[]): Map<ShardNumber, Set<number>> {
  const found = new Map<ShardNumber, Set<number>>();
  const sorted = members.toSorted((a, b) => a - b);
  let from = 0;
  let at = 0;
  for (const [shard, count] of shards) {
    for (let member = sorted[at]; member !== undefined && member < from + count; member = sorted[(at += 1)]) {
      const own = found.get(shard) ?? new Set<number>();
      found.set(shard, own.add(member - from));
    }
    from += count;
  }
  return found;
}

/** Of a merged index, with the numbers that its inputs' members have there. */
export interface NumberedTogether {
  readonly shards: readonly NumberedShard[];
  /** Of each input, by its own number of the member; GONE = the shard looks for its numbers elsewhere. */
  readonly renumbered: readonly Int32Array[];
}
export const GONE = -1;

/** @param isIn whether a shard still looks for its numbers in the input of this place */
export function numberTogether(
  inputs: readonly (readonly NumberedShard[])[],
  isIn: (input: number, shard: ShardNumber) => boolean,
): NumberedTogether {
  const shards: NumberedShard[] = [];
  let next = 0;
  const renumbered = inputs.map((own, input) => {
    const numbers = new Int32Array(own.reduce((sum, [, count]) => sum + count, 0));
    let from = 0;
    for (const [shard, count] of own) {
      const stays = isIn(input, shard);
      for (let member = from; member < from + count; member += 1) numbers[member] = stays ? next++ : GONE;
      if (stays) shards.push([shard, count]);
      from += count;
    }
    return numbers;
  });
  return { shards, renumbered };
}
