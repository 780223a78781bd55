/** The blacklist of one key: numbers and countries that it must not send to. */
import { maySend, type Actor, type Page } from '../../schema/console';
import { AppError } from '../../schema/errors';
import type { Iso2, KeyId } from '../../schema/ids';
import type { NumberRejected } from '../../schema/keys';
import { PAGE_ROWS_MAX } from '../../schema/limits';
import type { KeyGateApi } from '../../schema/protocol/objects';
import type { Gateways } from '../gateways';
import { recordDeed } from '../gateways/stores/audit';
import { isIso2 } from '../rules/countries';
import { parsePhone } from '../rules/phone';

type Needed = Pick<Gateways, 'tenant' | 'objects'>;
type Recorded = Needed & Pick<Gateways, 'database'>;

interface ListedNumber {
  /** E.164 digits without plus. */
  readonly digits: string;
  readonly addedAt: number;
  readonly reason: string;
  /** The inbound message that caused it. */
  readonly source: string | null;
}

/** @throws AppError not_found for a key that is not the tenant's */
async function ownGate({ tenant, objects }: Needed, actor: Actor, key: KeyId): Promise<KeyGateApi> {
  if (!(await tenant(actor.tenant).keys.find(key))) throw new AppError('not_found');
  return objects.keyGate(key);
}

async function changedGate(gateways: Needed, actor: Actor, key: KeyId): Promise<KeyGateApi> {
  if (!maySend(actor)) throw new AppError('forbidden');
  return ownGate(gateways, actor, key);
}

export const readBlacklist = async (
  gateways: Needed,
  actor: Actor,
  key: KeyId,
): Promise<{ readonly numbers: number; readonly countries: readonly Iso2[] }> => (await ownGate(gateways, actor, key)).blacklistCounts();

/** In the order of the numbers. @param cursor the last number of the page before */
export async function listBlacklist(
  gateways: Needed,
  actor: Actor,
  key: KeyId,
  cursor: string | null,
  limit: number,
): Promise<Page<ListedNumber>> {
  if (cursor !== null && !/^\d{1,15}$/.test(cursor))
    throw new AppError('invalid_request', { fields: [{ field: 'cursor', code: 'invalid' }] });
  const size = Math.min(limit, PAGE_ROWS_MAX);
  const found = await (await ownGate(gateways, actor, key)).listNumbers(Number(cursor ?? 0), size + 1);
  const rows = found
    .slice(0, size)
    .map(({ recipient, addedAt, reason, source }) => ({ digits: String(recipient), addedAt, reason, source }));
  return { rows, cursor: found.length > size ? (rows.at(-1)?.digits ?? null) : null };
}

interface ParsedNumbers {
  /** JSON array text. */
  readonly recipientsJson: string;
  readonly rejected: readonly NumberRejected[];
}

function parsed(numbers: readonly string[]): ParsedNumbers {
  const recipients = new Set<number>();
  const rejected: NumberRejected[] = [];
  for (const input of numbers) {
    const phone = parsePhone(input);
    if (phone.valid) recipients.add(Number(phone.digits));
    else rejected.push({ input, code: phone.reason });
  }
  return { recipientsJson: JSON.stringify([...recipients]), rejected };
}

/** Of the numbers it says how many they were. */
export async function addToBlacklist(
  gateways: Recorded,
  actor: Actor,
  key: KeyId,
  numbers: readonly string[],
): Promise<{ readonly added: number; readonly rejected: readonly NumberRejected[] }> {
  const gate = await changedGate(gateways, actor, key);
  const { recipientsJson, rejected } = parsed(numbers);
  const { added } = await gate.addNumbers(recipientsJson, 'user');
  if (added > 0)
    await recordDeed(gateways.database, actor, { action: 'blacklist_numbers_added', subject: key, after: { added } }, Date.now());
  return { added, rejected };
}

export async function removeFromBlacklist(
  gateways: Recorded,
  actor: Actor,
  key: KeyId,
  numbers: readonly string[],
): Promise<{ readonly removed: number; readonly rejected: readonly NumberRejected[] }> {
  const gate = await changedGate(gateways, actor, key);
  const { recipientsJson, rejected } = parsed(numbers);
  const { removed } = await gate.removeNumbers(recipientsJson);
  if (removed > 0)
    await recordDeed(gateways.database, actor, { action: 'blacklist_numbers_removed', subject: key, after: { removed } }, Date.now());
  return { removed, rejected };
}

/** In place of those that were there. @throws AppError invalid_request naming each country that does not exist */
export async function setBlacklistedCountries(gateways: Recorded, actor: Actor, key: KeyId, countries: readonly string[]): Promise<void> {
  const gate = await changedGate(gateways, actor, key);
  const wrong = countries.flatMap((country, at) => (isIso2(country) ? [] : [{ field: `countries[${at}]`, code: 'not_found' as const }]));
  if (wrong.length > 0) throw new AppError('invalid_request', { fields: wrong });
  const before = (await gate.blacklistCounts()).countries;
  await gate.setCountries(countries as readonly Iso2[]);
  const change = { before: { countries: before }, after: { countries } };
  await recordDeed(gateways.database, actor, { action: 'blacklist_countries_changed', subject: key, ...change }, Date.now());
}
