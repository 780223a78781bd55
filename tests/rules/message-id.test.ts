import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MessageId, ShardNumber } from '../../schema/ids';
import { MESSAGE_ID_MAX_ROW, MESSAGE_ID_MAX_SHARD, decodeMessageId, encodeMessageId } from '../../schema/message-id';

const shards = fc.maxSafeNat().map((n) => (n % (MESSAGE_ID_MAX_SHARD + 1)) as ShardNumber);
const rows = fc.nat({ max: MESSAGE_ID_MAX_ROW });
const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

describe('message ids', () => {
  it('lead back to their shard and row', () => {
    fc.assert(
      fc.property(shards, rows, (shard, row) => {
        expect(decodeMessageId(encodeMessageId(shard, row))).toEqual({ shard, row });
      }),
    );
    for (const shard of [0, 1, MESSAGE_ID_MAX_SHARD] as ShardNumber[]) {
      for (const row of [0, 1, MESSAGE_ID_MAX_ROW]) expect(decodeMessageId(encodeMessageId(shard, row))).toEqual({ shard, row });
    }
  });

  it('stay what they are for ever', () => {
    expect(encodeMessageId(1 as ShardNumber, 1)).toBe('00000001000001C');
    expect(encodeMessageId(123_456 as ShardNumber, 499_999)).toBe('00003RJ000F88ZQ');
    expect(encodeMessageId(MESSAGE_ID_MAX_SHARD as ShardNumber, MESSAGE_ID_MAX_ROW)).toBe('ZZZZZZZZZZZZZZV');
  });

  it('carry the check character that Crockford defines, the value mod 37', () => {
    fc.assert(
      fc.property(shards, rows, (shard, row) => {
        const remainder = Number((BigInt(shard) * 2n ** 30n + BigInt(row)) % 37n);
        expect(encodeMessageId(shard, row).at(-1)).toBe(`${CROCKFORD}*~$=U`[remainder]);
      }),
    );
  });

  it('sort by shard and then by row', () => {
    fc.assert(
      fc.property(shards, rows, rows, (shard, a, b) => {
        expect(encodeMessageId(shard, a) < encodeMessageId(shard, b) || a >= b).toBe(true);
      }),
    );
    expect(encodeMessageId(9 as ShardNumber, MESSAGE_ID_MAX_ROW) < encodeMessageId(10 as ShardNumber, 0)).toBe(true);
  });

  it('are read in lower case and with I, L and O for 1, 1 and 0', () => {
    const id = encodeMessageId(33_000_001 as ShardNumber, 1_025);
    expect(id).toContain('1');
    for (const typed of [id.toLowerCase(), id.replaceAll('1', 'I'), id.replaceAll('1', 'l'), id.replaceAll('0', 'O')]) {
      expect(decodeMessageId(typed)).toEqual({ shard: 33_000_001, row: 1_025 });
    }
  });

  it('betray every wrong character and every pair of swapped neighbours', () => {
    const mistyped = fc.tuple(shards, rows, fc.nat({ max: 14 }), fc.constantFrom(...CROCKFORD));
    fc.assert(
      fc.property(mistyped, ([shard, row, at, character]) => {
        const id = encodeMessageId(shard, row);
        fc.pre(id[at] !== character);
        expect(decodeMessageId(id.slice(0, at) + character + id.slice(at + 1))).toBeNull();
      }),
    );
    fc.assert(
      fc.property(shards, rows, fc.nat({ max: 12 }), (shard, row, at) => {
        const id = encodeMessageId(shard, row);
        const swapped = id.slice(0, at) + id.charAt(at + 1) + id.charAt(at) + id.slice(at + 2);
        expect(decodeMessageId(swapped)).toEqual(swapped === id ? { shard, row } : null);
      }),
    );
  });

  it('are nothing else: foreign text is no id', () => {
    for (const text of ['', '0', 'hello', '00000001000001', '00000001000001TT', '0000000100000é1', 'U0000001000001T', '0000000100 001T']) {
      expect(decodeMessageId(text as MessageId)).toBeNull();
    }
  });

  it('refuse what does not fit', () => {
    for (const [shard, row] of [
      [-1, 0],
      [MESSAGE_ID_MAX_SHARD + 1, 0],
      [1, -1],
      [1, MESSAGE_ID_MAX_ROW + 1],
      [Number.NaN, 1],
    ] as [ShardNumber, number][]) {
      expect(() => encodeMessageId(shard, row)).toThrow(RangeError);
    }
  });
});
