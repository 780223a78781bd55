import { expect, it } from 'vitest';
import type { Iso2 } from '../../schema/ids';
import type { ApiRow } from '../../schema/protocol/message-shard';
import { packAccepted, unpackAccepted } from '../../workers/rules/accepted-rows';

const SG = 'SG' as Iso2;
const rows: ApiRow[] = [
  [1, SG, 1, 5, 'a'],
  [2, SG, 1, 5, 'a'],
  [3, SG, 1, 5, 'a', 'blacklisted'],
  [6, SG, 1, 5, 'b'],
  [7, SG, 1, 5, 'a'],
];

it('rows come out as they went in, and say once what neighbours share', () => {
  const packed = packAccepted(rows);
  expect(unpackAccepted(packed)).toEqual(rows);
  expect(packed.match(/"a"/g)).toHaveLength(2);
  expect(unpackAccepted(JSON.stringify(rows))).toEqual(rows);
});
