import { describe, expect, it } from 'vitest';
import { shardCount, shardOf } from '../../workers/rules/shard-choice';

describe('how many shards a task has', () => {
  it('is one for every 500 000 lines, at least one', () => {
    expect([0, 1, 500_000, 500_001, 100_000_000].map((lines) => shardCount(lines))).toEqual([1, 1, 1, 2, 200]);
    expect(shardCount(11, 5)).toBe(3);
  });
});

describe('the shard of a number', () => {
  it('is the same for ever', () => {
    const numbers = ['8613800138000', '8613800138001', '12133734253', '5511912342043', '447400123456'];
    expect(numbers.map((number) => shardOf(number, 200))).toEqual([106, 59, 189, 84, 108]);
    expect(numbers.map((number) => shardOf(number, 3))).toEqual([1, 0, 2, 1, 1]);
    expect(numbers.map((number) => shardOf(number, 1))).toEqual([0, 0, 0, 0, 0]);
  });

  it.each([
    ['consecutive numbers', (n: number) => String(8613800000000 + n)],
    ['every tenth number', (n: number) => String(8613800000000 + n * 10)],
    ['numbers that differ in front', (n: number) => `${861_000_000 + n}38000`],
  ])('is as likely as any other for %s', (_, number) => {
    for (const count of [2, 3, 7, 16, 200]) {
      const rows = Array.from({ length: count }, () => 0);
      const total = 100_000;
      for (let n = 0; n < total; n++) {
        const shard = shardOf(number(n), count);
        rows[shard] = (rows[shard] ?? 0) + 1;
      }
      expect(rows).toHaveLength(count);
      // Six standard deviations around the mean: a fair choice never leaves them, a poor hash does.
      const mean = total / count;
      const spread = 6 * Math.sqrt(mean);
      expect(Math.min(...rows)).toBeGreaterThan(mean - spread);
      expect(Math.max(...rows)).toBeLessThan(mean + spread);
    }
  });
});
