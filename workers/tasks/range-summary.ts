/** What one range adds to the totals of its task. Pure. */
import type { RowRejection } from '../../schema/errors';
import type { RangeResult } from '../../schema/protocol/task-run';
import type { BadRow, Candidates } from './judge-rows';

const BLACKLIST_REASONS: ReadonlySet<RowRejection> = new Set(['blacklisted', 'country_blocked', 'country_not_allowed']);

/** @param dropped 1 at the candidates that are not sent after all; they are among `bad` */
export function summarise(count: number, candidates: Candidates, dropped: Uint8Array, bad: readonly BadRow[]): RangeResult {
  const byCountry: Record<string, { messages: number; parts: number; costMicros: number }> = {};
  let parts = 0;
  let costMicros = 0;
  let maxParts = 0;
  let gsm7 = 0;
  let valid = 0;
  let sample: readonly string[] | null = null;
  for (let at = 0; at < candidates.rows.length; at++) {
    if (dropped[at] === 1) continue;
    const rowParts = candidates.parts[at] ?? 0;
    const price = candidates.prices[at] ?? 0;
    const country = (byCountry[candidates.countries[at] ?? ''] ??= { messages: 0, parts: 0, costMicros: 0 });
    country.messages++;
    country.parts += rowParts;
    country.costMicros += price;
    valid++;
    parts += rowParts;
    costMicros += price;
    if (rowParts > maxParts) maxParts = rowParts;
    if (candidates.encodings[at] === 'GSM-7') gsm7++;
    sample ??= candidates.values[at] ?? null;
  }
  const byRejection: Partial<Record<RowRejection, number>> = {};
  let blacklisted = 0;
  for (const { reason } of bad) {
    byRejection[reason] = (byRejection[reason] ?? 0) + 1;
    if (BLACKLIST_REASONS.has(reason)) blacklisted++;
  }
  const duplicates = byRejection.duplicate ?? 0;
  return {
    rows: count,
    valid,
    invalid: bad.length - duplicates - blacklisted,
    duplicates,
    blacklisted,
    parts,
    costMicros,
    byCountry,
    byRejection,
    byEncoding: { gsm7, ucs2: valid - gsm7 },
    maxParts,
    sample,
  };
}
