import { evictDurableObject, runDurableObjectAlarm } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, it, vi } from 'vitest';
import type { Iso2 } from '../../schema/ids';
import { encodeMessageId } from '../../schema/message-id';
import type { LineFormat, LogRow, MessageShardApi, Sealed, ShardFilter } from '../../schema/protocol/message-shard';
import { parseCsv } from '../../workers/rules/csv';
import { titleLine } from '../../workers/rules/file-columns';
import { LOG_COLUMNS } from '../../workers/rules/log-lines';
import { unsealed } from '../support/unsealed';
import { openApiShard, openShard, taskRows } from '../support/shards';

const FORMAT: LineFormat = { timeZone: 'Asia/Shanghai', locale: 'en', maskNumbers: false, maskBodies: false };
const AT = Date.UTC(2026, 10, 23, 2, 12, 5);
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** Ten API messages: 1–4 submitted, of which 1 delivered, 2 failed; the others wait, until `notBefore` if that is given. */
async function withMessages(notBefore?: number) {
  const opened = await openApiShard();
  const { shard } = opened;
  for (let at = 0; at < 10; at += 1) {
    const country = (at % 2 === 0 ? 'CN' : 'SG') as Iso2;
    const content = JSON.stringify({
      text: at === 0 ? '=1+1, "hi"\n再见' : `Text ${at}`,
      sender: at < 5 ? 'JINMU' : 'OTHER',
      ref: at === 3 ? 'order-3' : null,
    });
    const options = at < 4 || notBefore === undefined ? {} : { notBefore };
    await shard.acceptMessages(JSON.stringify([[8613800000000 + at, country, 1, 31_250, content]]), AT + at * 1_000, null, options);
  }
  // Each call has a chunk of its own, so the chunks are numbered as the rows are.
  for (let row = 1; row <= 4; row += 1) {
    await shard.claim(row, 0, '[]');
    await shard.settle(row, JSON.stringify([{ row, outcome: { kind: 'submitted', carrierIds: [`C${row}`], network: '46000' } }]));
  }
  const receipt = { carrierId: 'C', network: null, receivedAt: AT + 60_000 };
  await shard.applyReceipts(
    JSON.stringify([
      { ...receipt, row: 1, status: 'delivered', errorCode: 0 },
      { ...receipt, row: 2, status: 'failed', errorCode: 9 },
    ]),
  );
  return opened;
}
const rowsOf = (page: readonly LogRow[]): string[] => page.map(({ to }) => to.slice(-1));
async function exported(shard: MessageShardApi, filter: ShardFilter, maxRows: number, format = FORMAT): Promise<string> {
  let all = '';
  let after: number | null = -1;
  while (after !== null) {
    const {
      bytes,
      rows,
      next,
    }: Exclude<Awaited<ReturnType<MessageShardApi['exportLines']>>, Sealed> = unsealed(
      await shard.exportLines(filter, after, maxRows, format),
    );
    expect(rows).toBeLessThanOrEqual(maxRows);
    all += text(bytes);
    after = next;
  }
  return all;
}

describe('a page of the log', () => {
  it('is newest first and goes on where the last one ended', async () => {
    const { shard } = await withMessages();
    expect(rowsOf(unsealed(await shard.page({}, null, 4)))).toEqual(['9', '8', '7', '6']);
    expect(rowsOf(unsealed(await shard.page({}, 7, 4)))).toEqual(['5', '4', '3', '2']);
  });

  it('holds what the filters say', async () => {
    const { shard } = await withMessages();
    const page = async (filter: ShardFilter): Promise<string[]> => rowsOf(unsealed(await shard.page(filter, null, 50)));
    expect(await page({ to: '8613800000003' })).toEqual(['3']);
    expect(await page({ to: 'nobody' })).toEqual([]);
    expect(await page({ states: ['delivered', 'failed'] })).toEqual(['1', '0']);
    expect(await page({ states: ['queued'] })).toHaveLength(6);
    expect(await page({ states: ['accepted'] })).toEqual([]);
    expect(await page({ countries: ['SG' as Iso2], from: 'OTHER' })).toEqual(['9', '7', '5']);
    expect(await page({ countries: ['FR' as Iso2] })).toEqual([]);
    expect(await page({ receivedFrom: AT + 2_000, receivedUntil: AT + 4_000 })).toEqual(['3', '2']);
  });

  it('comes oldest first as well, from wherever the last batch stopped, the same rows', async () => {
    const { shard } = await withMessages();
    const filter: ShardFilter = { states: ['queued', 'delivered', 'failed'] };
    const found: LogRow[] = [];
    for (let after: number | null = -1; after !== null;) {
      const {
        rows,
        next,
      }: Exclude<Awaited<ReturnType<MessageShardApi['rowsAfter']>>, Sealed> = unsealed(await shard.rowsAfter(filter, after, 3));
      expect(rows.length).toBeLessThanOrEqual(3);
      found.push(...rows);
      after = next;
    }
    expect(found).toHaveLength(8);
    expect(found).toEqual(unsealed(await shard.page(filter, null, 50)).toReversed());
  });

  it('shows one message whole', async () => {
    const { shard, settings } = await withMessages();
    expect(await shard.find(4)).toEqual({
      id: encodeMessageId(settings.shard, 4),
      task: null,
      taskName: null,
      key: settings.key,
      kind: 'transactional',
      receivedAt: AT + 3_000,
      submittedAt: expect.any(Number),
      finalAt: null,
      country: 'SG',
      from: 'JINMU',
      to: '8613800000003',
      state: 'submitted',
      error: null,
      network: '46000',
      parts: 1,
      priceMicros: 31_250,
      body: 'Text 3',
      ref: 'order-3',
    });
    expect(await shard.find(11)).toBeNull();
  });

  it('of a task that has not started is empty', async () => {
    const { shard } = await openShard();
    await shard.acceptRange(0, [JSON.stringify(taskRows(3))]);
    expect(await shard.page({}, null, 10)).toEqual([]);
    expect(await shard.find(1)).toBeNull();
  });
});

describe('the export of a shard', () => {
  it('is every row once, oldest first, in the columns of the header', async () => {
    const { shard, settings } = await withMessages();
    const lines = parseCsv(await exported(shard, {}, 3), ',');
    expect(lines).toHaveLength(10);
    expect(new Set(lines.map((line) => line.length))).toEqual(new Set([LOG_COLUMNS.length]));
    expect(lines.map((line) => line[10])).toEqual(Array.from({ length: 10 }, (_, at) => String(8613800000000 + at)));
    const id = encodeMessageId(settings.shard, 2);
    expect(lines[1]).toEqual(
      ['', '', id, settings.key, '2026-11-23 10:12:06', '2026-11-23 10:13:05', 'SG', 'Singapore', '新加坡', 'JINMU', '8613800000001', 'failed', 'illegal_number', 'The number is not valid', '46000', '1', '0.03125', 'EUR', 'transactional', 'Text 1'], // prettier-ignore
    );
  });

  it('never lets a body be run as a formula, and quotes what must be quoted', async () => {
    const { shard } = await withMessages();
    const csv = await exported(shard, {}, 100);
    expect(csv).toContain(`"'=1+1, ""hi""\n再见"\r\n`);
  });

  it('follows the filters and hides numbers where they must be hidden', async () => {
    const { shard } = await withMessages();
    const lines = parseCsv(await exported(shard, { states: ['delivered'] }, 100, { ...FORMAT, maskNumbers: true, locale: 'zh-CN' }), ',');
    expect(lines.map((line) => line[10])).toEqual(['86138••••0000']);
  });

  it('of a task carries its name and the rendered text, in more bytes than one buffer', async () => {
    const { shard, settings } = await openShard({ text: 'Dear {{name}}', columns: ['number', 'name'], taskName: 'Spring, "sale"' });
    await shard.acceptRange(0, [
      JSON.stringify(taskRows(9_000).map((row, at) => [row[0], row[1], 1, 31_200, ['x', `N${at} ${'长'.repeat(30)}`]])),
    ]);
    await shard.start(AT);
    await shard.pause(Date.now());
    const lines = parseCsv(await exported(shard, {}, 5_000), ',');
    expect(lines).toHaveLength(9_000);
    expect(lines[8_999]?.slice(0, 5)).toEqual([
      settings.task,
      'Spring, "sale"',
      encodeMessageId(settings.shard, 9_000),
      settings.key,
      '2026-11-23 10:12:05',
    ]);
    expect(lines.map((line) => line[19])).toEqual(Array.from({ length: 9_000 }, (_, at) => `Dear N${at} ${'长'.repeat(30)}`));
  });

  it('has a header in both languages', () => {
    expect(text(titleLine(LOG_COLUMNS, 'en', false)).split('\r\n')[0]).toContain('Task ID,Task name,Message ID');
    const [first, second, third] = titleLine(LOG_COLUMNS, 'zh-CN', true);
    expect([first, second, third]).toEqual([0xef, 0xbb, 0xbf]);
  });
});

describe('what a shard tells of itself', () => {
  it('is in D1 by hour and day, country and sender, absolutely: written again it counts nothing twice', async () => {
    // Scheduled, or the alarm would hand them to the queue.
    const { shard, stub, settings } = await withMessages(Date.now() + 24 * 60 * 60 * 1_000);
    await runDurableObjectAlarm(stub);
    const database = (env as unknown as { DB: D1Database }).DB;
    const read = async () =>
      await database
        .prepare(
          `SELECT at, country, sender, accepted, submitted, delivered, failed, parts, cost_micros FROM shard_totals
           WHERE shard = ? AND span = 'hour' ORDER BY country, sender`,
        )
        .bind(settings.shard)
        .raw();
    const hour = Math.floor(AT / 3_600_000) * 3_600_000;
    const first = [
      [hour, 'CN', 'JINMU', 1, 1, 1, 0, 3, 93_750],
      [hour, 'CN', 'OTHER', 2, 0, 0, 0, 2, 62_500],
      [hour, 'SG', 'JINMU', 0, 1, 0, 1, 2, 62_500],
      [hour, 'SG', 'OTHER', 3, 0, 0, 0, 3, 93_750],
    ];
    await vi.waitFor(async () => expect(await read()).toEqual(first), { timeout: 10_000 });
    await shard.applyReceipts(
      JSON.stringify([{ row: 3, carrierId: 'C3', status: 'delivered', errorCode: 0, network: null, receivedAt: AT }]),
    );
    await evictDurableObject(stub);
    await runDurableObjectAlarm(stub);
    await vi.waitFor(async () => expect((await read())[0]).toEqual([hour, 'CN', 'JINMU', 1, 0, 2, 0, 3, 93_750]), { timeout: 10_000 });
    const day = await database
      .prepare("SELECT at, sum(accepted), sum(delivered), sum(parts) FROM shard_totals WHERE shard = ? AND span = 'day'")
      .bind(settings.shard)
      .raw();
    expect(day).toEqual([[Date.UTC(2026, 10, 22, 16), 6, 2, 10]]);
    const reasons = await database
      .prepare("SELECT country, sender, state, error, messages FROM shard_reasons WHERE shard = ? AND span = 'day'")
      .bind(settings.shard)
      .raw();
    expect(reasons).toEqual([['SG', 'JINMU', 'failed', 'illegal_number', 1]]);
  });

  it('forgets the reason of a message that was delivered after all', async () => {
    const { shard, stub, settings } = await openApiShard();
    const content = JSON.stringify({ text: 'Hi', sender: 'JINMU', ref: null });
    await shard.acceptMessages(JSON.stringify([[8613800000000, 'CN', 1, 31_250, content]]), AT, null);
    await shard.claim(1, 0, '[]');
    await shard.settle(1, JSON.stringify([{ row: 1, outcome: { kind: 'submitted', carrierIds: ['C'], network: null } }]));
    const receipt = { row: 1, carrierId: 'C', network: null, receivedAt: AT };
    await shard.applyReceipts(JSON.stringify([{ ...receipt, status: 'expired', errorCode: 13 }]));
    await shard.applyReceipts(JSON.stringify([{ ...receipt, status: 'delivered', errorCode: 0 }]));
    await runDurableObjectAlarm(stub);
    const read = async () =>
      await (env as unknown as { DB: D1Database }).DB.prepare(
        `SELECT (SELECT sum(delivered) FROM shard_totals t WHERE t.shard = ?1 AND t.span = 'day'),
                (SELECT sum(messages) FROM shard_reasons r WHERE r.shard = ?1)`,
      )
        .bind(settings.shard)
        .raw();
    await vi.waitFor(async () => expect((await read())[0]?.[0]).toBe(1), { timeout: 10_000 });
    expect((await read())[0]?.[1] ?? 0).toBe(0);
  });

  it('is counted the same by its totals and by its rows', async () => {
    const { shard } = await withMessages();
    const counted: Record<string, number> = {};
    for (const { state } of unsealed(await shard.page({}, null, 100))) counted[state] = (counted[state] ?? 0) + 1;
    expect((await shard.totals()).byState).toEqual(counted);
  });
});
