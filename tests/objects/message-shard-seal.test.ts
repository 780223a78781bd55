import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { eq } from 'drizzle-orm';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it, vi } from 'vitest';
import { Sealer } from '../../durable-objects/message-shard/sealer';
import { ShardState } from '../../durable-objects/message-shard/shard-state';
import type { ShardNumber } from '../../schema/ids';
import { encodeMessageId } from '../../schema/message-id';
import { isSealed, type RowReceipt } from '../../schema/protocol/message-shard';
import { ARCHIVE_MEMBER_BYTES, ARCHIVE_MEMBER_ROWS } from '../../schema/protocol/archive';
import { MESSAGE_STATES } from '../../schema/states';
import { numberIndexKey } from '../../schema/storage-keys';
import { archiveFiles } from '../../schema/tables';
import type { Gateways } from '../../workers/gateways';
import { foldLateReceipts } from '../../workers/messages/fold-late-receipts';
import { mergeNumberIndexes } from '../../workers/messages/merge-number-indexes';
import { unpackMembers } from '../../workers/rules/archive-index';
import { parseCsv } from '../../workers/rules/csv';
import { numberHash } from '../../workers/rules/number-hash';
import { archived, archiveKeys, countStates, filledShard, FILLED_AT, finishedRow, writtenTotals } from '../support/archive';
import { Death } from '../support/death';
import { apiRowsJson, openApiShard, type TestShard } from '../support/shards';
import { makeEndpoint } from '../support/webhooks';
import { makeWorld } from '../support/world';

const ROWS = 20_000;
const DAY_MS = 24 * 60 * 60 * 1_000;
const NIGHT = Date.UTC(2026, 10, 23, 20);

const receipt = (row: number, status = 'delivered'): RowReceipt => ({
  row,
  carrierId: `late-${row}`,
  status,
  errorCode: status === 'delivered' ? 0 : 1,
  network: '46001',
  receivedAt: FILLED_AT + DAY_MS,
});

/** Rows of the file as they must be. */
const expectedRows = (shard: ShardNumber, rows: number): unknown[][] =>
  Array.from({ length: rows }, (_, at) => {
    const [to, country, parts, , , code, error, network, , submittedAt, finalAt] = finishedRow(at + 1);
    const times = [FILLED_AT, submittedAt, finalAt].map((time) => new Date(time ?? 0).toISOString());
    return [
      encodeMessageId(shard, at + 1),
      ...times,
      country,
      'JINMU',
      String(to),
      MESSAGE_STATES[code],
      error ?? '',
      network,
      String(parts),
      '0.0312',
    ];
  });

async function expectWhole({ world, settings }: TestShard, rows: number): Promise<void> {
  const file = await archived(world, settings.shard);
  expect(file.rows.map((row) => row.slice(0, 12))).toEqual(expectedRows(settings.shard, rows));
  expect(file.record.rows).toBe(rows);
  expect(await writtenTotals(world, settings.shard)).toEqual(countStates(file.rows));
}

const cellName = (row: readonly string[]): string => `${row[4]} ${row[7]} ${row[5]}`;

describe('a shard whose messages are final', () => {
  it('goes into a file that any tool reads, row by row as it was', async () => {
    const opened = await filledShard(ROWS);
    const { shard, settings, world, task } = opened;
    expect(await shard.seal()).toBe(true);
    await expectWhole(opened, ROWS);
    const { rows, record } = await archived(world, settings.shard);
    expect(rows[0]?.slice(12)).toEqual(['marketing', settings.key, task, 'Spring sale', '', 'Hello']);
    expect(record).toMatchObject({ dataset: 'current', tenantId: world.tenant, patches: 0, fromAt: FILLED_AT, untilAt: FILLED_AT });
    expect(await shard.seal()).toBe(true);
    expect((await archived(world, settings.shard)).record.revision).toBe(1);
  });

  it('names in its index what each member holds, so that one member alone can be read', async () => {
    const { shard, settings, world } = await filledShard(ROWS);
    await shard.seal();
    const { record, rows } = await archived(world, settings.shard);
    const members = unpackMembers(record.members, record.fromAt);
    expect(members.map(({ rows: count }) => count)).toEqual(Array.from({ length: ROWS / ARCHIVE_MEMBER_ROWS }, () => ARCHIVE_MEMBER_ROWS));
    const counted = new Map<string, number[]>();
    for (const { number, offset, packedBytes, plainBytes, firstRow, rows: count } of members) {
      const packed = await world.gateways.files.read(record.file, { offset, length: packedBytes });
      const plain = gunzipSync(packed ?? new Uint8Array());
      expect(plain).toHaveLength(plainBytes);
      const cells = parseCsv(new TextDecoder().decode(plain), ',').slice(firstRow === 1 ? 1 : 0);
      expect(cells).toEqual(rows.slice(firstRow - 1, firstRow - 1 + count));
      const inMember = new Map<string, number>();
      for (const row of cells) inMember.set(cellName(row), (inMember.get(cellName(row)) ?? 0) + 1);
      for (const [name, messages] of inMember) counted.set(name, [...(counted.get(name) ?? []), number, messages]);
    }
    expect(new Map(record.cells.map(({ country, state, sender, members: held }) => [`${country} ${state} ${sender}`, held]))).toEqual(
      counted,
    );
  });

  it('has an index of numbers beside it, sorted by hash, that names the member of each', async () => {
    const { shard, settings, world } = await filledShard(ROWS);
    await shard.seal();
    const { record } = await archived(world, settings.shard);
    const bytes = (await world.gateways.files.read(numberIndexKey(record.file))) ?? new Uint8Array();
    expect(bytes).toHaveLength(ROWS * 6);
    expect(record).toMatchObject({ bytes: await world.gateways.files.size(record.file), numbers: numberIndexKey(record.file) });
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    const hash = numberHash(8613800000000 + 16_001);
    const members: number[] = [];
    for (let at = 0; at < bytes.length; at += 6) if (view.getUint32(at) === hash) members.push(view.getUint16(at + 4));
    expect(members).toEqual([Math.floor(16_000 / ARCHIVE_MEMBER_ROWS)]);
  });

  it('lets its rows go, says so to whoever asks, and keeps its totals', async () => {
    const { shard, stub } = await filledShard(ROWS);
    const before = await shard.totals();
    await shard.seal();
    expect(await shard.totals()).toEqual(before);
    expect(await shard.find(1)).toEqual({ sealed: true });
    expect(await shard.page({}, null, 10)).toEqual({ sealed: true });
    expect(await shard.rowsAfter({}, 0, 10)).toEqual({ sealed: true });
    const format = { timeZone: 'UTC', locale: 'en', maskNumbers: false, maskBodies: false } as const;
    expect(isSealed(await shard.exportLines({}, 0, 10, format))).toBe(true);
    expect(await shard.acceptMessages(apiRowsJson(1), Date.now(), null)).toEqual({ full: true });
    await evictDurableObject(stub);
    expect(await shard.totals()).toEqual(before);
    const left = await runInDurableObject(stub, (_shard, { storage }) =>
      storage.sql.exec('SELECT state, count(*) AS n FROM messages GROUP BY state').toArray(),
    );
    // unknown and expired: a late receipt may still correct them.
    expect(left).toEqual([
      { state: 5, n: ROWS / 8 },
      { state: 7, n: ROWS / 8 },
    ]);
  });

  it('is left alone while anything waits: a message, a report', async () => {
    const { shard, stub } = await openApiShard();
    await shard.acceptMessages(apiRowsJson(1), Date.now(), null);
    expect(await shard.seal()).toBe(false);
    const claim = await shard.claim(1, 0, '[]');
    expect(claim.kind).toBe('go');
    await shard.settle(1, JSON.stringify([{ row: 1, outcome: { kind: 'rejected', error: 'number_barred' } }]));
    expect(await shard.seal()).toBe(false);
    await vi.waitFor(async () => {
      await runDurableObjectAlarm(stub);
      expect(await shard.seal()).toBe(true);
    }, 10_000);
  });

  it('goes by itself once it was quiet for long enough', async () => {
    const { stub, world, settings } = await filledShard(10);
    await runInDurableObject(stub, async (_shard, { storage }) => {
      const sealer = new Sealer(world.gateways, accessTo(storage), 60_000);
      await sealer.work(FILLED_AT + 50_000);
      expect(await stateOf(storage)).toBe('running');
      await sealer.work(FILLED_AT + 70_000);
      expect(await stateOf(storage)).toBe('sealed');
    });
    expect((await archived(world, settings.shard)).rows).toHaveLength(10);
  });

  it('of a key waits for the end of its day, for more may come', async () => {
    const { shard, stub, world } = await openApiShard();
    const row = finishedRow(1);
    row[4] = JSON.stringify({ text: 'Hi', sender: 'JINMU', ref: null });
    row[8] = FILLED_AT;
    await shard.fill(JSON.stringify([row]));
    await shard.start(FILLED_AT);
    const nextDay = (Math.floor(FILLED_AT / DAY_MS) + 1) * DAY_MS;
    await vi.waitFor(async () => {
      await runDurableObjectAlarm(stub);
      await runInDurableObject(stub, async (_shard, { storage }) => {
        const sealer = new Sealer(world.gateways, accessTo(storage), 60_000);
        await sealer.work(nextDay);
        expect(await stateOf(storage)).toBe('running');
        await sealer.work(nextDay + 5 * 60_000);
        expect(await stateOf(storage)).toBe('sealed');
      });
    }, 10_000);
  });

  it('is the same file in several parts of an upload, and long texts make short members', async () => {
    const { shard, settings, world } = await openApiShard();
    const body = (row: number): string =>
      Array.from(crypto.getRandomValues(new Uint8Array(1_600)), (byte) => byte.toString(16).padStart(2, '0')).join('') + row;
    const bodies = Array.from({ length: 6_000 }, (_, at) => body(at));
    for (let from = 0; from < bodies.length; from += 1_000) {
      const rows = bodies.slice(from, from + 1_000).map((text, at) => {
        const row = finishedRow(from + at + 1);
        row[4] = JSON.stringify({ text, sender: 'OTP', ref: `r"${from + at}` });
        row[8] = FILLED_AT + from + at;
        return row;
      });
      await shard.fill(JSON.stringify(rows));
    }
    await shard.start(FILLED_AT);
    // Such a page ends before its rows do: what reads it is still open when the rows go.
    expect(await shard.rowsAfter({}, 0, 6_000)).toMatchObject({ next: expect.any(Number) as number });
    await vi.waitFor(async () => expect(await shard.seal()).toBe(true), 10_000);
    const { rows, record } = await archived(world, settings.shard);
    expect(rows.map((row) => row[17])).toEqual(bodies);
    expect(rows[7]?.slice(14, 17)).toEqual(['', '', 'r"7']);
    expect(record).toMatchObject({ fromAt: FILLED_AT, untilAt: FILLED_AT + 5_999 });
    expect(record.bytes).toBeGreaterThan(6 * 1024 * 1024);
    expect(record.members.length).toBeGreaterThan(3);
    for (const { plainBytes } of unpackMembers(record.members, record.fromAt))
      expect(plainBytes).toBeLessThan(ARCHIVE_MEMBER_BYTES + 10_000);
  });
});

/** Reads and changes a shard's storage as the shard does. */
function accessTo(storage: DurableObjectStorage): ConstructorParameters<typeof Sealer>[1] {
  let state: ShardState | null = null;
  const read = (): ShardState => (state ??= new ShardState(storage.sql));
  return {
    read,
    change: (work) => {
      const now = read();
      return storage.transactionSync(() => {
        const result = work(now);
        now.save();
        return result;
      });
    },
  };
}
const stateOf = async (storage: DurableObjectStorage): Promise<unknown> => storage.sql.exec('SELECT phase FROM progress').one()['phase'];

async function dyingSealer({ stub, world }: TestShard, death: Death, work: (sealer: Sealer) => Promise<unknown>): Promise<void> {
  await runInDurableObject(stub, async (_shard, { storage }) => {
    const { read, change } = accessTo(storage);
    const gateways: Pick<Gateways, 'database' | 'files'> = {
      files: death.around(world.gateways.files),
      // What is inserted is part of a batch.
      database: death.around(world.gateways.database, (name) => name !== 'insert'),
    };
    const sealer = new Sealer(gateways, { read, change: (changing) => death.step(() => change(changing)) }, Number.NaN);
    await work(sealer).catch(() => undefined);
  });
  await evictDurableObject(stub);
}

describe.each([
  ['before', false],
  ['after', true],
])('a shard that dies %s any step', (_when, takesEffect) => {
  it('of its sealing loses no row, doubles none and counts right', async () => {
    let death: Death | null = null;
    for (let at = 1; death?.isDead !== false; at++) {
      const opened = await filledShard(1_010);
      death = new Death(at, takesEffect);
      await dyingSealer(opened, death, (sealer) => sealer.sealNow());
      expect(await opened.shard.seal()).toBe(true);
      await expectWhole(opened, 1_010);
      const { gateways } = opened.world;
      expect(await gateways.database.select().from(archiveFiles).where(eq(archiveFiles.shard, opened.settings.shard))).toHaveLength(1);
      await tidied(opened);
      expect(await archiveKeys(opened.world)).toHaveLength(2);
      await expectWhole(opened, 1_010);
    }
    expect(death.steps).toBeGreaterThan(5);
  });

  it('of its folding changes each row once', async () => {
    let death: Death | null = null;
    for (let at = 1; death?.isDead !== false; at++) {
      const opened = await filledShard(40);
      await opened.shard.seal();
      await opened.shard.applyReceipts(JSON.stringify([receipt(4), receipt(12, 'expired')]));
      death = new Death(at, takesEffect);
      await dyingSealer(opened, death, (sealer) => sealer.fold());
      expect(await opened.shard.fold()).toBe(true);
      const { rows, record } = await archived(opened.world, opened.settings.shard);
      expect([rows[3]?.[7], rows[11]?.[7], rows[19]?.[7]]).toEqual(['delivered', 'expired', 'unknown']);
      expect(record.patches).toBe(0);
      expect(rows).toHaveLength(40);
      expect(countStates(rows)).toEqual(await recounted(opened));
      await tidied(opened);
      expect(await archiveKeys(opened.world)).toHaveLength(2);
    }
    expect(death.steps).toBeGreaterThan(5);
  });
});

const recounted = async ({ shard }: TestShard): Promise<unknown> => (await shard.totals()).byState;

/** Two days later nobody reads what is left over. */
async function tidied({ stub, world }: TestShard): Promise<void> {
  await runInDurableObject(stub, async (_shard, { storage }) => {
    await new Sealer(world.gateways, accessTo(storage), Number.NaN).work(Date.now() + 2 * DAY_MS);
  });
  await mergeNumberIndexes(world.gateways, Date.now() + 2 * DAY_MS);
  await evictDurableObject(stub);
}

describe('a receipt that comes after sealing', () => {
  it('is noted beside the file at once, and counted', async () => {
    const opened = await filledShard(80);
    const { shard, settings, world, stub } = opened;
    const before = (await shard.totals()).byState;
    await shard.seal();
    // Row 4 is unknown, row 5 expired, row 1 delivered.
    const answer = await shard.applyReceipts(JSON.stringify([receipt(4), receipt(5), receipt(5), receipt(1, 'failed')]));
    expect(answer).toEqual({ applied: 2, ignored: 2 });
    expect((await archived(world, settings.shard)).record.patches).toBe(2);
    const patch = { state: 'delivered', error: null, network: '46001', finalAt: FILLED_AT + DAY_MS };
    expect(await shard.patches(1)).toEqual([
      { row: 4, ...patch },
      { row: 5, ...patch },
    ]);
    expect(await shard.patches(5)).toHaveLength(1);
    const after = (await shard.totals()).byState;
    expect(after).toEqual({ ...before, delivered: (before.delivered ?? 0) + 2, unknown: 9, expired: 9 });
    await vi.waitFor(async () => {
      await runDurableObjectAlarm(stub);
      expect(await writtenTotals(world, settings.shard)).toEqual(after);
    }, 10_000);
  });

  it('is folded into the file at night, once, and the old file goes when nobody reads it any more', async () => {
    const opened = await filledShard(ROWS);
    const { shard, settings, world } = opened;
    await shard.seal();
    const old = await archived(world, settings.shard);
    await shard.applyReceipts(JSON.stringify([receipt(4), receipt(16_004, 'failed')]));
    await foldLateReceipts(world.gateways, NIGHT + 6 * 60 * 60 * 1_000);
    expect((await archived(world, settings.shard)).record.patches).toBe(2);
    await foldLateReceipts(world.gateways, NIGHT);
    const { record, rows } = await archived(world, settings.shard);
    expect(record).toMatchObject({ patches: 0, revision: 2, rows: ROWS, sealedAt: old.record.sealedAt });
    const changed = rows.flatMap((row, at) => (row.join() === old.rows[at]?.join() ? [] : [[at + 1, row[7], row[3]]]));
    const at = new Date(FILLED_AT + DAY_MS).toISOString();
    expect(changed).toEqual([
      [4, 'delivered', at],
      [16_004, 'failed', at],
    ]);
    const counted: Record<string, number> = {};
    for (const row of rows) counted[cellName(row)] = (counted[cellName(row)] ?? 0) + 1;
    const kept = record.cells.filter(({ messages }) => messages > 0);
    expect(Object.fromEntries(kept.map(({ country, state, sender, messages }) => [`${country} ${state} ${sender}`, messages]))).toEqual(
      counted,
    );
    // Readers of the old file still find what changed.
    expect(await shard.patches(1)).toHaveLength(2);
    expect(await archiveKeys(world)).toHaveLength(3);
    await tidied(opened);
    expect(await archiveKeys(world)).toEqual([record.numbers, record.file]);
    expect(record.numbers).toBe(numberIndexKey(old.record.file));
    expect(await shard.patches(1)).toEqual([]);
  });

  it('is told to the customer, with what the message was', async () => {
    const world = await makeWorld();
    const { customer } = await makeEndpoint(world);
    const { shard, settings } = await filledShard(8, { world });
    await shard.seal();
    await shard.applyReceipts(JSON.stringify([receipt(4)]));
    const [request] = await vi.waitFor(async () => {
      const seen = await customer.seen();
      expect(seen).toHaveLength(1);
      return seen;
    }, 15_000);
    const body: unknown = JSON.parse(request?.body ?? '');
    expect(body).toMatchObject({ data: { id: encodeMessageId(settings.shard, 4), status: 'delivered', to: '+8613800000004' } });
  });

  it('while the file is being written is noted beside it', async () => {
    const opened = await filledShard(40);
    const { shard, settings, world } = opened;
    const death = new Death(3, false);
    await dyingSealer(opened, death, (sealer) => sealer.sealNow());
    expect(isSealed((await shard.find(4)) ?? {})).toBe(false);
    await shard.applyReceipts(JSON.stringify([receipt(4)]));
    expect(await shard.find(4)).toMatchObject({ state: 'delivered' });
    await shard.seal();
    expect((await archived(world, settings.shard)).record.patches).toBe(1);
    expect(await shard.patches(1)).toMatchObject([{ row: 4, state: 'delivered' }]);
  });
});
