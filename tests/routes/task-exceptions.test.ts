import { beforeAll, describe, expect, it } from 'vitest';
import { readXlsx, writeXlsx } from '../../workers/gateways/spreadsheets';
import { openZip } from '../../workers/gateways/spreadsheets/zip-file';
import { checkedTask } from '../support/tasks';
import { makeWorld, request, type World } from '../support/world';

let world: World;
beforeAll(async () => {
  world = await makeWorld({ locale: 'zh-CN' });
});

const bytesOf = async (stream: ReadableStream): Promise<Uint8Array> => new Uint8Array(await new Response(stream).arrayBuffer());
async function readBook(bytes: Uint8Array): Promise<string[][]> {
  await world.gateways.files.write('book', bytes);
  const rows: string[][] = [];
  await readXlsx(world.gateways.files, 'book', bytes.length, {
    opened: () => undefined,
    passed: () => undefined,
    rows: async (some) => void rows.push(...some.map((row) => [...row])),
  });
  return rows;
}

describe('异常数据.xlsx', () => {
  it('lists every bad row with its row number in the file, its value and the reason, in the user’s language', async () => {
    const lines = Array.from({ length: 90_000 }, (_, at) => `861380${String(at).padStart(7, '0')},x`);
    lines[10] = '=1+1,x';
    lines[80_000] = `${lines[3]}`;
    lines[80_001] = '+1,x';
    const task = await checkedTask(world, `号码,值\n${lines.join('\n')}\n`);
    expect(task.check.totals).toMatchObject({ rows: 90_000, valid: 89_997, invalid: 2, duplicates: 1 });
    const answer = await world.fetch(`/api/tasks/${task.settings.task}/exceptions.xlsx`);
    expect(answer.headers.get('content-disposition')).toContain(encodeURIComponent('异常数据'));
    expect(await readBook(await bytesOf(answer.body as ReadableStream))).toEqual([
      ['行号', '号码', '原因'],
      ['12', "'=1+1", '不是电话号码'],
      ['80002', '8613800000003', '重复号码'],
      ['80003', "'+1", '号码过短'],
    ]);
  });

  it('has a title and nothing else when every row is good', async () => {
    const task = await checkedTask(world, '8613800138000\n');
    const answer = await world.fetch(`/api/tasks/${task.settings.task}/exceptions.xlsx`);
    expect(await readBook(await bytesOf(answer.body as ReadableStream))).toEqual([['行号', '号码', '原因']]);
  });

  it('is not for those who may not see numbers; the screen shows them masked', async () => {
    const task = await checkedTask(world, '8613800138000\n8613800138000\n');
    const { cookie } = await world.addUser({ role: 'viewer' });
    const path = `/api/tasks/${task.settings.task}/exceptions`;
    expect((await request(`${path}.xlsx`, { headers: { cookie } })).status).toBe(403);
    const { rows } = await (await request(path, { headers: { cookie } })).json<{ rows: { value: string }[] }>();
    expect(rows.map(({ value }) => value)).toEqual(['•••••••••8000']);
  });
});

describe('a spreadsheet that is written', () => {
  it('goes on in further sheets when one is full, each with the titles', async () => {
    const rows = Array.from({ length: 5 }, (_, at) => [at, `row ${at}`]);
    const bytes = await bytesOf(writeXlsx({ sheetName: 'x'.repeat(40), columns: ['n', 'text'], rows }, 3));
    await world.gateways.files.write('sheets', bytes);
    const zip = await openZip(world.gateways.files, 'sheets', bytes.length);
    const sheets = await Promise.all([1, 2, 3, 4].map((n) => zip.text(`xl/worksheets/sheet${n}.xml`, 100_000)));
    expect(sheets.map((sheet) => sheet?.match(/<row /g)?.length)).toEqual([3, 3, 2, undefined]);
    expect(await readBook(bytes)).toEqual([
      ['n', 'text'],
      ['0', 'row 0'],
      ['1', 'row 1'],
    ]);
    expect(await zip.text('xl/workbook.xml', 100_000)).toContain(`name="${'x'.repeat(29)} 3"`);
  });

  it('keeps what is no formula as it is, and neutralises what could be one', async () => {
    const cells = ['=HYPERLINK("http://x")', '+86', '@x', '-12.50', '\ttab', 'plain', 'a\u0001b', '<&>'];
    const [, row] = await readBook(await bytesOf(writeXlsx({ sheetName: 's', columns: ['a'], rows: [cells] })));
    expect(row?.slice(0, 4)).toEqual(['\'=HYPERLINK("http://x")', "'+86", "'@x", '-12.50']);
    expect(row?.[5]).toBe('plain');
    expect(row?.[7]).toBe('<&>');
  });

  it('breaks off, rather than looking whole, when its rows fail in the middle', async () => {
    function* rows(): Generator<string[]> {
      yield ['fine'];
      throw new Error('lost');
    }
    await expect(bytesOf(writeXlsx({ sheetName: 's', columns: ['a'], rows: rows() }))).rejects.toThrow('lost');
  });

  it('waits for its reader instead of piling up rows', async () => {
    let made = 0;
    function* rows(): Generator<string[]> {
      for (; made < 300_000; made++) yield [crypto.randomUUID(), crypto.randomUUID()];
    }
    const reader = writeXlsx({ sheetName: 's', columns: ['a', 'b'], rows: rows() }).getReader();
    await reader.read();
    await new Promise((done) => setTimeout(done, 500));
    expect(made).toBeLessThan(100_000);
    await reader.cancel();
  });
});
