import * as fc from 'fast-check';
import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { DELIMITERS, csvLine, detectDelimiter, encodeCsvRows, parseCsv } from '../../workers/rules/csv';
import { needsNeutralising, neutralise } from '../../workers/rules/formulas';

// Without this a maxLength is hardly ever reached: ten characters are usual.
fc.configureGlobal({ defaultSizeToMaxWhenMaxSpecified: true });

const cells = fc.string({ unit: fc.constantFrom(...'a1",;\t|\r\n =+-@锦😀\''), maxLength: 12 });
const tables = fc.array(fc.array(cells, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 8 });
/** Text as people's programs write it, quotes in odd places included. */
const wild = fc.string({ unit: fc.constantFrom(...'a"",\r\n;'), maxLength: 40 });

/** Keeps a byte order mark, which a cell may hold. */
const decode = (bytes: Uint8Array): string => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);

const encode = (rows: readonly (readonly string[])[]): string => {
  const buffer = new Uint8Array(100_000);
  const { written, end } = encodeCsvRows(rows, buffer);
  expect(written).toBe(rows.length);
  return decode(buffer.subarray(0, end));
};

describe('reading', () => {
  it.each([
    ['', []],
    ['\n', [['']]],
    ['a', [['a']]],
    [
      'a,b\nc,d',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'a,b\r\nc,d\r\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    ['a\rb\rc', [['a'], ['b'], ['c']]],
    ['a\n\nb', [['a'], [''], ['b']]],
    ['a,\n', [['a', '']]],
    ['"a,b",c', [['a,b', 'c']]],
    [
      '"a\nb",c\n"d\r\ne",f',
      [
        ['a\nb', 'c'],
        ['d\r\ne', 'f'],
      ],
    ],
    ['"say ""hi""",x', [['say "hi"', 'x']]],
    [
      '5" pipe,x\n6" pipe,y',
      [
        ['5" pipe', 'x'],
        ['6" pipe', 'y'],
      ],
    ],
    ['"a"b,c', [['ab', 'c']]],
    ['"a"b"c,d', [['ab"c', 'd']]],
    ['"",x', [['', 'x']]],
    ['"a', [['a']]],
    ['"a\nb', [['a\nb']]],
    ['"a"\r"b"\n"c"\r\n', [['a'], ['b'], ['c']]],
    [' a , b ', [[' a ', ' b ']]],
  ])('%j', (text, rows) => {
    expect(parseCsv(text, ',')).toEqual(rows);
  });

  it('agrees with papaparse on well-formed files', () => {
    fc.assert(
      fc.property(tables, fc.constantFrom(...DELIMITERS), fc.constantFrom('\n', '\r\n'), (rows, delimiter, newline) => {
        const text = Papa.unparse(rows, { delimiter, newline, quotes: true });
        const { data } = Papa.parse<string[]>(text, { delimiter, newline });
        expect(parseCsv(text, delimiter)).toEqual(data);
      }),
    );
  });

  it('loses no character but quotes, delimiters and line ends', () => {
    const letters = (text: string): string => text.replace(/[",\r\n]/g, '');
    fc.assert(
      fc.property(wild, (text) => {
        expect(letters(parseCsv(text, ',').flat().join(''))).toBe(letters(text));
      }),
    );
  });

  it('reads a text without quotes as if its quotes were none of its business', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'ab,\r\n'), maxLength: 40 }), (text) => {
        expect(parseCsv(`"",\n${text}`, ',').slice(1)).toEqual(parseCsv(text, ','));
      }),
    );
  });
});

describe('telling the delimiter', () => {
  it.each([
    ['phone,name\n8613800138000,Li\n', ','],
    ['phone\tname\n8613800138000\tLi, Wei\n', '\t'],
    ['phone;name\r\n8613800138000;Li\r\n', ';'],
    ['phone|name\n8613800138000|Li\n', '|'],
    ['8613800138000\n8613800138001\n', ','],
    ['', ','],
    ['8613800138000;Hello, you\n8613800138001;Hello\n8613800138002;Bye, bye, bye', ';'],
    ['phone,text\n8613800138000,"a;b;c"\n8613800138001,"d;e"\n', ','],
    ['phone,a,b\n1,2,3\n1,2,3\n4', ','],
  ])('of %j', (text, delimiter) => {
    expect(detectDelimiter(text)).toBe(delimiter);
  });
});

describe('writing', () => {
  it('is read back cell for cell, but for the apostrophe in front of formulas', () => {
    fc.assert(
      fc.property(tables, (rows) => {
        expect(parseCsv(rows.map(csvLine).join(''), ',')).toEqual(rows.map((row) => row.map(neutralise)));
      }),
    );
  });

  it('gives the same bytes row by row and in bulk', () => {
    const anyCells = fc.array(fc.array(fc.oneof(cells, fc.string({ unit: 'binary', maxLength: 20 })), { minLength: 1, maxLength: 4 }), {
      maxLength: 6,
    });
    fc.assert(
      fc.property(anyCells, (rows) => {
        expect(encode(rows)).toBe(decode(new TextEncoder().encode(rows.map(csvLine).join(''))));
      }),
    );
  });

  it('stops before the row that might not fit and goes on from there', () => {
    const rows = Array.from({ length: 100 }, (_, n) => [`row ${n}`, 'x"y', '锦木']);
    const buffer = new Uint8Array(200);
    let text = '';
    for (let from = 0; from < rows.length;) {
      const { written, end } = encodeCsvRows(rows, buffer, 0, from);
      expect(written).toBeGreaterThan(0);
      text += new TextDecoder().decode(buffer.subarray(0, end));
      from += written;
    }
    expect(text).toBe(rows.map(csvLine).join(''));
    expect(encodeCsvRows(rows, buffer, 190)).toEqual({ written: 0, end: 190 });
  });
});

describe('formulas in cells', () => {
  it.each([
    '=1+1',
    '+1',
    '-1+cmd|x',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    '\n=1',
    '\u0000=1',
    '\u007f=1',
    '＝1+1',
    '＋1',
    '－1',
    '＠x',
    '+8613800138000',
    '-',
    '-a',
  ])('%j gets an apostrophe', (cell) => {
    expect(neutralise(cell)).toBe(`'${cell}`);
  });

  it.each(['', 'a=1', '8613800138000', '-5', '-12.50', '0.03', ' =1', "'=1", '【锦木】hello', '{{name}}', '😀'])(
    '%j stays as it is',
    (cell) => {
      expect(neutralise(cell)).toBe(cell);
    },
  );

  it('never reach a file, wherever they stand in a row', () => {
    fc.assert(
      fc.property(tables, (rows) => {
        for (const cell of parseCsv(encode(rows), ',').flat()) expect(needsNeutralising(cell)).toBe(false);
      }),
    );
  });
});
