/** Workbooks as LibreOffice opens them, where it is installed; tests/rules/sheet-cells reads the same ones back with a library anywhere. */
import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import Papa from 'papaparse';
import { describe, expect, it, type TestContext } from 'vitest';
import type { ExportRequest } from '../../schema/exports';
import type { KeyId, TaskId } from '../../schema/ids';
import { columnsFor, kindName } from '../../workers/exports/kinds';
import { SheetPacker } from '../../workers/exports/pack-sheets';
import { csvLine } from '../../workers/rules/csv';
import { sheetColumns } from '../../workers/rules/file-columns';

const OFFICE = (process.env['PATH'] ?? '')
  .split(delimiter)
  .map((folder) => join(folder, 'soffice'))
  .find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
/** Comma, quote, UTF-8, from the first line, every sheet in a file of its own, cells as they are shown. */
const AS_CSV = 'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1';

/** Sheets by their names, of all books at once: starting the office is what takes the time. */
async function opened(books: Readonly<Record<string, Uint8Array>>): Promise<Readonly<Record<string, Record<string, string[][]>>>> {
  const folder = await mkdtemp(join(tmpdir(), 'jmc-office-'));
  try {
    const paths = Object.keys(books).map((name) => join(folder, `${name}.xlsx`));
    for (const [name, bytes] of Object.entries(books)) await writeFile(join(folder, `${name}.xlsx`), bytes);
    const profile = pathToFileURL(join(folder, 'profile')).href;
    await promisify(execFile)(OFFICE ?? '', [
      `-env:UserInstallation=${profile}`,
      '--headless',
      '--convert-to',
      AS_CSV,
      '--outdir',
      folder,
      ...paths,
    ]);
    const found: Record<string, Record<string, string[][]>> = {};
    for (const file of (await readdir(folder)).filter((name) => name.endsWith('.csv'))) {
      const [book = '', sheet = ''] = file.slice(0, -'.csv'.length).split('-');
      (found[book] ??= {})[sheet] = Papa.parse<string[]>(await readFile(join(folder, file), 'utf8'), { skipEmptyLines: true }).data;
    }
    return found;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function bookOf(request: ExportRequest, rows: readonly (readonly string[])[], sheetRows?: number): Uint8Array {
  const packer = new SheetPacker(kindName(request.kind, 'zh-CN'), sheetColumns(columnsFor(request), 'zh-CN'), null, sheetRows);
  packer.add(new TextEncoder().encode(rows.map((row) => csvLine(row)).join('')));
  return Buffer.concat([packer.take(), packer.end()]);
}

const form = { format: 'xlsx', bom: false } as const;
const task = 'T' as TaskId;
const REQUESTS: readonly ExportRequest[] = [
  { kind: 'log', filter: {}, ...form },
  { kind: 'statement', filter: { task }, ...form },
  { kind: 'failures', filter: { task }, ...form },
  { kind: 'tasks', filter: {}, ...form },
  { kind: 'blacklist', filter: { key: 'K' as KeyId }, ...form },
  { kind: 'report', filter: { from: 0, until: 1, groupBy: ['country', 'hour'] }, ...form },
];
/** What must look in a cell as it does here; of formulas the quote in front is part of the text. */
const TEXTS = [
  '8613800138000',
  '00123',
  '123456789012345678',
  '1e5',
  '【锦木】你好 <b> & "x"',
  '_x0041_',
  '2026-11-23 09:30:00',
  '😀',
  ' spaced ',
];
const FORMULAS = ['=1+1', '+cmd|calc', '-2+3', '@SUM(A1)', '=HYPERLINK("http://x","y")'];

describe('LibreOffice', () => {
  it('opens every kind of export: titles in Chinese, digits and texts as they are, formulas as texts', async (context: TestContext) => {
    if (OFFICE === undefined) context.skip('soffice is not on the PATH');
    const rowsOf = (request: ExportRequest): string[][] => {
      const columns = columnsFor(request);
      return [...TEXTS, ...FORMULAS].map((value) => columns.map(({ cells }) => (cells === 'number' ? '12.5' : value)));
    };
    const shown = await opened(Object.fromEntries(REQUESTS.map((request) => [request.kind, bookOf(request, rowsOf(request))])));
    for (const request of REQUESTS) {
      const sheets = shown[request.kind] ?? {};
      expect(Object.keys(sheets)).toEqual([kindName(request.kind, 'zh-CN')]);
      const [titles, ...rows] = Object.values(sheets)[0] ?? [];
      expect(titles).toEqual(columnsFor(request).map((column) => column['zh-CN']));
      const expected = rowsOf(request).map((row) => row.map((cell) => (FORMULAS.includes(cell) ? `'${cell}` : cell)));
      expect(rows).toEqual(expected);
    }
  }, 120_000);

  it('finds the further sheets of a book, each with its titles', async (context: TestContext) => {
    if (OFFICE === undefined) context.skip('soffice is not on the PATH');
    const rows = Array.from({ length: 25 }, (_, n) => [`8613800${n}`, '2026-11-23 09:30:00', '手动添加']);
    const request: ExportRequest = { kind: 'blacklist', filter: { key: 'K' as KeyId }, ...form };
    const { long = {} } = await opened({ long: bookOf(request, rows, 11) });
    const names = ['黑名单', '黑名单 2', '黑名单 3'];
    expect(Object.keys(long)).toHaveLength(names.length);
    expect(names.map((name) => long[name]?.length)).toEqual([11, 11, 6]);
    expect(names.flatMap((name) => long[name]?.slice(1) ?? [])).toEqual(rows);
  }, 120_000);
});
