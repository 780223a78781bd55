import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StringStore } from '../../workers/gateways/spreadsheets/string-store';

describe('a store of strings', () => {
  it('gives back every string by its number, short, long and empty ones, over block borders', () => {
    const strings = fc.array(
      fc.oneof(
        fc.string({ unit: 'grapheme' }),
        fc.nat(40_000).map((length) => '王x'.repeat(length / 2)),
      ),
      { maxLength: 200 },
    );
    fc.assert(
      fc.property(strings, (all) => {
        const store = new StringStore();
        for (const text of all) store.add(text);
        expect(all.map((_, at) => store.get(at))).toEqual(all);
        expect([store.get(all.length), store.get(-1), store.get(Number.NaN)]).toEqual(['', '', '']);
      }),
      { numRuns: 30 },
    );
  });

  it('refuses more than it may hold', () => {
    const store = new StringStore(2 * 1024 * 1024);
    const fill = (): void => {
      for (let n = 0; n < 3_000; n++) store.add('x'.repeat(1_000));
    };
    expect(fill).toThrow('file_unpacks_too_large');
  });
});
