import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RowPatch } from '../../schema/protocol/archive';
import { MESSAGE_STATES } from '../../schema/states';
import { Patches } from '../../workers/rules/archive-patches';

const somePatches = fc
  .uniqueArray(fc.record({ row: fc.integer({ min: 1, max: 60 }), state: fc.constantFrom(...MESSAGE_STATES) }), {
    selector: ({ row }) => row,
  })
  .map((found) =>
    found.sort((one, other) => one.row - other.row).map((one): RowPatch => ({ ...one, error: null, network: null, finalAt: null })),
  );
const aMember = fc.record({ firstRow: fc.integer({ min: 1, max: 70 }), rows: fc.integer({ min: 0, max: 30 }) });

describe('patches of a sealed shard', () => {
  it('are found for the rows of each member, first and last included', () => {
    fc.assert(
      fc.property(somePatches, aMember, (all, member) => {
        const expected = all.filter(({ row }) => row >= member.firstRow && row < member.firstRow + member.rows);
        expect(new Patches(all).of(member)).toEqual(expected);
      }),
    );
  });

  it('into one state are those that say so', () => {
    fc.assert(
      fc.property(somePatches, fc.constantFrom(...MESSAGE_STATES), (all, state) => {
        const expected = all.filter((patch) => patch.state === state);
        expect(new Patches(all).into((one) => one === state).of({ firstRow: 1, rows: 60 })).toEqual(expected);
      }),
    );
  });
});
