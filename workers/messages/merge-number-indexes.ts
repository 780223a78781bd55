/**
 * Repair of every minute: each sealed shard brings a number index of its own, and a look-up should not have to read them all. Four of one
 * tier become one of the next, as in a log-structured merge tree: a number is written again a few times in its life, and the indexes of ten
 * million rows are about a dozen. D1 changes over in one transaction; until then, and a day longer for readers under way, the old ones are read.
 */
import { ARCHIVE_LEFTOVER_MS, NUMBERS_FULL, NUMBERS_FULL_ENTRIES, NUMBERS_FULL_MEMBERS, NUMBERS_TOGETHER } from '../../schema/limits';
import { mergedNumbersKey } from '../../schema/storage-keys';
import type { Gateways } from '../gateways';
import { writeMergedNumbers } from '../gateways/merged-numbers';
import {
  beginMerged,
  finishMerged,
  forgetNumberIndexes,
  mergeInputs,
  numbersToMerge,
  numbersToRemove,
  shardsIndexedIn,
  type NumbersToMerge,
} from '../gateways/stores/number-indexes';
import { numberTogether } from '../rules/numbered-shards';

type MergeGateways = Pick<Gateways, 'database' | 'files'>;

/** A run of the minute's repairs does not keep the others from theirs. */
const RUN_MS = 20_000;
const PLACES_AT_ONCE = 100;
const REMOVED_AT_ONCE = 50;

export async function mergeNumberIndexes(gateways: MergeGateways, now: number): Promise<void> {
  const endsAt = Date.now() + RUN_MS;
  await removeOld(gateways, now);
  for (;;) {
    const places = await numbersToMerge(gateways.database, NUMBERS_TOGETHER, PLACES_AT_ONCE);
    if (places.length === 0) return;
    for (const place of places) {
      if (Date.now() > endsAt) return;
      await mergeOnce(gateways, place, now);
    }
  }
}

/** Another run may do the same at the same time: one of them wins, and what the other wrote is removed with the leftovers. */
async function mergeOnce({ database, files }: MergeGateways, place: NumbersToMerge, now: number): Promise<void> {
  const inputs = await mergeInputs(database, place, NUMBERS_TOGETHER);
  if (inputs.length < NUMBERS_TOGETHER) return;
  const indexed = new Set(
    (
      await shardsIndexedIn(
        database,
        inputs.map(({ file }) => file),
      )
    ).map((pair) => pair.join(' ')),
  );
  const { shards, renumbered } = numberTogether(
    inputs.map((input) => input.shards),
    (input, shard) => indexed.has(`${inputs[input]?.file} ${shard}`),
  );
  const file = mergedNumbersKey(place.dataset, place.tenant, crypto.randomUUID());
  const members = shards.reduce((sum, [, count]) => sum + count, 0);
  const entriesAtMost = inputs.reduce((sum, { entries }) => sum + entries, 0);
  const isFull = entriesAtMost >= NUMBERS_FULL_ENTRIES || members >= NUMBERS_FULL_MEMBERS;
  const fromAt = Math.min(...inputs.map((input) => input.fromAt));
  const untilAt = Math.max(...inputs.map((input) => input.untilAt));
  await beginMerged(
    database,
    { ...place, file, shards, fromAt, untilAt, tier: isFull ? NUMBERS_FULL : place.tier + 1 },
    now + ARCHIVE_LEFTOVER_MS,
  );
  const entries = await writeMergedNumbers(
    files,
    file,
    inputs.map((input, at) => ({ ...input, renumbered: renumbered[at] ?? new Int32Array() })),
  );
  await finishMerged(
    database,
    file,
    entries,
    inputs.map((input) => input.file),
    now + ARCHIVE_LEFTOVER_MS,
  );
}

/** The files first: what D1 has forgotten, nobody finds again. */
async function removeOld({ database, files }: MergeGateways, now: number): Promise<void> {
  const old = await numbersToRemove(database, now, REMOVED_AT_ONCE);
  await files.remove(old);
  await forgetNumberIndexes(database, old);
}
