/** The log over live shards and archive files together. */
import { describe, expect, it } from 'vitest';
import type { LogFilter, Page } from '../../schema/console';
import { newTaskId, type Iso2, type ShardNumber } from '../../schema/ids';
import { encodeMessageId } from '../../schema/message-id';
import type { LogRow } from '../../schema/protocol/message-shard';
import type { Gateways } from '../../workers/gateways';
import { allotTaskShards, markTaskShardsStarted } from '../../workers/gateways/stores/task-shards';
import { logSegments } from '../../workers/messages/log-segments';
import type { LogSegment } from '../../workers/messages/search-source';
import { readMessage, searchMessages } from '../../workers/messages/search';
import { FILLED_AT, filledShard } from '../support/archive';
import { archive } from '../support/archived-logs';
import { begin, fileText, handDriven, runToEnd, step, view } from '../support/export-runs';
import { addApiMessages, addApiShard, addTask, manyRows } from '../support/log-messages';
import { makeWorld, type World } from '../support/world';

const NOON = Date.parse('2026-11-20T12:00:00Z');
const HOUR = 60 * 60 * 1_000;

interface Log {
  readonly world: World;
  readonly shards: readonly ShardNumber[];
}

/** A small task, a wide one, and two days of API messages. */
async function someLog(): Promise<Log> {
  const world = await makeWorld();
  const yesterday = await addApiShard(world, NOON - 24 * HOUR);
  for (let hour = 0; hour < 5; hour += 1) {
    await addApiMessages(
      world,
      yesterday,
      NOON - 24 * HOUR + hour * HOUR,
      [
        { to: 8_613_800_000_003, text: `Code 12${hour}, "now"\r\n` },
        { to: 33_612_345_678, country: 'FR', sender: 'ACME', ref: `order-${hour}` },
        { to: 491_712_345_670 + hour, country: 'DE' },
      ],
      [
        { kind: 'submitted', carrierIds: [`a${hour}`], network: '46000' },
        { kind: 'rejected', error: 'vonage_3' },
      ],
    );
  }
  const small = await addTask(world, { rows: manyRows(30), at: NOON - 2 * HOUR, name: '=双十一', text: 'Hi {{x}}', columns: ['x'] });
  const wide = await addTask(world, {
    rows: [...manyRows(250), ...manyRows(50, 33_600_000_000, 'FR')],
    shards: 3,
    at: NOON,
  });
  const today = await addApiShard(world, NOON - HOUR);
  await addApiMessages(
    world,
    today,
    NOON - HOUR,
    Array.from({ length: 20 }, (_, n) => ({ to: 8_613_800_000_000 + n })),
  );
  return { world, shards: [yesterday, ...small.shards, ...wide.shards, today] };
}

async function pages(gateways: Gateways, world: World, filter: LogFilter, limit: number, between = async (): Promise<void> => {}) {
  const rows: LogRow[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<LogRow> = await searchMessages(gateways, world.actor, filter, cursor, limit);
    expect(page.rows.length).toBeLessThanOrEqual(limit);
    rows.push(...page.rows);
    cursor = page.cursor;
    await between();
  } while (cursor !== null);
  return rows;
}

const FILTERS: readonly LogFilter[] = [
  {},
  { to: '8613800000003' },
  { to: '8613800000003', states: ['submitted'], countries: ['CN' as Iso2] },
  { to: '8613899999999' },
  { states: ['rejected'] },
  { states: ['accepted', 'queued'], countries: ['FR', 'DE'] as Iso2[] },
  { countries: ['FR' as Iso2], receivedFrom: NOON - 23 * HOUR, receivedUntil: NOON - 20 * HOUR },
  { from: 'ACME' },
  { from: 'acme' },
  { kind: 'transactional', receivedUntil: NOON - 20 * HOUR },
  { taskName: '十一' },
  { receivedFrom: NOON },
];

describe('a sealed log', () => {
  it('shows the same rows with the same values as before, whatever is asked', async () => {
    const { world, shards } = await someLog();
    const before = await Promise.all(FILTERS.map((filter) => pages(world.gateways, world, filter, 33)));
    expect(before[0]).toHaveLength(365);
    // First some, then all.
    for (const some of [shards.slice(0, 3), shards.slice(3)]) {
      for (const shard of some) await archive(world, shard, 40);
      for (const [index, filter] of FILTERS.entries()) {
        expect({ filter, rows: await pages(world.gateways, world, filter, 33) }).toEqual({ filter, rows: before[index] });
      }
    }
    const asked = await pages({ ...world.gateways, objects: nobody(world) }, world, {}, 200);
    expect(asked).toEqual(before[0]);
  });

  it('keeps its pages while shards are sealed between them', async () => {
    const { world, shards } = await someLog();
    const before = await pages(world.gateways, world, {}, 11);
    const left = [...shards].toReversed();
    const meanwhile = async (): Promise<void> => {
      const next = left.pop();
      if (next !== undefined) await archive(world, next, 16);
    };
    expect(await pages(world.gateways, world, {}, 11, meanwhile)).toEqual(before);
    expect(left).toEqual([]);
  });

  it('is found by message id, and only by its own tenant', async () => {
    const [{ world, shards }, stranger] = await Promise.all([someLog(), makeWorld()]);
    const shard = shards[2] ?? (0 as ShardNumber);
    const ids = [1, 16, 17, 33].map((row) => encodeMessageId(shard, row));
    const before = await Promise.all(ids.map((id) => readMessage(world.gateways, world.actor, id)));
    await archive(world, shard, 16);
    const gateways = { ...world.gateways, objects: nobody(world) };
    expect(await Promise.all(ids.map((id) => readMessage(gateways, world.actor, id)))).toEqual(before);
    await expect(readMessage(gateways, stranger.actor, ids[0] ?? '')).rejects.toThrow('not_found');
    await expect(readMessage(gateways, world.actor, encodeMessageId(shard, 5_000))).rejects.toThrow('not_found');
    expect((await searchMessages(gateways, world.actor, { message: ids[1] ?? '' }, null, 10)).rows).toEqual([before[1]]);
  });

  it('is read only where a number can be', async () => {
    const world = await makeWorld();
    const { shards } = await addTask(world, { rows: manyRows(2_000), at: NOON });
    for (const shard of shards) await archive(world, shard, 100);
    const read: string[] = [];
    const { files } = world.gateways;
    const watched: Gateways = {
      ...world.gateways,
      objects: nobody(world),
      files: {
        ...files,
        read(key, range) {
          read.push(key);
          return files.read(key, range);
        },
      },
    };
    expect((await pages(watched, world, { to: '8613800001234' }, 10)).map(({ to }) => to)).toEqual(['8613800001234']);
    expect(read.map((key) => key.endsWith('.numbers'))).toEqual([true, false]);
    read.length = 0;
    expect(await pages(watched, world, { countries: ['FR' as Iso2] }, 10)).toEqual([]);
    expect(await pages(watched, world, { states: ['failed'] }, 10)).toEqual([]);
    expect(read).toEqual([]);
  });
});

describe('a shard that is sealed under its readers', () => {
  it('is found in the archive by whoever took it for live', async () => {
    const { world, shard, number } = await finishedLog();
    const filter: LogFilter = { states: ['expired'], countries: ['FR' as Iso2] };
    const before = await pages(world.gateways, world, filter, 150);
    const one = await readMessage(world.gateways, world.actor, before[0]?.id ?? '');
    const { objects } = world.gateways;
    /** Lists it as live, and asks it when it is sealed. */
    const late = (): Gateways => ({
      ...world.gateways,
      objects: {
        ...objects,
        shard: (n) =>
          new Proxy(objects.shard(n), {
            get:
              (target, name) =>
              async (...args: unknown[]): Promise<unknown> => {
                await shard.seal();
                return await Reflect.apply(Reflect.get(target, name), target, args);
              },
          }),
      },
    });
    expect(await pages(late(), world, filter, 150)).toEqual(before);
    expect(await readMessage(late(), world.actor, encodeMessageId(number, 3))).toMatchObject({ state: 'delivered' });
    expect(await readMessage({ ...world.gateways, objects: nobody(world) }, world.actor, one.id)).toEqual(one);
  });

  it('is exported whole by an export that began before', async () => {
    const { world, shard } = await finishedLog();
    const whole = await begin(world);
    await runToEnd(world, whole);
    const id = await begin(world);
    expect(await step(world, id, handDriven(world), 0)).toBe('goes_on');
    expect(await shard.seal()).toBe(true);
    await runToEnd(world, id, handDriven(world), 0);
    expect(await fileText(world, id)).toBe(await fileText(world, whole));
  });

  it('shows a late receipt at once, and as well when it has been folded in under a reader', async () => {
    const { world, shard, number } = await finishedLog();
    await shard.seal();
    const id = encodeMessageId(number, 8_004);
    const { to } = await readMessage(world.gateways, world.actor, id);
    const found = async (filter: LogFilter): Promise<(string | undefined)[]> =>
      (await pages(world.gateways, world, { to, ...filter }, 10)).map(({ state }) => state);
    expect(await found({})).toEqual(['unknown']);
    await shard.applyReceipts(
      JSON.stringify([{ row: 8_004, carrierId: 'x', status: 'delivered', errorCode: 0, network: '46009', receivedAt: NOON }]),
    );
    const source = logSegments(world.gateways, world.tenant);
    const segment = await firstOf(source.oldest({ to }, null));
    const unopened = await firstOf(source.oldest({ to }, null));
    const asNow = { id, state: 'delivered', error: null, network: '46009', finalAt: NOON };
    const expectNow = async (): Promise<void> => {
      expect(await readMessage(world.gateways, world.actor, id)).toMatchObject(asNow);
      expect(await found({ states: ['delivered'] })).toEqual(['delivered']);
      expect(await found({ states: ['unknown'] })).toEqual([]);
      expect((await segment?.page(null, 10))?.[0]).toMatchObject(asNow);
      expect((await segment?.rows(-1, 10))?.rows[0]).toMatchObject(asNow);
      const exported = await begin(world, { filter: { to, states: ['delivered'] } });
      await runToEnd(world, exported);
      expect((await fileText(world, exported)).split('\r\n')[1]).toContain(',delivered,,,46009,');
    };
    await expectNow();
    const { file } = (await world.gateways.tenant(world.tenant).logArchive.rows(number)) ?? { file: '' };
    expect(await shard.fold()).toBe(true);
    await world.gateways.files.remove([file]);
    await expectNow();
    expect((await unopened?.page(null, 10))?.[0]).toMatchObject(asNow);
  });
});

describe('an export of a sealed log', () => {
  it('is the same file, byte for byte', async () => {
    const { world, shards } = await someLog();
    const requests = FILTERS.map((filter) => ({ filter: { ...filter, receivedUntil: filter.receivedUntil ?? NOON + 9 * HOUR } }));
    const files = async (): Promise<{ text: string; rows: number; rowsExpected: number }[]> => {
      const made = [];
      for (const request of requests) {
        const id = await begin(world, request);
        await runToEnd(world, id);
        const { rows, rowsExpected } = await view(world, id);
        made.push({ text: await fileText(world, id), rows, rowsExpected });
      }
      return made;
    };
    const before = await files();
    for (const shard of shards) await archive(world, shard, 40);
    const after = await files();
    expect(after.map(({ text }) => text)).toEqual(before.map(({ text }) => text));
    expect(after.map(({ rows }) => rows)).toEqual(before.map(({ rows }) => rows));
    expect(after[0]?.rowsExpected).toBe(365);
  });

  it('loses and doubles nothing when shards are sealed between its steps', async () => {
    const { world, shards } = await someLog();
    const whole = await begin(world);
    await runToEnd(world, whole);
    const id = await begin(world);
    const left = [...shards].toReversed();
    for (let steps = 0; steps < 100; steps += 1) {
      if ((await step(world, id, handDriven(world), 0)) === 'done') break;
      const next = left.pop();
      if (next !== undefined) await archive(world, next, 16);
    }
    expect(left).toEqual([]);
    expect(await fileText(world, id)).toBe(await fileText(world, whole));
  });
});

async function firstOf(segments: AsyncIterable<LogSegment>): Promise<LogSegment | undefined> {
  for await (const segment of segments) return segment;
}

const ROWS = 9_000;
/** A task of one shard whose messages are all final, and nothing else. */
async function finishedLog() {
  const world = await makeWorld();
  const { database } = world.gateways;
  const task = newTaskId();
  const wanted = { tenant: world.tenant, key: world.marketing.id, task, revision: 0, count: 1, at: FILLED_AT };
  const [number] = await allotTaskShards(database, wanted);
  if (number === undefined) throw new Error('no shard');
  const { shard } = await filledShard(ROWS, { world, shard: number, task });
  await markTaskShardsStarted(database, task, 0, FILLED_AT);
  return { world, shard, number };
}

/** Objects that nobody may ask. */
const nobody = (world: World): Gateways['objects'] => ({
  ...world.gateways.objects,
  shard: () => {
    throw new Error('a live shard was asked');
  },
});
