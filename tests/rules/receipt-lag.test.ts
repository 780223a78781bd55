import { describe, expect, it } from 'vitest';
import { lagStep, lagWithin, RECEIPT_LAG_STEPS_MS } from '../../workers/rules/receipt-lag';

const counted = (lags: readonly number[]): number[] => {
  const counts = Array.from({ length: RECEIPT_LAG_STEPS_MS.length + 1 }, () => 0);
  for (const lag of lags) counts[lagStep(lag)] = (counts[lagStep(lag)] ?? 0) + 1;
  return counts;
};

describe('the lag of receipts', () => {
  it('is told by the step that half, or most, of them did not exceed', () => {
    const counts = counted([...Array.from({ length: 60 }, () => 800), ...Array.from({ length: 35 }, () => 4_000), 90_000, 90_000, 1, 1, 1]);
    expect(lagWithin(counts, 0.5)).toBe(1_000);
    expect(lagWithin(counts, 0.95)).toBe(5_000);
    expect(lagWithin(counts, 1)).toBe(120_000);
  });

  it('adds up over shards', () => {
    const [one, other] = [counted([500, 500]), counted([7_000, 7_000, 7_000])];
    expect(
      lagWithin(
        one.map((count, step) => count + (other[step] ?? 0)),
        0.5,
      ),
    ).toBe(10_000);
  });

  it('is not known without receipts, and no more than long beyond the last step', () => {
    expect(lagWithin(counted([]), 0.5)).toBeNull();
    expect(lagWithin(counted([10 ** 9, 10 ** 9]), 0.5)).toBeNull();
  });
});
