import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ExportId, ShardNumber } from '../../schema/ids';
import { newExportId } from '../../schema/ids';
import { MESSAGE_ID_MAX_SHARD } from '../../schema/message-id';
import { decodeExportCursor, encodeExportCursor } from '../../workers/rules/export-cursor';
import { ABOVE_ALL_ROWS, decodeLogCursor, encodeLogCursor, newerFirst, type LogPosition } from '../../workers/rules/log-cursor';

const positions = fc.record({
  receivedAt: fc.integer({ min: 0, max: 8_640_000_000_000_000 }),
  shard: fc.integer({ min: 0, max: MESSAGE_ID_MAX_SHARD }).map((n) => n as ShardNumber),
  row: fc.integer({ min: 0, max: ABOVE_ALL_ROWS }),
});

describe('the cursor of the log', () => {
  it('comes back as the place it stands for', () => {
    fc.assert(
      fc.property(positions, (position) => {
        expect(decodeLogCursor(encodeLogCursor(position))).toEqual(position);
      }),
    );
  });

  it('travels in a query without being escaped', () => {
    fc.assert(
      fc.property(positions, (position) => {
        const cursor = encodeLogCursor(position);
        expect(encodeURIComponent(cursor)).toBe(cursor);
      }),
    );
  });

  it('is refused when it is cut, lengthened or made up', () => {
    const cursor = encodeLogCursor({ receivedAt: 1_795_000_000_000, shard: 7 as ShardNumber, row: 1234 });
    for (const wrong of [
      '',
      'x',
      cursor.slice(1),
      `${cursor}A`,
      `${cursor}=`,
      'null',
      '../../etc',
      '0',
      btoa('2.1.1.1'),
      btoa('1.1.1'),
      btoa('1.01.1.1'),
      btoa('1.-1.1.1'),
    ]) {
      expect({ wrong, read: decodeLogCursor(wrong) }).toEqual({ wrong, read: null });
    }
    expect(decodeLogCursor(btoa(`1.1.1.${ABOVE_ALL_ROWS + 1}`).replaceAll('=', ''))).toBeNull();
  });

  it('orders by time, then shard, then row, newest first, and never says that two places are one', () => {
    const at = (receivedAt: number, shard: number, row: number): LogPosition => ({ receivedAt, shard: shard as ShardNumber, row });
    const sorted = [at(1, 1, 1), at(2, 1, 1), at(1, 2, 1), at(1, 1, 2)].toSorted(newerFirst);
    expect(sorted).toEqual([at(2, 1, 1), at(1, 2, 1), at(1, 1, 2), at(1, 1, 1)]);
  });
});

describe('the cursor of the download centre', () => {
  it('comes back as the place it stands for, and nothing else is read', () => {
    const place = { createdAt: 1_795_000_000_000, id: newExportId() };
    expect(decodeExportCursor(encodeExportCursor(place))).toEqual(place);
    for (const wrong of ['', '1', `1.${'ex_' as ExportId}`, `x${encodeExportCursor(place)}`, `${encodeExportCursor(place)}0`]) {
      expect(decodeExportCursor(wrong)).toBeNull();
    }
  });
});
