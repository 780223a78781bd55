import ExcelJS from 'exceljs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { XLSX_CELL_MAX } from '../../schema/limits';
import { SheetPacker } from '../../workers/exports/pack-sheets';
import { csvLine } from '../../workers/rules/csv';
import { neutralise } from '../../workers/rules/formulas';
import { columnName } from '../../workers/rules/sheet-cells';
import { sheetName, type SheetColumn } from '../../workers/rules/xlsx-book';

const column = (title: string, cells: SheetColumn['cells'] = 'text'): SheetColumn => ({ title, cells, width: 20 });
const encoder = new TextEncoder();
const lines = (rows: readonly (readonly string[])[]): Uint8Array => encoder.encode(rows.map((row) => csvLine(row)).join(''));
const joined = (...pieces: readonly Uint8Array[]): Buffer => Buffer.concat(pieces);

/** Sheets as another library reads them: name and cells. */
async function read(bytes: Buffer): Promise<{ name: string; rows: ExcelJS.CellValue[][] }[]> {
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.load(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer);
  return workbook.worksheets.map((sheet) => {
    const rows: ExcelJS.CellValue[][] = [];
    sheet.eachRow({ includeEmpty: true }, (row) => rows.push((row.values as ExcelJS.CellValue[]).slice(1)));
    return { name: sheet.name, rows };
  });
}

/** As Excel reads it; exceljs does so in shared strings only. */
const unescaped = (text: string): string =>
  text.replace(/_x([0-9A-F]{4})_/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

function book(columns: readonly SheetColumn[], rows: readonly (readonly string[])[], sheetRows?: number): Buffer {
  const packer = new SheetPacker('日志', columns, null, sheetRows);
  packer.add(lines(rows));
  return joined(packer.take(), packer.end());
}

describe('a workbook made from lines of csv', () => {
  it('holds texts, numbers to compute with, and numbers that are names', async () => {
    const columns = [column('手机号码', 'digits'), column('计费条数', 'number'), column('价格', 'number'), column('内容')];
    const [sheet] = await read(book(columns, [['8613800138000', '2', '0.0355', '【锦木】你好 <b> & "x"']]));
    expect(sheet).toEqual({
      name: '日志',
      rows: [
        ['手机号码', '计费条数', '价格', '内容'],
        ['8613800138000', 2, 0.0355, '【锦木】你好 <b> & "x"'],
      ],
    });
  });

  it('writes a number as text where a double would not be exact, and what is no number as it is', async () => {
    const values = ['1234567890123456', '-12.5', '1e5', '', '1.', '.5', '--1', '00123', '12 000'];
    const [sheet] = await read(
      book(
        [column('n', 'number'), column('x')],
        values.map((value) => [value, 'x']),
      ),
    );
    expect(sheet?.rows.slice(1).map(([first]) => first)).toEqual([
      '1234567890123456',
      -12.5,
      '1e5',
      undefined,
      '1.',
      '.5',
      "'--1",
      123,
      '12 000',
    ]);
  });

  it('keeps every text exactly, whatever is in it', async () => {
    const odd = fc.constantFrom(
      '_x0041_',
      '_x',
      '__x000D_',
      '\r\n',
      '\n',
      '\r',
      '\t',
      '"',
      '""',
      ',',
      ' ',
      '&amp;',
      ']]>',
      '\u0001',
      '\u007f',
      '\uFFFE',
      '\uFFFF',
      '。',
      '😀',
      'é',
      '=1',
    );
    const text = fc.array(fc.oneof(odd, fc.string({ unit: 'grapheme', maxLength: 4 })), { maxLength: 6 }).map((parts) => parts.join(''));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(text, text), { minLength: 1, maxLength: 8 }), async (rows) => {
        const [sheet] = await read(
          book(
            [column('a'), column('b', 'digits'), column('end')],
            rows.map((row) => [...row, '.']),
          ),
        );
        const shown = sheet?.rows.slice(1).map(([a = '', b = '']) => [unescaped(a as string), unescaped(b as string)]);
        expect(shown).toEqual(rows.map((row) => row.map((cell) => neutralise(cell))));
      }),
      { numRuns: 60 },
    );
  }, 30_000);

  it('cuts a text at what a cell can hold', async () => {
    const [sheet] = await read(book([column('a')], [['好'.repeat(XLSX_CELL_MAX + 5)]]));
    expect(sheet?.rows[1]?.[0]).toBe('好'.repeat(XLSX_CELL_MAX));
  });

  it('goes on in further sheets, each with its titles', async () => {
    const rows = Array.from({ length: 25 }, (_, n) => [`8613800${n}`]);
    const sheets = await read(book([column('号码', 'digits')], rows, 11));
    expect(sheets.map(({ name, rows: shown }) => [name, shown.length, shown[0]?.[0]])).toEqual([
      ['日志', 11, '号码'],
      ['日志 2', 11, '号码'],
      ['日志 3', 6, '号码'],
    ]);
    expect(sheets.flatMap(({ rows: shown }) => shown.slice(1).map(([cell]) => cell))).toEqual(rows.map(([cell]) => cell));
  });

  it('without rows is one sheet with its titles', async () => {
    expect(await read(book([column('号码')], []))).toEqual([{ name: '日志', rows: [['号码']] }]);
  });

  it('is the same bytes of rows when another packer goes on from the state of the first', async () => {
    const rows = Array.from({ length: 40 }, (_, n) => [`row ${n}`, String(n)]);
    const columns = [column('a'), column('b', 'number')];
    for (const cut of [0, 1, 9, 10, 11, 20, 39, 40]) {
      const first = new SheetPacker('log', columns, null, 11);
      first.add(lines(rows.slice(0, cut)));
      const before = first.take();
      const state = JSON.parse(JSON.stringify(first.state.book)) as typeof first.state.book;
      const second = new SheetPacker('log', columns, state, 11);
      second.add(lines(rows.slice(cut)));
      const sheets = await read(joined(before, second.take(), second.end()));
      expect(sheets.flatMap(({ rows: shown }) => shown.slice(1))).toEqual(rows.map(([a, b]) => [a, Number(b)]));
      expect(second.bytes).toBe(joined(before).length + second.bytes - before.length);
    }
  });
});

describe('names', () => {
  it('of columns go on after Z', () => {
    expect([0, 25, 26, 51, 52, 701, 702].map(columnName)).toEqual(['A', 'Z', 'AA', 'AZ', 'BA', 'ZZ', 'AAA']);
  });

  it('of sheets fit into what Excel takes', () => {
    expect(sheetName('a/b:c?'.repeat(10), 12)).toHaveLength(31);
    expect(sheetName('a/b:c?'.repeat(10), 12)).toMatch(/^[^[\]:*?/\\]+ 12$/);
  });
});
