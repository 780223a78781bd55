/** Data from before July 2021: what is taken, what is refused, and that nothing is taken twice. */
import { env } from 'cloudflare:workers';
import { gunzipSync } from 'node:zlib';
import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import {
  importLegacyMessages,
  importLegacyTasks,
  LegacyHeaderError,
  type LegacyFile,
  type LegacyOrder,
} from '../../workers/exports/legacy-import';
import type { LegacyTaskFilter } from '../../schema/console';
import { recordLegacyImport } from '../../workers/exports/record-legacy-import';
import type { LegacyImportItem } from '../../schema/operators';
import { readReport } from '../../workers/messages/report';
import { readReportPicture } from '../../workers/messages/report-picture';
import { listLegacyTasks } from '../../workers/tasks/list-legacy-tasks';
import type { LogRow } from '../../schema/protocol/message-shard';
import { begin, beginAny, fileText, runToEnd } from '../support/export-runs';
import type { LegacyRefusal } from '../../workers/rules/legacy-rows';
import { makeOperator, type TestOperator } from '../support/operators';
import { makeWorld, type World } from '../support/world';

const { DB, FILES } = env as unknown as { DB: D1Database; FILES: R2Bucket };
const TITLES = ['id', 'received_at', 'to', 'status', 'price', 'kind', 'task_id', 'body'];

async function* csv(titles: readonly string[], rows: readonly (readonly string[])[]): LegacyFile & AsyncGenerator<readonly string[]> {
  yield titles;
  yield* rows;
}

async function imported(world: World, file: LegacyFile, isDryRun = false, take = importLegacyMessages) {
  const refused: [number, LegacyRefusal][] = [];
  const order: LegacyOrder = { tenant: world.tenant, isDryRun, refuse: (row, refusal) => refused.push([row, refusal]) };
  return { summary: await take(world.gateways, file, order), refused };
}

/** All rows of the tenant's legacy files. */
async function archived(world: World): Promise<Record<string, string>[]> {
  const { results } = await DB.prepare("SELECT file, rows FROM archive_files WHERE tenant_id = ? AND dataset = 'legacy'")
    .bind(world.tenant)
    .all<{ file: string; rows: number }>();
  const rows: Record<string, string>[] = [];
  for (const { file, rows: count } of results) {
    const stored = await FILES.get(file);
    if (!stored) throw new Error(`no file ${file}`);
    const { data } = Papa.parse<Record<string, string>>(gunzipSync(await stored.arrayBuffer()).toString(), {
      header: true,
      skipEmptyLines: true,
    });
    expect(data).toHaveLength(count);
    rows.push(...data);
  }
  return rows;
}

const row = (id: string, at: string, to = '+8613800138000'): string[] => [id, at, to, 'delivered', '0.0355', '', 'T-OLD-1', '你好, "old"'];

describe('a run of the command', () => {
  const runs = async (operator: TestOperator, world: World): Promise<LegacyImportItem[]> => {
    const { rows } = await (await operator.read('legacy-imports')).json<{ rows: LegacyImportItem[] }>();
    return rows.filter(({ tenant }) => tenant === world.tenant);
  };

  it('is shown to operators with what it took and which rows it refused', async () => {
    const [world, operator] = await Promise.all([makeWorld(), makeOperator()]);
    const told: number[] = [];
    const order = { tenant: world.tenant, kind: 'messages', fileName: 'old.csv' } as const;
    const rows = [row('a-1', '2021-06-30 23:59:59'), row('a-2', '2021-07-01 00:00:00'), row('a-1', '2021-06-30 23:59:59')];
    await recordLegacyImport(world.gateways, order, csv(TITLES, rows), (number) => told.push(number));
    expect(told).toEqual([3, 4]);
    const named = [
      { row: 3, column: 'received_at', reason: 'not_before_july_2021' },
      { row: 4, column: 'id', reason: 'duplicate' },
    ];
    expect(await runs(operator, world)).toMatchObject([
      { tenantName: 'Test tenant', kind: 'messages', fileName: 'old.csv', state: 'done', accepted: 1, known: 0, refused: 2, named },
    ]);
    const { rows: audited } = await (
      await operator.read('audit', { tenant: world.tenant, action: 'legacy_imported' })
    ).json<{
      rows: { after: unknown }[];
    }>();
    expect(audited).toMatchObject([{ after: { accepted: 1, refused: 2 } }]);
  });

  it('that cannot use a file says which of its columns is wrong', async () => {
    const [world, operator] = await Promise.all([makeWorld(), makeOperator()]);
    const order = { tenant: world.tenant, kind: 'tasks', fileName: 'tasks.csv' } as const;
    await expect(recordLegacyImport(world.gateways, order, csv(['id', 'nonsense'], []), () => {})).rejects.toThrow(LegacyHeaderError);
    expect(await runs(operator, world)).toMatchObject([{ state: 'failed', named: [{ row: 1, column: 'nonsense', reason: 'invalid' }] }]);
  });
});

describe('importing messages from before July 2021', () => {
  it('puts them into the archive as dataset legacy, in the order of their times', async () => {
    const world = await makeWorld();
    const file = csv(TITLES, [row('m-2', '2021-06-30 23:59:59'), row('m-1', '2020-01-05T08:00:00+08:00', '00852 9123 4567')]);
    expect(await imported(world, file)).toEqual({ summary: { accepted: 2, known: 0, refused: 0 }, refused: [] });
    expect(await archived(world)).toMatchObject([
      { ref: 'm-1', received_at: '2020-01-05T00:00:00.000Z', to: '85291234567', country: 'HK', status: 'delivered', kind: 'marketing' },
      {
        ref: 'm-2',
        received_at: '2021-06-30T15:59:59.000Z',
        to: '8613800138000',
        country: 'CN',
        price: '0.0355',
        task: 'T-OLD-1',
        body: '你好, "old"',
      },
    ]);
    const { results } = await DB.prepare('SELECT dataset, started_at FROM shards WHERE tenant_id = ?').bind(world.tenant).all();
    expect(results).toEqual([{ dataset: 'legacy', started_at: Date.parse('2020-01-05T00:00:00Z') }]);
  });

  it('takes what was received until the last millisecond of June in Shanghai, and nothing after it', async () => {
    const world = await makeWorld();
    const file = csv(TITLES, [row('a', '2021-06-30T15:59:59.999Z'), row('b', '2021-06-30T16:00:00.000Z'), row('c', '2021-07-01 00:00:00')]);
    const { summary, refused } = await imported(world, file);
    expect(summary).toEqual({ accepted: 1, known: 0, refused: 2 });
    expect(refused).toEqual([
      [3, { column: 'received_at', reason: 'not_before_july_2021' }],
      [4, { column: 'received_at', reason: 'not_before_july_2021' }],
    ]);
  });

  it('says of each row that it refuses which one it is, and why', async () => {
    const world = await makeWorld();
    const at = '2020-05-05 05:05:05';
    const rows = [
      row('ok', at),
      row('', at),
      row('ok', at),
      row('x1', 'yesterday'),
      row('x2', at, 'nobody'),
      ['x3', at, '+8613800138000', 'submitted', '', '', '', ''],
      ['x4', at, '+8613800138000', 'fine', '', '', '', ''],
      ['x5', at, '+8613800138000', 'failed', 'much', '', '', ''],
      ['x6', at, '+8613800138000', 'failed', '', '', '', 'x'.repeat(3_201)],
      [...row('x7', at), 'more'],
    ];
    const { summary, refused } = await imported(world, csv(TITLES, rows));
    expect(summary).toEqual({ accepted: 1, known: 0, refused: 9 });
    expect(refused.map(([number, { column, reason }]) => `${number} ${column} ${reason}`)).toEqual([
      '3 id missing',
      '4 id duplicate',
      '5 received_at invalid',
      '6 to invalid',
      '7 status not_final',
      '8 status invalid',
      '9 price invalid',
      '10 body too_long',
      '11 body too_many_cells',
    ]);
  });

  it('changes nothing when it is made again, or is only a rehearsal', async () => {
    const world = await makeWorld();
    const rows = [row('m-1', '2020-01-05 00:00:00'), row('m-2', '2020-01-06 00:00:00')];
    expect((await imported(world, csv(TITLES, rows), true)).summary).toEqual({ accepted: 2, known: 0, refused: 0 });
    expect(await archived(world)).toEqual([]);
    await imported(world, csv(TITLES, rows));
    expect((await imported(world, csv(TITLES, rows))).summary).toEqual({ accepted: 0, known: 2, refused: 0 });
    expect(await archived(world)).toHaveLength(2);
  });

  it('takes from a changed copy only the messages that are not there yet', async () => {
    const world = await makeWorld();
    const [first, second, third] = [1, 2, 3].map((day) => row(`m-${day}`, `2020-01-0${day} 00:00:00`)) as [string[], string[], string[]];
    await imported(world, csv(TITLES, [second]));
    const { summary } = await imported(world, csv(TITLES, [first, second.with(7, 'other words'), third]));
    expect(summary).toEqual({ accepted: 2, known: 1, refused: 0 });
    expect((await archived(world)).map(({ ref }) => ref).toSorted()).toEqual(['m-1', 'm-2', 'm-3']);
    // Ids are known of this tenant alone.
    const other = await makeWorld();
    expect((await imported(other, csv(TITLES, [first]))).summary).toMatchObject({ accepted: 1, known: 0 });
  });

  it('begins anew what broke off in the middle, and leaves nothing of it', async () => {
    const world = await makeWorld();
    const keys = async (): Promise<string[]> =>
      (await FILES.list({ prefix: `archive/legacy/${world.tenant}/` })).objects.map(({ key }) => key);
    const shardRows = async (): Promise<unknown[]> =>
      (await DB.prepare('SELECT n FROM shards WHERE tenant_id = ?').bind(world.tenant).all()).results;
    await imported(world, csv(TITLES, [row('before', '2020-01-01 00:00:00')]));
    const before = await keys();
    const broken = {
      ...world.gateways,
      database: new Proxy(world.gateways.database, {
        get: (database, name: keyof typeof world.gateways.database) =>
          name === 'batch' ? () => Promise.reject(new Error('gone')) : Reflect.get(database, name, database),
      }),
    };
    const order = (): LegacyOrder => ({ tenant: world.tenant, isDryRun: false, refuse: () => undefined });
    const rows = [row('m-1', '2020-01-05 00:00:00'), row('m-2', '2020-01-06 00:00:00')];
    await expect(importLegacyMessages(broken, csv(TITLES, rows), order())).rejects.toThrow('gone');
    expect(await keys()).toHaveLength(2 * before.length);
    expect(await shardRows()).toHaveLength(2);
    expect((await imported(world, csv(TITLES, rows))).summary).toEqual({ accepted: 2, known: 0, refused: 0 });
    const after = await keys();
    expect(after).toHaveLength(2 * before.length);
    expect(after).toEqual(expect.arrayContaining(before));
    expect(await shardRows()).toHaveLength(2);
    expect(await archived(world)).toHaveLength(3);
  });

  it('counts in the reports of its own dataset, and in no other', async () => {
    const world = await makeWorld();
    const at = '2021-03-04 23:30:00';
    const rows = [
      row('m-1', at),
      row('m-2', '2021-03-05 00:30:00'),
      ['m-3', at, '+85291234567', 'rejected', '0.05', '', '', ''],
      ['m-4', at, '+85291234567', 'failed', '0.05', '', '', ''],
    ];
    await imported(world, csv(TITLES, rows));
    const period = { from: Date.UTC(2021, 2, 3, 16), until: Date.UTC(2021, 2, 5, 16) };
    const legacy = { ...period, dataset: 'legacy' } as const;
    const picture = await readReportPicture(world.gateways, world.actor, legacy, ['country']);
    const { sum, rows: countries } = picture.report;
    expect(sum).toMatchObject({ total: 4, sent: 3, delivered: 2, failed: 2, parts: 3, costMicros: 121_000 });
    expect(countries.map(({ country, total }) => [country, total])).toEqual([
      ['CN', 2],
      ['HK', 2],
    ]);
    expect(picture.reasons.map(({ state, messages }) => [state, messages]).toSorted()).toEqual([
      ['failed', 1],
      ['rejected', 1],
    ]);
    const { rows: days } = await readReport(world.gateways, { ...world.actor, timeZone: 'Asia/Shanghai' }, legacy, ['day']);
    expect(days.map(({ day, total }) => [day, total])).toEqual([
      ['2021-03-04', 3],
      ['2021-03-05', 1],
    ]);
    expect((await readReport(world.gateways, world.actor, period, ['country'])).rows).toEqual([]);
  });

  it('stays out of the log of today', async () => {
    const world = await makeWorld();
    await imported(world, csv(TITLES, [row('m-1', '2020-01-05 00:00:00')]));
    expect((await (await world.fetch('/api/messages?limit=50')).json<{ rows: unknown[] }>()).rows).toEqual([]);
  });

  it('is read, one by one and filtered, and exported as a dataset of its own', async () => {
    const world = await makeWorld();
    await imported(world, csv(TITLES, [row('m-1', '2020-01-05 00:00:00'), row('m-2', '2020-02-05 00:00:00', '+85291234567')]));
    const listed = async (query: string): Promise<LogRow[]> =>
      (await (await world.fetch(`/api/messages?dataset=legacy&limit=50&${query}`)).json<{ rows: LogRow[] }>()).rows;
    const all = await listed('');
    expect(all.map(({ ref }) => ref)).toEqual(['m-2', 'm-1']);
    expect((await listed('country=HK')).map(({ ref }) => ref)).toEqual(['m-2']);
    expect((await listed('task=T-OLD-1')).map(({ ref }) => ref)).toEqual(['m-2', 'm-1']);
    expect(await (await world.fetch(`/api/messages/${all[0]?.id}`)).json()).toMatchObject({ ref: 'm-2', to: '85291234567' });
    expect((await world.fetch('/api/messages?dataset=future')).status).toBe(400);
    const id = await begin(world, { filter: { dataset: 'legacy' }, bom: false });
    await runToEnd(world, id);
    expect(Papa.parse(await fileText(world, id), { skipEmptyLines: true }).data).toHaveLength(3);
  });

  it('refuses a file whose columns it does not know, before anything else', async () => {
    const world = await makeWorld();
    await expect(imported(world, csv(['id', 'to', 'status'], []))).rejects.toThrow(LegacyHeaderError);
    await expect(imported(world, csv([...TITLES, 'colour'], []))).rejects.toThrow('column colour: invalid');
  });
});

describe('importing tasks from before July 2021', () => {
  it('keeps their figures, and writes them over when they come again', async () => {
    const world = await makeWorld();
    const titles = ['id', 'name', 'user', 'created_at', 'status', 'messages', 'delivered', 'cost'];
    const rows = Array.from({ length: 20 }, (_, n) => [
      `OLD-${n}`,
      `任务 ${n}`,
      '王',
      '2021-03-04 10:00:00',
      '已完成',
      '100',
      String(n),
      '3.55',
    ]);
    expect((await imported(world, csv(titles, rows), false, importLegacyTasks)).summary).toEqual({ accepted: 20, known: 0, refused: 0 });
    const [first = []] = rows;
    await imported(world, csv(titles, [first.with(6, '99')]), false, importLegacyTasks);
    const { results } = await DB.prepare('SELECT id, delivered, cost_micros FROM legacy_tasks WHERE tenant_id = ? ORDER BY delivered DESC')
      .bind(world.tenant)
      .all();
    expect(results).toHaveLength(20);
    const service = (filter: LegacyTaskFilter) => listLegacyTasks(world.gateways, world.actor, filter);
    expect((await service({ id: 'old-7' })).rows).toMatchObject([{ id: 'OLD-7', state: '已完成', messages: 100, delivered: 7 }]);
    expect((await service({ name: '任务 1' })).rows).toHaveLength(11);
    expect((await service({ name: '从来没有过的一个任务名称'.repeat(3) })).rows).toEqual([]);
    expect((await service({ createdUntil: Date.UTC(2021, 2, 4, 2) })).rows).toEqual([]);
    const id = await beginAny(world, { kind: 'tasks', format: 'csv', filter: { dataset: 'legacy', name: '任务 19' }, bom: false });
    await runToEnd(world, id);
    const lines = Papa.parse<string[]>(await fileText(world, id), { skipEmptyLines: true }).data;
    expect(lines).toHaveLength(2);
    expect(lines[1]).toEqual(expect.arrayContaining(['OLD-19', '王', '任务 19', '已完成', '100', '19', '3.55']));
    expect(results[0]).toEqual({ id: 'OLD-0', delivered: 99, cost_micros: 3_550_000 });
  });
});
