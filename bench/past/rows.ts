/** Messages in the shares of real traffic: countries, networks, outcomes, the times of receipts. */
import { messageStateCode, type MessageState } from '../../schema/states';
import { DEMO_PRICES } from '../../workers/tenancy/demo-prices';
import type { Chance } from './chance';

/** Share of messages, prefix and free digits of mobile numbers, networks (MCC and MNC). */
const COUNTRIES = [
  { country: 'CN', share: 26, prefix: '86138', digits: 8, networks: ['46000', '46001', '46011'] },
  { country: 'HK', share: 8, prefix: '8529', digits: 7, networks: ['45400', '45404', '45412'] },
  { country: 'SG', share: 7, prefix: '659', digits: 7, networks: ['52501', '52503', '52505'] },
  { country: 'MY', share: 6, prefix: '6012', digits: 7, networks: ['50212', '50213', '50219'] },
  { country: 'TH', share: 6, prefix: '6681', digits: 7, networks: ['52001', '52004', '52018'] },
  { country: 'ID', share: 7, prefix: '62812', digits: 8, networks: ['51010', '51011', '51001'] },
  { country: 'IN', share: 7, prefix: '9198', digits: 8, networks: ['40410', '40445', '405840'] },
  { country: 'JP', share: 5, prefix: '8190', digits: 8, networks: ['44010', '44020', '44051'] },
  { country: 'GB', share: 5, prefix: '447', digits: 9, networks: ['23410', '23415', '23430'] },
  { country: 'DE', share: 4, prefix: '49151', digits: 8, networks: ['26201', '26202', '26203'] },
  { country: 'FR', share: 4, prefix: '336', digits: 8, networks: ['20801', '20810', '20820'] },
  { country: 'US', share: 6, prefix: '1415', digits: 7, networks: ['310410', '310260', '311480'] },
  { country: 'BR', share: 4, prefix: '55119', digits: 8, networks: ['72406', '72405', '72402'] },
  { country: 'MX', share: 2, prefix: '5255', digits: 8, networks: ['334020', '334050'] },
  { country: 'AE', share: 2, prefix: '97150', digits: 7, networks: ['42402', '42403'] },
  { country: 'AU', share: 1, prefix: '614', digits: 8, networks: ['50501', '50502'] },
] as const;

interface Outcome {
  readonly state: MessageState;
  readonly share: number;
  /** Out of a thousand; codes of rules/vonage-status and of BLOCK_REASONS. */
  readonly errors: readonly string[];
}
const OUTCOMES: readonly Outcome[] = [
  { state: 'delivered', share: 931, errors: [] },
  {
    state: 'failed',
    share: 36,
    errors: ['absent_temporary', 'absent_permanent', 'unreachable', 'barred_by_user', 'illegal_number', 'spam_rejected'],
  },
  { state: 'expired', share: 12, errors: ['unreachable'] },
  { state: 'unknown', share: 8, errors: ['no_receipt'] },
  { state: 'rejected', share: 9, errors: ['number_barred', 'invalid_message'] },
  { state: 'blocked', share: 4, errors: ['blacklisted'] },
];

/** As often in the list as its share says: one look finds one. */
const byShare = <T extends { readonly share: number }>(all: readonly T[]): readonly T[] =>
  all.flatMap((one) => Array.from({ length: one.share }, () => one));
const COUNTRY_BY_SHARE = byShare(COUNTRIES);
const OUTCOME_BY_SHARE = byShare(OUTCOMES);
const PRICES: ReadonlyMap<string, number> = new Map(DEMO_PRICES.map(({ country, micros }) => [country, micros]));

const UNANSWERED_MS = 72 * 60 * 60 * 1_000;

export interface PastRow {
  /** What the row says for itself, as AcceptedRow has it. */
  readonly content: string | null;
  /** null in a task. */
  readonly acceptedAt: number | null;
  /** When it went to the carrier. */
  readonly releasedAt: number;
}

export type CountryCounts = Record<string, { messages: number; parts: number; costMicros: number }>;

/** FinishedRow[] as JSON. @param counts is added to */
export function pastRows(chance: Chance, rows: Iterable<PastRow>, parts: number, counts: CountryCounts): string {
  const texts: string[] = [];
  for (const { content, acceptedAt, releasedAt } of rows) {
    const { country, prefix, digits, networks } = chance.of(COUNTRY_BY_SHARE);
    const { state, errors } = chance.of(OUTCOME_BY_SHARE);
    const tail = String(chance.below(10 ** digits)).padStart(digits, '0');
    const price = (PRICES.get(country) ?? 0) * parts;
    const isSent = state !== 'blocked' && state !== 'rejected';
    const submittedAt = isSent ? releasedAt + 40 + chance.below(200) : null;
    const waitedMs = state === 'unknown' ? UNANSWERED_MS : isSent ? chance.receiptDelay() : 100;
    const error = errors.length === 0 ? 'null' : `"${chance.of(errors)}"`;
    const network = isSent && state !== 'unknown' ? `"${chance.of(networks)}"` : 'null';
    const own = content === null ? 'null' : JSON.stringify(content);
    texts.push(
      `[${prefix}${tail},"${country}",${parts},${price},${own},${messageStateCode(state)},${error},${network},${acceptedAt},${submittedAt},${(submittedAt ?? releasedAt) + waitedMs}]`,
    );
    const sum = (counts[country] ??= { messages: 0, parts: 0, costMicros: 0 });
    sum.messages += 1;
    sum.parts += parts;
    sum.costMicros += price;
  }
  return `[${texts.join(',')}]`;
}
