import { gzipSync } from 'node:zlib';
import { TextWriter, Uint8ArrayReader, ZipReader } from '@zip.js/zip.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TaskView } from '../../schema/console';
import { LINE_MAX_BYTES, XLSX_MAX_ROWS } from '../../schema/limits';
import { exportedRows } from './support/exported-log';
import { contentOf, startJourney, untilEnded, untilRead, upload, type Journey } from './support/journey';
import { formulaCell, numberCell, textCell, xlsxFile } from './support/xlsx-file';

const MIB = 1024 * 1024;
const FIRST = '6281210000001';
const SECOND = '6281210000002';
const SIMPLE = `number,name\n${FIRST},张三\n${SECOND},李四\n`;
const TEXT = '{{name}}，您好';

/** 号码,姓名 / 张三 / 李四, as Chinese spreadsheet software saves it. */
const GBK = Buffer.concat([
  Buffer.from([0xba, 0xc5, 0xc2, 0xeb]),
  Buffer.from(','),
  Buffer.from([0xd0, 0xd5, 0xc3, 0xfb]),
  Buffer.from(`\r\n${FIRST},`),
  Buffer.from([0xd5, 0xc5, 0xc8, 0xfd]),
  Buffer.from(`\r\n${SECOND},`),
  Buffer.from([0xc0, 0xee, 0xcb, 0xc4]),
  Buffer.from('\r\n'),
]);
const utf16 = (text: string): Buffer => Buffer.from(`\uFEFF${text}`, 'utf16le');

/** `bytes` bytes that pack to a thousandth of it. */
const bomb = (bytes: number): Buffer => Buffer.alloc(bytes, `${FIRST}\n`);

describe('files that people upload', () => {
  let journey: Journey;

  const check = async (fileName: string, content: Uint8Array | string, text = 'Hi', limitMs?: number): Promise<TaskView> => {
    const uploaded = await upload(journey, fileName, content);
    return untilRead(journey, await journey.client.createTask(contentOf(journey, uploaded, text)), limitMs);
  };
  const badRows = async ({ settings }: TaskView): Promise<readonly { row: number; value: string; reason: string }[]> => {
    const answer = await journey.client.request('GET', `/api/tasks/${settings.task}/exceptions`);
    const { rows } = await answer.json<{ rows: readonly { row: number; value: string; reason: string }[] }>();
    return rows;
  };

  beforeAll(async () => {
    journey = await startJourney();
  });
  afterAll(() => journey.stop());

  describe('refused, with the reason and the place', () => {
    it('an empty file, before anything is uploaded', async () => {
      const answer = await journey.client.request('POST', '/api/uploads', { fileName: 'empty.csv', size: 0 });
      expect(answer.status).toBe(400);
      expect(await answer.json()).toMatchObject({ code: 'file_empty' });
    });

    it('a file of another kind, by its name', async () => {
      const answer = await journey.client.request('POST', '/api/uploads', { fileName: 'numbers.pdf', size: 100 });
      expect(answer.status).toBe(400);
      expect(await answer.json()).toMatchObject({ code: 'file_type' });
    });

    it.each([
      ['nothing but line ends', 'blank.csv', '\n\n\n', 'file_empty'],
      ['nothing but a header', 'header.csv', 'number,name\n', 'file_empty'],
      ['a csv that calls itself xlsx', 'disguised.xlsx', SIMPLE, 'file_not_xlsx'],
      ['a picture that calls itself xlsx', 'picture.xlsx', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), 'file_not_xlsx'],
      ['a program that calls itself csv', 'program.csv', Buffer.from('7f454c4602010100000000000000000003003e00', 'hex'), 'file_binary'],
      ['a text that calls itself gz', 'plain.csv.gz', SIMPLE, 'file_not_gzip'],
      ['a zip that breaks off', 'cut.xlsx', Buffer.from('504b0304140000000800', 'hex'), 'file_not_xlsx'],
    ])('%s', async (_, fileName, content, code) => {
      const view = await check(fileName, content);
      expect({ state: view.state, code: view.refusal?.code }).toEqual({ state: 'refused', code });
      expect(view.refusalText).toMatch(/\S/);
    });

    it('a gzip that breaks off', async () => {
      const whole = gzipSync(SIMPLE.repeat(1_000));
      const view = await check('cut.csv.gz', whole.subarray(0, whole.length - 100));
      expect(view.refusal?.code).toBe('file_not_gzip');
    });

    it('10 MB in one line, with the line', async () => {
      const view = await check('long.csv', `number,name\n${FIRST},ok\n${SECOND},${'x'.repeat(10 * MIB)}\n`);
      expect(view.refusal).toMatchObject({ code: 'file_line_too_long', details: { line: 3, max: LINE_MAX_BYTES } });
      expect(view.refusalText).toContain('3');
    });

    it('a gzip bomb', async () => {
      const view = await check('bomb.csv.gz', gzipSync(bomb(128 * MIB)), 'Hi', 60_000);
      expect(view.refusal?.code).toBe('file_unpacks_too_large');
    });

    it('a zip bomb', async () => {
      const row = `<row>${' '.repeat(MIB)}</row>`;
      const view = await check(
        'bomb.xlsx',
        await xlsxFile(
          Array.from({ length: 128 }, () => row),
          9,
        ),
        'Hi',
        60_000,
      );
      expect(view.refusal?.code).toBe('file_unpacks_too_large');
    });

    it('a variable that no column has, with its name', async () => {
      const view = await check('columns.csv', SIMPLE, 'Code {{code}}');
      expect(view.refusal).toMatchObject({ code: 'variable_unknown', details: { name: 'code' } });
      expect(view.refusalText).toContain('code');
    });
  });

  describe('read, whatever they look like', () => {
    it.each([
      ['UTF-8', SIMPLE],
      ['UTF-8 with BOM', `\uFEFF${SIMPLE}`],
      ['CRLF', SIMPLE.replaceAll('\n', '\r\n')],
      ['no end of the last line', SIMPLE.trimEnd()],
      ['tabs', SIMPLE.replaceAll(',', '\t')],
      ['UTF-16, little end first', utf16(SIMPLE)],
      ['UTF-16, big end first', utf16(SIMPLE).swap16()],
    ])('%s', async (_, content) => {
      const view = await check('numbers.csv', content, TEXT);
      expect(view.state).toBe('checked');
      expect(view.check.totals).toMatchObject({ rows: 2, valid: 2, invalid: 0 });
      expect(view.preview).toBe('张三，您好');
    });

    it('GBK', async () => {
      const view = await check('numbers.csv', GBK, '{{姓名}}，您好');
      expect(view.check.totals).toMatchObject({ rows: 2, valid: 2, invalid: 0 });
      expect(view.preview).toBe('张三，您好');
    });

    it('gzip', async () => {
      const view = await check('numbers.txt.gz', gzipSync(SIMPLE), TEXT);
      expect(view.preview).toBe('张三，您好');
    });

    it('line ends inside quotes: they belong to the value, and rows after them keep their numbers', async () => {
      const view = await check('quoted.csv', `number,name\n${FIRST},"Ann\nLee, ""MD"""\n12,bad\n${SECOND},Bob\n`, 'Hi {{name}}!');
      expect(view.check.totals).toMatchObject({ rows: 3, valid: 2, invalid: 1 });
      expect(view.preview).toBe('Hi Ann\nLee, "MD"!');
      expect(await badRows(view)).toEqual([{ row: 3, value: '12', reason: expect.any(String) }]);
    });

    it('a row that lacks a value: named with its row and its variable, the others go on', async () => {
      const view = await check('missing.csv', `number,name\n${FIRST},Ann\n${SECOND}\n`, 'Hi {{name}}');
      expect(view.check.totals).toMatchObject({ rows: 2, valid: 1, invalid: 1, byRejection: { variable_missing: 1 } });
      expect(await badRows(view)).toEqual([{ row: 3, value: SECOND, reason: expect.stringContaining('name') }]);
    });

    it('an xlsx with as many rows as a sheet can have', async () => {
      function* rows(): Generator<string> {
        yield `<row r="1">${textCell('A1', 'number')}${textCell('B1', 'name')}</row>`;
        for (let row = 2; row <= XLSX_MAX_ROWS; row += 1)
          yield `<row r="${row}">${numberCell(`A${row}`, `62812${String(10_000_000 + row)}`)}${textCell(`B${row}`, 'Ann')}</row>`;
      }
      const view = await check('full.xlsx', await xlsxFile(rows()), 'Hi {{name}}', 120_000);
      expect(view.refusal).toBeNull();
      expect(view.check.totals).toMatchObject({ rows: XLSX_MAX_ROWS - 1, valid: XLSX_MAX_ROWS - 1, invalid: 0, duplicates: 0 });
    });
  });

  describe('formulas in cells', () => {
    const HOSTILE = '=HYPERLINK("http://evil.example","click")';

    it('an xlsx gives what the cells last showed; nothing is computed', async () => {
      const view = await check(
        'formulas.xlsx',
        await xlsxFile([
          `<row r="1">${textCell('A1', 'number')}${textCell('B1', 'name')}</row>`,
          `<row r="2">${formulaCell('A2', '6281210000000+1', FIRST)}${formulaCell('B2', 'WEBSERVICE("http://evil.example")', 'Ann')}</row>`,
        ]),
        'Hi {{name}}',
      );
      expect(view.check.totals).toMatchObject({ rows: 1, valid: 1 });
      expect(view.preview).toBe('Hi Ann');
    });

    it('the recipient gets the text as it was written, the exported csv shows it as text', async () => {
      const view = await check('formulas.csv', `number,name\n${FIRST},"${HOSTILE.replaceAll('"', '""')}"\n`, '{{name}}');
      expect(view.preview).toBe(HOSTILE);
      await journey.client.confirm(view.settings.task);
      await untilEnded(journey, view.settings.task);
      const [sent] = await journey.carrier.messages({ to: FIRST });
      expect(sent?.text).toBe(HOSTILE);
      const [exported] = await exportedRows(journey, view.settings.task);
      expect(Object.values(exported ?? {})).toContain(`'${HOSTILE}`);
    });

    it('the xlsx of bad rows holds it as text too', async () => {
      const view = await check('formulas.csv', `number,name\n"${HOSTILE.replaceAll('"', '""')}",Ann\n${FIRST},Bob\n`);
      const answer = await journey.client.request('GET', `/api/tasks/${view.settings.task}/exceptions.xlsx`);
      expect(answer.status).toBe(200);
      const zip = new ZipReader(new Uint8ArrayReader(new Uint8Array(await answer.arrayBuffer())));
      const entries = await zip.getEntries();
      const parts = await Promise.all(entries.flatMap((entry) => (entry.directory ? [] : [entry.getData(new TextWriter())])));
      await zip.close();
      const all = parts.join('\n');
      expect(all).toContain('HYPERLINK');
      expect(all).not.toMatch(/<f[ >]/);
      expect(all).not.toMatch(/<(?:t|v)[^>]*>=/);
    });
  });
});
