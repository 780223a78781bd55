/** What can be exported, and as what. */
import ExcelJS from 'exceljs';
import { gunzipSync } from 'node:zlib';
import Papa from 'papaparse';
import { describe, expect, it, vi } from 'vitest';
import type { ExportRequest, ExportView } from '../../schema/exports';
import type { ExportId, Iso2 } from '../../schema/ids';
import type { TaskRow } from '../../schema/protocol/message-shard';
import { EXPORT_FORMATS, EXPORT_KINDS, type ExportKind } from '../../schema/states';
import { beginAny, fileText, runToEnd, view } from '../support/export-runs';
import { addApiMessages, addApiShard, addTask, manyRows, row } from '../support/log-messages';
import { makeWorld, request, type World, type WorldUser } from '../support/world';

const XLSX_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const NOON = Date.parse('2026-11-20T12:00:00Z');

async function download(world: World, id: ExportId, user: WorldUser = world): Promise<{ response: Response; bytes: Uint8Array }> {
  const response = await request(`/api/exports/${id}/file`, { headers: { cookie: user.cookie } });
  return { response, bytes: new Uint8Array(await response.arrayBuffer()) };
}

/** Sheets of cells, whatever the format. */
async function sheetsOf(format: ExportView['format'], bytes: Uint8Array): Promise<string[][][]> {
  if (format !== 'xlsx') {
    const text = new TextDecoder().decode(format === 'csv' ? bytes : gunzipSync(bytes));
    return [Papa.parse<string[]>(text, { skipEmptyLines: true }).data];
  }
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.load(new Uint8Array(bytes).buffer);
  return workbook.worksheets.map((sheet) => {
    const rows: string[][] = [];
    sheet.eachRow((line) => rows.push(Array.from({ length: sheet.columnCount }, (_, at) => line.getCell(at + 1).text)));
    return rows;
  });
}

async function made(world: World, wanted: ExportRequest, user: WorldUser = world): Promise<string[][]> {
  const id = await beginAny(world, wanted, user);
  await runToEnd(world, id);
  const [rows = []] = await sheetsOf(wanted.format, (await download(world, id, user)).bytes);
  expect(await view(world, id)).toMatchObject({ state: 'ready', rows: rows.length - 1, kind: wanted.kind, format: wanted.format });
  return rows;
}

describe('every format', () => {
  it('holds the same cells', async () => {
    const world = await makeWorld({ locale: 'zh-CN' });
    await addTask(world, { rows: manyRows(30), shards: 2, at: NOON, text: '【锦木】=1+1, "你好"\n{{name}} <b>', columns: ['name'] });
    const files = [];
    for (const format of EXPORT_FORMATS) files.push(await made(world, { kind: 'log', format, filter: {}, bom: false }));
    const [csv, packed, book] = files;
    expect(packed).toEqual(csv);
    expect(book).toEqual(csv);
    expect(csv).toHaveLength(31);
    expect(csv?.[1]?.[10]).toMatch(/^86138000000\d\d$/);
  });

  it('holds the same cells of every kind', async () => {
    const world = await makeWorld({ locale: 'zh-CN' });
    const blocked: TaskRow = [8_613_800_000_009, 'CN' as Iso2, 1, 30_000, null, 'blacklisted'];
    const { task } = await addTask(world, { name: '=1+1', rows: [...manyRows(3), blocked], at: NOON });
    await world.gateways.objects.keyGate(world.marketing.id).addNumbers('[8613812345678]', 'user');
    // What is written in the millisecond in which an export is asked for is not in it.
    await new Promise((done) => setTimeout(done, 5));
    const wanted = {
      log: { kind: 'log', filter: {} },
      statement: { kind: 'statement', filter: { task } },
      failures: { kind: 'failures', filter: { task } },
      tasks: { kind: 'tasks', filter: {} },
      blacklist: { kind: 'blacklist', filter: { key: world.marketing.id } },
      report: { kind: 'report', filter: { from: NOON - 86_400_000, until: NOON + 86_400_000, groupBy: ['country'] } },
    } as const satisfies Readonly<Record<ExportKind, unknown>>;
    const reported = async (): Promise<void> => {
      const rows = await made(world, { ...wanted.report, format: 'csv', bom: false });
      expect(rows[1]?.[3]).toBe('4');
    };
    await vi.waitFor(reported, { timeout: 10_000, interval: 300 });
    for (const kind of EXPORT_KINDS) {
      const files = [];
      for (const format of EXPORT_FORMATS) files.push(await made(world, { ...wanted[kind], format, bom: format === 'csv.gz' }));
      const [csv, packed, book] = files;
      expect([kind, csv?.length]).toEqual([kind, { log: 5, statement: 5, failures: 2, tasks: 2, blacklist: 2, report: 2 }[kind]]);
      expect(packed).toEqual(csv);
      // A number of a workbook is shown without the zeros at its end.
      const shown = csv?.map((cells) => cells.map((cell) => (/^\d+\.\d+$/.test(cell) ? String(Number(cell)) : cell)));
      expect(book).toEqual(shown);
    }
  });

  it('is named, typed and fetched in any part as what it is', async () => {
    const world = await makeWorld();
    await addTask(world, { rows: manyRows(40), at: NOON });
    const types = { csv: 'text/csv; charset=utf-8', 'csv.gz': 'application/gzip', xlsx: XLSX_TYPE } as const;
    for (const format of EXPORT_FORMATS) {
      const id = await beginAny(world, { kind: 'log', format, filter: {}, bom: true });
      await runToEnd(world, id);
      const { response, bytes } = await download(world, id);
      const shown = await view(world, id);
      expect(shown.fileName.endsWith(`.${format}`)).toBe(true);
      expect(shown.bytes).toBe(bytes.byteLength);
      expect(response.headers.get('content-length')).toBe(String(bytes.byteLength));
      expect(response.headers.get('content-type')).toBe(types[format]);
      const part = await world.fetch(`/api/exports/${id}/file`, { headers: { range: 'bytes=100-299' } });
      expect(part.status).toBe(206);
      expect(part.headers.get('content-range')).toBe(`bytes 100-299/${bytes.byteLength}`);
      expect(new Uint8Array(await part.arrayBuffer())).toEqual(bytes.slice(100, 300));
    }
  });

  it('of nothing is a file with its titles', async () => {
    const world = await makeWorld();
    for (const format of EXPORT_FORMATS) expect(await made(world, { kind: 'log', format, filter: {}, bom: false })).toHaveLength(1);
  });
});

describe('a task’s files', () => {
  async function mixedTask() {
    const world = await makeWorld({ locale: 'zh-CN' });
    const [first, second] = manyRows(2);
    const blocked: TaskRow = [8_613_800_000_009, 'CN' as Iso2, 1, 30_000, null, 'blacklisted'];
    if (!first || !second) throw new Error('two rows were made');
    const { task } = await addTask(world, { rows: [first, blocked, second, row(491_712_345_678, 'DE')], at: NOON, text: '你好' });
    return { world, task };
  }

  it('say what each message cost, under the columns that were agreed', async () => {
    const { world, task } = await mixedTask();
    const [titles, ...rows] = await made(world, { kind: 'statement', format: 'xlsx', filter: { task }, bom: true });
    expect(titles).toEqual(['TaskID', '手机号码', '结果', '发送时间', '国家地区名称', '国家地区代码', 'FROM', '发送内容', '费用']);
    expect(rows.map(([id, to, result, , country, code, , body, cost]) => [id, to, result, country, code, body, cost])).toEqual([
      [task, '8613800000000', '已接收', '中国', 'CN', '你好', '0.03'],
      [task, '8613800000009', '已拦截', '中国', 'CN', '你好', '0'],
      [task, '8613800000001', '已接收', '中国', 'CN', '你好', '0.03'],
      [task, '491712345678', '已接收', '德国', 'DE', '你好', '0.03'],
    ]);
  });

  it('list what was not delivered, each with its reason', async () => {
    const { world, task } = await mixedTask();
    const [titles, ...rows] = await made(world, { kind: 'failures', format: 'csv', filter: { task }, bom: false });
    expect(titles?.slice(1, 5)).toEqual(['手机号码', '结果', '错误代码', '失败原因']);
    expect(rows.map((cells) => cells.slice(1, 5))).toEqual([['8613800000009', '已拦截', 'blacklisted', '号码在黑名单中']]);
  });

  it('are not made of another tenant’s task', async () => {
    const [{ task }, stranger] = [await mixedTask(), await makeWorld()];
    for (const kind of ['statement', 'failures'])
      expect((await stranger.fetch('/api/exports', { json: { kind, format: 'csv', filter: { task } } })).status).toBe(404);
  });
});

describe('the overview of tasks', () => {
  it('holds one line a task under the agreed columns, newest first, filtered', async () => {
    const world = await makeWorld({ locale: 'zh-CN' });
    for (const [n, name] of ['一', '二', '三'].entries()) await addTask(world, { name, rows: manyRows(n + 1), at: NOON + n });
    const [titles, ...rows] = await made(world, { kind: 'tasks', format: 'xlsx', filter: {}, bom: true });
    expect(titles).toEqual([
      '任务ID',
      '发送用户',
      '任务名称',
      '创建时间',
      '发送时间',
      '任务状态',
      '短信统计',
      '已发送条数',
      '成功条数',
      '失败条数',
      '费用统计',
    ]);
    expect(rows.map((cells) => [cells[2], cells[5], cells[6]])).toEqual([
      ['三', '已暂停', '3'],
      ['二', '已暂停', '2'],
      ['一', '已暂停', '1'],
    ]);
    expect(await made(world, { kind: 'tasks', format: 'csv', filter: { name: '二' }, bom: false })).toHaveLength(2);
    expect(await made(world, { kind: 'tasks', format: 'csv', filter: { state: 'finished' }, bom: false })).toHaveLength(1);
  });
});

describe('a blacklist', () => {
  it('is exported in the order of its numbers, as text', async () => {
    const world = await makeWorld({ locale: 'zh-CN' });
    const gate = world.gateways.objects.keyGate(world.marketing.id);
    await gate.addNumbers(JSON.stringify(Array.from({ length: 12_000 }, (_, n) => 8_613_800_000_000 + n)), 'user');
    await gate.addNumbers(JSON.stringify([85_291_234_567]), 'opt_out');
    await new Promise((done) => setTimeout(done, 5));
    const [, ...rows] = await made(world, { kind: 'blacklist', format: 'csv', filter: { key: world.marketing.id }, bom: false });
    expect(rows).toHaveLength(12_001);
    expect(rows[0]).toEqual(['85291234567', expect.stringMatching(/^\d{4}-/), '回复退订']);
    expect(rows.at(-1)?.[0]).toBe('8613800011999');
  });

  it('of another tenant’s key is not there', async () => {
    const [world, stranger] = await Promise.all([makeWorld(), makeWorld()]);
    const json = { kind: 'blacklist', format: 'csv', filter: { key: world.marketing.id } };
    expect((await stranger.fetch('/api/exports', { json })).status).toBe(404);
  });
});

describe('what is hidden', () => {
  it('of one-time codes is hidden in the log, in one message and in every file, when the tenant wants it', async () => {
    const world = await makeWorld({ masksBodies: true });
    const shard = await addApiShard(world, NOON);
    const { ids } = await addApiMessages(world, shard, NOON, [
      { to: 8_613_800_000_001, text: '您的验证码是482913，5分钟内有效 https://x.example/l/abc' },
    ]);
    await addTask(world, { rows: manyRows(1), at: NOON, text: 'Room 482913 sale' });
    // Asked for before the tenant wanted it.
    const before = { ...world, actor: { ...world.actor, masksBodies: false } };
    const open = await beginAny(world, { kind: 'log', format: 'csv', filter: {}, bom: false }, before);
    await runToEnd(world, open);
    expect(await fileText(world, open)).toContain('码是482913');
    const log = await (await world.fetch('/api/messages?limit=50')).text();
    expect(log).toContain('您的验证码是••••••，•分钟内有效 https://x.example/•••');
    expect(log).toContain('Room 482913 sale');
    expect(await (await world.fetch(`/api/messages/${ids[0]}`)).text()).not.toContain('482913');
    for (const format of EXPORT_FORMATS) {
      const rows = await made(world, { kind: 'log', format, filter: { kind: 'transactional' }, bom: false }, world);
      expect(rows[1]?.at(-1)).toBe('您的验证码是••••••，•分钟内有效 https://x.example/•••');
    }
    expect((await download(world, open)).response.status).toBe(403);
  });

  it('from a viewer is the middle of numbers, in every kind', async () => {
    const world = await makeWorld();
    const viewer = await world.addUser({ role: 'viewer' });
    const { task } = await addTask(world, { rows: [row(8_613_812_345_678)], at: NOON });
    await world.gateways.objects.keyGate(world.marketing.id).addNumbers('[8613812345678]', 'user');
    await new Promise((done) => setTimeout(done, 5));
    const form = { format: 'xlsx', bom: true } as const;
    for (const wanted of [
      { kind: 'log', filter: {}, ...form },
      { kind: 'statement', filter: { task }, ...form },
      { kind: 'blacklist', filter: { key: world.marketing.id }, ...form },
    ] satisfies ExportRequest[]) {
      const cells = (await made(world, wanted, viewer)).flat();
      expect(cells.some((cell) => cell.includes('12345'))).toBe(false);
      expect(cells.some((cell) => /^86138•+5678$/.test(cell))).toBe(true);
    }
  });
});

describe('the download centre', () => {
  it('is filtered by kind, user and period', async () => {
    const world = await makeWorld();
    const other = await world.addUser({ role: 'sender' });
    const form = { format: 'csv', bom: true } as const;
    const log = await beginAny(world, { kind: 'log', filter: {}, ...form });
    const tasks = await beginAny(world, { kind: 'tasks', filter: {}, ...form }, other);
    const listed = async (query: string): Promise<string[]> =>
      (await (await world.fetch(`/api/exports?${query}`)).json<{ rows: ExportView[] }>()).rows.map(({ id }) => id);
    expect(await listed('kind=log')).toEqual([log]);
    expect(await listed(`user=${other.actor.user}`)).toEqual([tasks]);
    expect((await listed('from=2020-01-01&until=&kind=')).toSorted()).toEqual([log, tasks].toSorted());
    expect(await listed('until=2020-01-01')).toEqual([]);
    const refused = await world.fetch('/api/exports?kind=money&from=never');
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({ errors: [{ field: 'kind' }, { field: 'from' }] });
  });
});

describe('a report', () => {
  it('has a line for each group, under the columns of what it is grouped by', async () => {
    const world = await makeWorld({ locale: 'zh-CN' });
    const shard = await addApiShard(world, NOON);
    const sent = { kind: 'submitted', carrierIds: ['c'], network: null } as const;
    const to = [8_613_800_000_001, 8_613_800_000_002, 85_291_234_567];
    await addApiMessages(
      world,
      shard,
      NOON,
      to.map((number) => ({ to: number, country: number > 9e11 ? 'CN' : 'HK' })),
      [sent, sent, sent],
    );
    await vi.waitFor(
      async () => {
        const filter = { from: NOON - 86_400_000, until: NOON + 86_400_000, groupBy: ['country', 'user'] as const };
        const [titles, ...rows] = await made(world, { kind: 'report', format: 'xlsx', filter, bom: true });
        expect(titles).toEqual([
          'Country / Region',
          '国家/地区',
          '用户名',
          '成功率',
          '总计/条',
          '成功/条',
          '失败/条',
          '已发送/条',
          '待回执/条',
          '未发送/条',
          '计费条数',
          '费用',
        ]);
        expect(rows.map((cells) => cells.slice(0, 5))).toEqual([
          ['China', '中国', 'API', '0.00%', '2'],
          ['Hong Kong', '中国香港', 'API', '0.00%', '1'],
        ]);
      },
      { timeout: 10_000, interval: 500 },
    );
  });

  it('of an impossible period is refused at once', async () => {
    const world = await makeWorld();
    const json = { kind: 'report', format: 'csv', filter: { from: 5, until: 4, groupBy: ['country'] } };
    expect((await world.fetch('/api/exports', { json })).status).toBe(400);
  });
});
