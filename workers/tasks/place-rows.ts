/** Hands the rows of one range to their shards: one call a shard, slices of JSON text. */
import type { ShardNumber } from '../../schema/ids';
import { CONNECTIONS_PER_INVOCATION, ROWS_PER_SLICE } from '../../schema/limits';
import type { Gateways } from '../gateways';
import { shardOf } from '../rules/shard-choice';
import type { Candidates } from './judge-rows';

interface ShardLoad {
  /** Candidate of each row, in the order in which the shard sees them. */
  readonly candidates: number[];
  readonly slices: string[];
  open: string;
}

/**
 * @param dropped 1 at candidates that are not to be placed; duplicates are marked in it as they are found
 * @returns the candidates that the task already holds
 */
export async function placeRows(
  objects: Pick<Gateways['objects'], 'shard'>,
  range: number,
  shards: readonly ShardNumber[],
  candidates: Candidates,
  dropped: Uint8Array,
): Promise<number[]> {
  const loads = distribute(shards.length, candidates, dropped);
  const duplicates: number[] = [];
  const waiting = loads.entries();
  const carry = async (): Promise<void> => {
    for (const [at, load] of waiting) {
      const shard = shards[at];
      if (shard === undefined || load.candidates.length === 0) continue;
      const accepted = await objects.shard(shard).acceptRange(range, load.slices);
      for (const position of accepted.duplicates) {
        const candidate = load.candidates[position];
        if (candidate === undefined) continue;
        dropped[candidate] = 1;
        duplicates.push(candidate);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(CONNECTIONS_PER_INVOCATION, shards.length) }, carry));
  return duplicates;
}

function distribute(count: number, candidates: Candidates, dropped: Uint8Array): ShardLoad[] {
  const loads: ShardLoad[] = Array.from({ length: count }, () => ({ candidates: [], slices: [], open: '' }));
  const { digits, countries, parts, prices, contents } = candidates;
  for (let at = 0; at < digits.length; at++) {
    if (dropped[at] === 1) continue;
    const number = digits[at] ?? '';
    const load = loads[shardOf(number, count)];
    if (!load) continue;
    load.open += `${load.open === '' ? '[' : ','}[${number},"${countries[at]}",${parts[at]},${prices[at]},${contents[at]}]`;
    load.candidates.push(at);
    if (load.candidates.length % ROWS_PER_SLICE === 0) closeSlice(load);
  }
  for (const load of loads) closeSlice(load);
  return loads;
}

function closeSlice(load: ShardLoad): void {
  if (load.open !== '') load.slices.push(`${load.open}]`);
  load.open = '';
}
