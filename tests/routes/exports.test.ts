import { eq } from 'drizzle-orm';
import Papa from 'papaparse';
import { describe, expect, it, vi } from 'vitest';
import type { Page } from '../../schema/console';
import type { ExportView } from '../../schema/exports';
import { newExportId } from '../../schema/ids';
import type { LogRow } from '../../schema/protocol/message-shard';
import { EXPORT_LIFETIME_MS } from '../../schema/limits';
import { exportJobs } from '../../schema/tables';
import { expireExports } from '../../workers/exports/repair';
import { begin, fileText, runToEnd, view } from '../support/export-runs';
import { addApiMessages, addApiShard, addTask, manyRows, row } from '../support/log-messages';
import { makeWorld, request, type World, type WorldUser } from '../support/world';

const NOON = Date.parse('2026-11-20T12:00:00Z');
const BOM = '\ufeff';

const cells = (text: string): string[][] => Papa.parse<string[]>(text, { skipEmptyLines: true }).data;

async function logRows(world: World): Promise<LogRow[]> {
  const rows: LogRow[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<LogRow> = await (await world.fetch(`/api/messages?limit=200${cursor === null ? '' : `&cursor=${cursor}`}`)).json();
    rows.push(...page.rows);
    ({ cursor } = page);
  } while (cursor !== null);
  return rows;
}

/** Through the console's routes and the real queue. */
async function exportOverHttp(world: World, json: unknown): Promise<ExportView> {
  const answer = await world.fetch('/api/exports', { json });
  expect(answer.status).toBe(202);
  const { id } = await answer.json<ExportView>();
  return await vi.waitFor(
    async () => {
      const shown = await (await world.fetch(`/api/exports/${id}`)).json<ExportView>();
      expect(shown.state).toBe('ready');
      return shown;
    },
    { timeout: 15_000, interval: 50 },
  );
}

describe('an export of the log', () => {
  it('holds exactly the rows that the log shows, oldest first, under a header in the user’s language', async () => {
    const world = await makeWorld({ locale: 'zh-CN' });
    await addTask(world, { rows: manyRows(300), shards: 2, at: NOON, text: 'Hello {{name}}', columns: ['name'] });
    const shard = await addApiShard(world, NOON + 60_000);
    await addApiMessages(world, shard, NOON + 60_000, [{ to: 8_613_900_000_000, text: 'line one\nline "two", 三' }]);
    const shown = await exportOverHttp(world, { kind: 'log', format: 'csv' });
    expect(shown).toMatchObject({
      kind: 'log',
      format: 'csv',
      rows: 301,
      rowsExpected: 301,
      error: null,
      userName: 'Test User',
      downloads: 0,
    });
    expect(shown.fileName).toMatch(/^日志_\d{8}_\d{4}\.csv$/);
    const file = await world.fetch(`/api/exports/${shown.id}/file`);
    expect(file.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(file.headers.get('content-disposition')).toContain("filename*=UTF-8''%E6%97%A5%E5%BF%97_");
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await file.arrayBuffer());
    expect(text.startsWith(BOM)).toBe(true);
    expect(new TextEncoder().encode(text)).toHaveLength(shown.bytes);
    const [header, ...lines] = cells(text.slice(1));
    expect(header).toContain('短信ID');
    const expected = await logRows(world);
    const id = header?.indexOf('短信ID') ?? -1;
    expect(new Set(lines.map((line) => line[id]))).toEqual(new Set(expected.map((one) => one.id)));
    expect(lines).toHaveLength(expected.length);
    expect(lines.at(-1)?.[id]).toBe(expected[0]?.id);
    expect(lines.at(-1)).toContain('line one\nline "two", 三');
    expect(lines[0]).toContain(expected.at(-1)?.to);
  });

  it('comes without a byte order mark when none is wanted, and in English', async () => {
    const world = await makeWorld();
    await addTask(world, { rows: manyRows(2), at: NOON });
    const shown = await exportOverHttp(world, { kind: 'log', format: 'csv', bom: false });
    expect(shown.fileName).toMatch(/^log_\d{8}_\d{4}\.csv$/);
    const text = await fileText(world, shown.id);
    expect(text.startsWith(BOM)).toBe(false);
    expect(cells(text)[0]).toContain('Message ID');
  });

  it('of nothing is a file with its header', async () => {
    const world = await makeWorld();
    const shown = await exportOverHttp(world, { kind: 'log', format: 'csv', filter: { states: ['failed'] } });
    expect(shown).toMatchObject({ rows: 0, state: 'ready' });
    expect(cells((await fileText(world, shown.id)).slice(1))).toHaveLength(1);
  });

  it('neutralises what a spreadsheet would run', async () => {
    const world = await makeWorld();
    const shard = await addApiShard(world, NOON);
    const formulas = ['=1+1', '+cmd|calc', '-2+3', '@SUM(A1)', '\t=1', '＝1+1', '=HYPERLINK("http://x","y")'];
    await addApiMessages(
      world,
      shard,
      NOON,
      formulas.map((text, index) => ({ to: 8_613_800_000_000 + index, text })),
    );
    const id = await begin(world, { filter: { kind: 'transactional' } });
    await runToEnd(world, id);
    const [, ...lines] = cells((await fileText(world, id)).slice(1));
    for (const [index, formula] of formulas.entries()) expect(lines[index]).toContain(`'${formula}`);
    for (const cell of lines.flat()) expect(cell).not.toMatch(/^[=+@\t＝]/);
  });

  it('keeps to its filter', async () => {
    const world = await makeWorld();
    const { task } = await addTask(world, { rows: [...manyRows(20), row(491_712_345_678, 'DE')], shards: 3, at: NOON });
    await addTask(world, { rows: manyRows(20), at: NOON + 1 });
    const counted = async (filter: Record<string, unknown>): Promise<number> => {
      const id = await begin(world, { filter });
      await runToEnd(world, id);
      const lines = cells((await fileText(world, id)).slice(1));
      expect(await view(world, id)).toMatchObject({ state: 'ready', rows: lines.length - 1 });
      return lines.length - 1;
    };
    const [first] = await logRows(world);
    expect(await counted({})).toBe(41);
    expect(await counted({ task })).toBe(21);
    expect(await counted({ countries: ['DE'] })).toBe(1);
    expect(await counted({ to: '8613800000007' })).toBe(2);
    expect(await counted({ receivedUntil: NOON + 1 })).toBe(21);
    expect(await counted({ receivedFrom: NOON + 1 })).toBe(20);
    expect(await counted({ kind: 'transactional' })).toBe(0);
    expect(await counted({ message: first?.id })).toBe(1);
    expect(await counted({ message: first?.id, countries: ['DE'] })).toBe(0);
    expect(await counted({ from: 'NOBODY' })).toBe(0);
  });

  it('leaves out messages that arrived after it was asked for', async () => {
    const world = await makeWorld();
    const shard = await addApiShard(world, Date.now() - 1_000);
    await addApiMessages(world, shard, Date.now() - 500, [{ to: 8_613_800_000_001 }]);
    const id = await begin(world);
    await addApiMessages(world, shard, Date.now() + 1, [{ to: 8_613_800_000_002 }]);
    await runToEnd(world, id);
    expect(await view(world, id)).toMatchObject({ rows: 1 });
  });
});

describe('the download centre', () => {
  it('lists exports, newest first, page by page', async () => {
    const world = await makeWorld();
    const ids = [];
    for (let n = 0; n < 52; n += 1) ids.push(await begin(world));
    const first = await (await world.fetch('/api/exports')).json<Page<ExportView>>();
    const second = await (await world.fetch(`/api/exports?cursor=${first.cursor}`)).json<Page<ExportView>>();
    expect(second.cursor).toBeNull();
    const shown = [...first.rows, ...second.rows];
    expect(shown).toHaveLength(52);
    expect(new Set(shown.map(({ id }) => id))).toEqual(new Set(ids));
    expect(shown.map(({ createdAt }) => createdAt)).toEqual(shown.map(({ createdAt }) => createdAt).toSorted((a, b) => b - a));
    expect((await world.fetch('/api/exports?cursor=x')).status).toBe(400);
  });

  it('answers another tenant on every route as for an export that does not exist', async () => {
    const [world, stranger] = await Promise.all([makeWorld(), makeWorld()]);
    const id = await begin(world);
    const unknown = 'ex_00000000000000000000';
    for (const [method, path] of [
      ['GET', ''],
      ['GET', '/file'],
      ['POST', '/cancel'],
      ['POST', '/repeat'],
    ]) {
      const answers = [];
      for (const one of [id, unknown]) {
        const answer = await stranger.fetch(`/api/exports/${one}${path}`, { method: method ?? 'GET' });
        const { request_id: _, ...body } = await answer.json<Record<string, unknown>>();
        answers.push({ status: answer.status, body });
      }
      expect(answers[0]).toMatchObject({ status: 404, body: { code: 'not_found' } });
      expect(answers[1]).toEqual(answers[0]);
    }
    expect((await (await stranger.fetch('/api/exports')).json<Page<ExportView>>()).rows).toEqual([]);
    expect((await request('/api/exports')).status).toBe(401);
    expect(await view(world, id)).toMatchObject({ state: 'queued' });
  });

  it('refuses a request that is none, naming the field', async () => {
    const world = await makeWorld();
    for (const [json, field] of [
      [{ kind: 'log', format: 'pdf' }, 'format'],
      [{ kind: 'money', format: 'csv' }, 'kind'],
      [{ kind: 'log', format: 'csv', filter: { states: ['lost'] } }, 'filter.states[0]'],
      [{ kind: 'log', format: 'csv', filter: { to: '+86' } }, 'filter.to'],
    ] as const) {
      const answer = await world.fetch('/api/exports', { json });
      expect(answer.status).toBe(400);
      expect(await answer.json()).toMatchObject({ errors: [{ field }] });
    }
  });

  it('masks numbers for those who may not see them, and keeps whole files from them', async () => {
    const world = await makeWorld();
    const viewer: WorldUser = await world.addUser({ role: 'viewer' });
    await addTask(world, { rows: [row(8_613_812_345_678)], at: NOON });
    const [whole, masked] = [await begin(world), await begin(world, {}, viewer)];
    await runToEnd(world, whole);
    await runToEnd(world, masked);
    expect(await fileText(world, whole)).toContain('8613812345678');
    expect(await fileText(world, masked)).not.toContain('12345');
    const as = (user: WorldUser, id: string): Promise<Response> => request(`/api/exports/${id}/file`, { headers: { cookie: user.cookie } });
    expect((await as(viewer, masked)).status).toBe(200);
    expect((await as(viewer, whole)).status).toBe(403);
    expect((await as(world, whole)).status).toBe(200);
  });

  it('runs a cancelled export again as a new one, but none that is running or ready', async () => {
    const world = await makeWorld();
    await addTask(world, { rows: manyRows(3), at: NOON });
    const id = await begin(world, { filter: { countries: ['CN' as never] } });
    expect((await world.fetch(`/api/exports/${id}/repeat`, { method: 'POST' })).status).toBe(409);
    expect((await world.fetch(`/api/exports/${id}/cancel`, { method: 'POST' })).status).toBe(204);
    expect((await world.fetch(`/api/exports/${id}/cancel`, { method: 'POST' })).status).toBe(409);
    expect(await view(world, id)).toMatchObject({ state: 'cancelled' });
    expect((await world.fetch(`/api/exports/${id}/file`)).status).toBe(409);
    const again = await world.fetch(`/api/exports/${id}/repeat`, { method: 'POST' });
    expect(again.status).toBe(202);
    const { id: next } = await again.json<ExportView>();
    expect(next).not.toBe(id);
    await vi.waitFor(async () => expect(await view(world, next)).toMatchObject({ state: 'ready', rows: 3 }), { timeout: 15_000 });
  });

  it('is cancelled by whoever began it and by colleagues who may send, not by a viewer', async () => {
    const world = await makeWorld();
    const viewer = await world.addUser({ role: 'viewer' });
    const sender = await world.addUser({ role: 'sender' });
    const cancel = async (user: WorldUser, id: string): Promise<number> =>
      (await request(`/api/exports/${id}/cancel`, { method: 'POST', headers: { cookie: user.cookie } })).status;
    const theirs = await begin(world);
    expect(await cancel(viewer, theirs)).toBe(403);
    expect(await cancel(sender, theirs)).toBe(204);
    expect(await cancel(viewer, await begin(world, {}, viewer))).toBe(204);
  });

  it('deletes files after 30 days and says so', async () => {
    const world = await makeWorld();
    const id = await begin(world);
    await runToEnd(world, id);
    const { finishedAt, expiresAt } = await view(world, id);
    expect(expiresAt).toBe((finishedAt ?? 0) + EXPORT_LIFETIME_MS);
    await expireExports(world.gateways, expiresAt - 1);
    expect((await view(world, id)).state).toBe('ready');
    await expireExports(world.gateways, expiresAt + 1);
    expect((await view(world, id)).state).toBe('expired');
    const answer = await world.fetch(`/api/exports/${id}/file`);
    expect(answer.status).toBe(410);
    await expect(fileText(world, id)).rejects.toThrow('no file');
    expect((await world.fetch(`/api/exports/${id}/repeat`, { method: 'POST' })).status).toBe(202);
  });
});

describe('a crowd of exports that are due on one day', () => {
  it('expires, more of them in a run than a statement takes parameters', async () => {
    const world = await makeWorld();
    const id = await begin(world);
    await runToEnd(world, id);
    const { database } = world.gateways;
    const [one] = await database.select().from(exportJobs).where(eq(exportJobs.id, id));
    if (!one) throw new Error('the export is not stored');
    const [first, ...others] = Array.from({ length: 120 }, () => database.insert(exportJobs).values({ ...one, id: newExportId() }));
    if (first) await database.batch([first, ...others]);
    const { expiresAt } = await view(world, id);
    for (let run = 0; run < 2; run++) await expireExports(world.gateways, expiresAt + 1);
    const states = await database.select({ state: exportJobs.state }).from(exportJobs).where(eq(exportJobs.tenantId, world.tenant));
    expect(states.map(({ state }) => state)).toEqual(Array.from({ length: 121 }, () => 'expired'));
  });
});

describe('a download', () => {
  async function ready(): Promise<{ world: World; path: string; id: ExportView['id']; whole: Uint8Array; etag: string }> {
    const world = await makeWorld();
    await addTask(world, { rows: manyRows(50), at: NOON });
    const id = await begin(world);
    await runToEnd(world, id);
    const path = `/api/exports/${id}/file`;
    const answer = await world.fetch(path);
    return { world, path, id, whole: new Uint8Array(await answer.arrayBuffer()), etag: answer.headers.get('etag') ?? '' };
  }

  it('goes on where it stopped', async () => {
    const { world, path, whole, etag } = await ready();
    const part = async (range: string, more: Record<string, string> = {}) => {
      const answer = await world.fetch(path, { headers: { range, ...more } });
      return { status: answer.status, range: answer.headers.get('content-range'), bytes: new Uint8Array(await answer.arrayBuffer()) };
    };
    const size = whole.byteLength;
    expect(await part('bytes=0-9')).toEqual({ status: 206, range: `bytes 0-9/${size}`, bytes: whole.slice(0, 10) });
    expect(await part(`bytes=100-`)).toEqual({ status: 206, range: `bytes 100-${size - 1}/${size}`, bytes: whole.slice(100) });
    expect(await part('bytes=-5')).toEqual({ status: 206, range: `bytes ${size - 5}-${size - 1}/${size}`, bytes: whole.slice(-5) });
    expect(await part('bytes=100-', { 'if-range': etag })).toMatchObject({ status: 206 });
    expect(await part('bytes=100-', { 'if-range': '"another"' })).toEqual({ status: 200, range: null, bytes: whole });
    expect(await part(`bytes=${size}-`)).toEqual({ status: 416, range: `bytes */${size}`, bytes: new Uint8Array() });
    expect(await part('bytes=0-1,4-5')).toEqual({ status: 200, range: null, bytes: whole });
  });

  it('counts once, however many parts it is fetched in', async () => {
    const { world, path, id } = await ready();
    const fetchPart = async (range: string): Promise<unknown> => (await world.fetch(path, { headers: { range } })).arrayBuffer();
    expect((await view(world, id)).downloads).toBe(1);
    await fetchPart('bytes=0-99');
    await fetchPart('bytes=100-199');
    await fetchPart('bytes=200-');
    expect((await view(world, id)).downloads).toBe(2);
  });

  it('is never kept by a cache between us and the user', async () => {
    const { world, path } = await ready();
    const answer = await world.fetch(path);
    expect(answer.headers.get('cache-control')).toContain('no-store');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    await answer.body?.cancel();
  });

  it('of an export that is not ready is refused', async () => {
    const world = await makeWorld();
    const id = await begin(world);
    const answer = await world.fetch(`/api/exports/${id}/file`);
    expect(answer.status).toBe(409);
    expect(await answer.json()).toMatchObject({ code: 'export_not_ready' });
  });
});
