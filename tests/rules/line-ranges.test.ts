import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DELIMITERS, parseCsv, type Delimiter } from '../../workers/rules/csv';
import { finishLineScan, scanLines, startLineScan, type LineRange, type LineScan } from '../../workers/rules/line-ranges';

// Without this a maxLength is hardly ever reached: ten characters are usual.
fc.configureGlobal({ defaultSizeToMaxWhenMaxSpecified: true });

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

interface Scanned {
  ranges: LineRange[];
  lines: number;
}
/** Feeds windows of the given sizes, over and over, with the state going through JSON as a checkpoint would. */
function scan(
  bytes: Uint8Array,
  delimiter: Delimiter,
  options: Parameters<typeof startLineScan>[1],
  windows: readonly number[],
): Scanned | { tooLong: number } {
  let state = startLineScan(delimiter, options);
  const ranges: LineRange[] = [];
  for (let at = state.position, turn = 0; at < bytes.length; turn++) {
    const size = windows[turn % windows.length] ?? bytes.length;
    const outcome = scanLines(state, bytes.subarray(at, at + size));
    if (!outcome.ok) return { tooLong: outcome.line };
    state = JSON.parse(JSON.stringify(outcome.scan)) as LineScan;
    ranges.push(...outcome.ranges);
    at += size;
  }
  const last = finishLineScan(state);
  return { ranges: [...ranges, ...last.ranges], lines: last.lines };
}

const whole = (text: string, targetBytes: number): Scanned => {
  const scanned = scan(bytesOf(text), ',', { targetBytes }, [1_000_000]);
  if ('tooLong' in scanned) throw new Error('too long');
  return scanned;
};

const texts = fc.oneof(
  fc.string({ unit: fc.constantFrom(...'ab"",\r\n;锦'), maxLength: 120 }),
  fc
    .array(fc.constantFrom('8613800138000,Li\n', '"a\nb",c\r\n', '"say ""hi""",x\r', '5" pipe,x\n', '"a"b"c,d\n', '\n', '"",""\n'), {
      maxLength: 20,
    })
    .map((lines) => lines.join('')),
);
const windowSizes = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 4 });

describe('cutting a file into ranges', () => {
  it('cuts at line ends, not before the target is reached', () => {
    expect(whole('aaa\nbbb\nccc\nddd', 6)).toEqual({
      ranges: [
        { start: 0, end: 8, firstLine: 1, lines: 2 },
        { start: 8, end: 15, firstLine: 3, lines: 2 },
      ],
      lines: 4,
    });
  });

  it('never cuts inside quotes, and counts a quoted line break as no line', () => {
    expect(whole('"a\nb\nc",d\ne', 2).ranges).toEqual([
      { start: 0, end: 10, firstLine: 1, lines: 1 },
      { start: 10, end: 11, firstLine: 2, lines: 1 },
    ]);
  });

  it('takes a quote in the middle of a field for a character', () => {
    expect(whole('5" pipe\n6" pipe\n', 1)).toMatchObject({ lines: 2 });
  });

  it('counts CRLF once and a lone CR as a line end, also where a window ends between them', () => {
    for (const windows of [[1], [2], [3], [100]]) {
      expect(scan(bytesOf('a\r\nb\rc\nd\r'), ',', { targetBytes: 1 }, windows)).toEqual({
        ranges: [
          { start: 0, end: 3, firstLine: 1, lines: 1 },
          { start: 3, end: 5, firstLine: 2, lines: 1 },
          { start: 5, end: 7, firstLine: 3, lines: 1 },
          { start: 7, end: 9, firstLine: 4, lines: 1 },
        ],
        lines: 4,
      });
    }
  });

  it('has nothing for an empty file', () => {
    expect(whole('', 10)).toEqual({ ranges: [], lines: 0 });
    expect(scan(bytesOf('\ufeff'), ',', { start: 3 }, [1])).toEqual({ ranges: [], lines: 0 });
  });

  it('begins behind a byte order mark, where a quote may open the first field', () => {
    expect(scan(bytesOf('\ufeff"a\nb"\nc'), ',', { start: 3, targetBytes: 1 }, [4])).toEqual({
      ranges: [
        { start: 3, end: 9, firstLine: 1, lines: 1 },
        { start: 9, end: 10, firstLine: 2, lines: 1 },
      ],
      lines: 2,
    });
  });

  it('covers the file exactly, without gap or overlap, with windows of any size', () => {
    fc.assert(
      fc.property(
        texts,
        fc.constantFrom(...DELIMITERS),
        fc.integer({ min: 1, max: 60 }),
        windowSizes,
        (text, delimiter, targetBytes, windows) => {
          const bytes = bytesOf(text);
          const scanned = scan(bytes, delimiter, { targetBytes }, windows);
          if ('tooLong' in scanned) throw new Error('too long');
          expect(scanned).toEqual(scan(bytes, delimiter, { targetBytes }, [1_000_000]));
          let at = 0;
          let line = 1;
          for (const range of scanned.ranges) {
            expect([range.start, range.firstLine]).toEqual([at, line]);
            at = range.end;
            line += range.lines;
          }
          expect([at, line - 1]).toEqual([bytes.length, scanned.lines]);
          for (const range of scanned.ranges.slice(0, -1)) expect(range.end - range.start).toBeGreaterThanOrEqual(targetBytes);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('gives ranges whose rows, one after another, are the rows of the whole file', () => {
    fc.assert(
      fc.property(
        texts,
        fc.constantFrom(...DELIMITERS),
        fc.integer({ min: 1, max: 40 }),
        windowSizes,
        (text, delimiter, targetBytes, windows) => {
          const bytes = bytesOf(text);
          const scanned = scan(bytes, delimiter, { targetBytes }, windows);
          if ('tooLong' in scanned) throw new Error('too long');
          const pieces = scanned.ranges.map(({ start, end, lines }) => {
            const rows = parseCsv(new TextDecoder().decode(bytes.subarray(start, end)), delimiter);
            expect(rows).toHaveLength(lines);
            return rows;
          });
          expect(pieces.flat()).toEqual(parseCsv(text, delimiter));
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('works on GB18030 as it is', () => {
    // 锦,木 and a quoted line break, in GB18030.
    const bytes = Uint8Array.of(0xbd, 0xf5, 0x2c, 0xc4, 0xbe, 0x0a, 0x22, 0xbd, 0xf5, 0x0a, 0x22, 0x0a);
    expect(scan(bytes, ',', { targetBytes: 1 }, [1])).toMatchObject({ lines: 2, ranges: [{ end: 6 }, { end: 12 }] });
  });
});

describe('a line that is too long', () => {
  it('is named by its number, whatever the windows', () => {
    const bytes = bytesOf(`short\n"two\nlines",x\n${'x'.repeat(100)}\nshort\n`);
    for (const windows of [[1], [7], [64], [1_000]]) expect(scan(bytes, ',', { maxLineBytes: 64 }, windows)).toEqual({ tooLong: 3 });
    expect(scan(bytes, ',', { maxLineBytes: 101 }, [5])).toMatchObject({ lines: 4 });
  });

  it('is also found where a quote is never closed', () => {
    const bytes = bytesOf(`a,b\nc,"unclosed\n${'d,e\n'.repeat(100)}`);
    for (const windows of [[1], [50], [1_000]]) expect(scan(bytes, ',', { maxLineBytes: 64 }, windows)).toEqual({ tooLong: 2 });
  });

  it('is found while it is still being read: 10 MB without a line end take no 10 MB', () => {
    const outcome = scanLines(startLineScan(','), new Uint8Array(1_000_000).fill(0x61));
    expect(outcome).toEqual({ ok: false, error: 'line_too_long', line: 1 });
  });
});
