/** Asks the key's blacklist once for a range, and remembers the answer: a repeat of the range must drop the same rows, or the shards' answers would fit other rows. */
import { screenedKey } from '../../schema/storage-keys';
import type { TaskSettings } from '../../schema/protocol/task-run';
import type { Gateways } from '../gateways';
import type { BadRow, Candidates } from './judge-rows';

interface Screening {
  readonly numbers: readonly number[];
  readonly countries: readonly string[];
}

/** @param dropped is marked at every candidate that the blacklist holds. @returns those as bad rows */
export async function screenRange(
  gateways: Pick<Gateways, 'objects' | 'files'>,
  settings: TaskSettings,
  revision: number,
  range: number,
  candidates: Candidates,
  dropped: Uint8Array,
): Promise<BadRow[]> {
  const key = screenedKey(settings.tenant, settings.task, revision, range);
  const { numbers, countries } = await answerOnce(gateways, key, () => ask(gateways, settings, candidates));
  if (numbers.length === 0 && countries.length === 0) return [];
  const listedNumbers = new Set(numbers.map(String));
  const listedCountries = new Set(countries);
  const bad: BadRow[] = [];
  for (let at = 0; at < candidates.rows.length; at++) {
    const value = candidates.digits[at] ?? '';
    const country = candidates.countries[at] ?? '';
    const reason = listedCountries.has(country) ? 'country_blocked' : listedNumbers.has(value) ? 'blacklisted' : null;
    if (reason === null) continue;
    dropped[at] = 1;
    bad.push({ row: candidates.rows[at] ?? 0, value, reason, detail: reason === 'country_blocked' ? country : '' });
  }
  return bad;
}

async function ask({ objects }: Pick<Gateways, 'objects'>, settings: TaskSettings, candidates: Candidates): Promise<Screening> {
  const gate = objects.keyGate(settings.key);
  const { numbers, countries } = await gate.blacklistCounts();
  return { numbers: numbers === 0 ? [] : await gate.screen(`[${candidates.digits.join(',')}]`), countries };
}

async function answerOnce({ files }: Pick<Gateways, 'files'>, key: string, answer: () => Promise<Screening>): Promise<Screening> {
  const mine = await answer();
  if (await files.writeOnce(key, JSON.stringify(mine))) return mine;
  const first = await files.read(key);
  return first === null ? mine : (JSON.parse(new TextDecoder().decode(first)) as Screening);
}
