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
import type { LogRow } from '../../schema/protocol/message-shard';
import { begin, fileText, runToEnd } from '../support/export-runs';
import type { LegacyRefusal } from '../../workers/rules/legacy-rows';
import { makeWorld, type World } from '../support/world';

const { DB, FILES } = env as unknown as { DB: D1Database; FILES: R2Bucket };
const TITLES = ['id', 'received_at', 'to', 'status', 'price', 'kind', 'task_id', 'body'];
let hashes = 0;

function csv(titles: readonly string[], rows: readonly (readonly string[])[], hash = `hash-${(hashes += 1)}`): LegacyFile {
  async function* all(): AsyncGenerator<readonly string[]> {
    yield titles;
    yield* rows;
  }
  return { hash, rows: all() };
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
    expect((await imported(world, csv(TITLES, rows, 'one'), true)).summary).toEqual({ accepted: 2, known: 0, refused: 0 });
    expect(await archived(world)).toEqual([]);
    await imported(world, csv(TITLES, rows, 'one'));
    expect((await imported(world, csv(TITLES, rows, 'one'))).summary).toEqual({ accepted: 0, known: 2, refused: 0 });
    expect(await archived(world)).toHaveLength(2);
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
    expect(results[0]).toEqual({ id: 'OLD-0', delivered: 99, cost_micros: 3_550_000 });
  });
});
