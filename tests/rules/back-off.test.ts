import { describe, expect, it } from 'vitest';
import { backOffMs } from '../../workers/rules/back-off';

const never = { baseMs: 1_000, capMs: 60_000, jitter: 0 };

describe('the pause before the next try', () => {
  it('doubles up to its cap, however many tries there were', () => {
    expect([1, 2, 3, 6, 7, 8, 5_000].map((attempt) => backOffMs(attempt, never))).toEqual([
      1_000, 2_000, 4_000, 32_000, 60_000, 60_000, 60_000,
    ]);
  });

  it('is shortened by chance up to the share that is given', () => {
    const half = { ...never, jitter: 0.5 };
    expect(backOffMs(3, half, () => 0)).toBe(4_000);
    expect(backOffMs(3, half, () => 0.5)).toBe(3_000);
    expect(backOffMs(3, half, () => 0.999_999)).toBe(2_000);
  });

  it('is different for many who lost at once', () => {
    const pauses = new Set(Array.from({ length: 100 }, () => backOffMs(5, { ...never, jitter: 1 })));
    expect(pauses.size).toBeGreaterThan(50);
  });
});
