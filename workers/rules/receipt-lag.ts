/** How long carriers take to say what became of a message, counted in steps: counts add up over shards, hours and accounts, and tell the middle. */
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Upper ends, ms; whatever took longer is one step more. Stored counts name steps by number: only ever add at the end. */
export const RECEIPT_LAG_STEPS_MS: readonly number[] = [
  SECOND,
  2 * SECOND,
  5 * SECOND,
  10 * SECOND,
  30 * SECOND,
  MINUTE,
  2 * MINUTE,
  5 * MINUTE,
  15 * MINUTE,
  HOUR,
  6 * HOUR,
  24 * HOUR,
];

export function lagStep(lagMs: number): number {
  const step = RECEIPT_LAG_STEPS_MS.findIndex((end) => lagMs <= end);
  return step === -1 ? RECEIPT_LAG_STEPS_MS.length : step;
}

/**
 * The step that so many of the receipts did not exceed, by its upper end, ms.
 * @param counts receipts by step
 * @returns null without receipts, and where it lies beyond the last step
 */
export function lagWithin(counts: readonly number[], share: number): number | null {
  const all = counts.reduce((sum, count) => sum + count, 0);
  if (all === 0) return null;
  let seen = 0;
  for (const [step, count] of counts.entries()) {
    seen += count;
    if (seen >= all * share) return RECEIPT_LAG_STEPS_MS[step] ?? null;
  }
  return null;
}
