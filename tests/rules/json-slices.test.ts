import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonSlices } from '../../workers/rules/json-slices';

const aList = fc.array(fc.tuple(fc.integer(), fc.string({ maxLength: 40 })), { maxLength: 60 });

describe('a list that is bound to a statement', () => {
  it('is whole and in order over all its slices, each of which says where it begins', () => {
    fc.assert(
      fc.property(aList, fc.integer({ min: 1, max: 400 }), (values, max) => {
        const slices = jsonSlices(values, max);
        expect(slices.flatMap(({ json }) => JSON.parse(json) as unknown[])).toEqual(values);
        for (const { first, json } of slices) expect((JSON.parse(json) as unknown[])[0]).toEqual(values[first]);
      }),
    );
  });

  it('is nowhere longer than it may be, unless one value alone is', () => {
    fc.assert(
      fc.property(aList, fc.integer({ min: 1, max: 400 }), (values, max) => {
        const tooLong = jsonSlices(values, max).filter(({ json }) => json.length > max);
        expect(tooLong.filter(({ json }) => (JSON.parse(json) as unknown[]).length > 1)).toEqual([]);
      }),
    );
  });

  it('is cut only where it must be, and not at all when it is empty', () => {
    expect(jsonSlices([1, 2, 3], 7)).toEqual([{ first: 0, json: '[1,2,3]' }]);
    expect(jsonSlices([1, 2, 3, 4], 8)).toEqual([
      { first: 0, json: '[1,2]' },
      { first: 2, json: '[3,4]' },
    ]);
    expect(jsonSlices([], 100)).toEqual([]);
  });
});
