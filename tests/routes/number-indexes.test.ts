/** Numbers are found in the archive by a few indexes, whatever is merged when. */
import { describe, expect, it } from 'vitest';
import type { ShardNumber } from '../../schema/ids';
import { NUMBERS_TOGETHER } from '../../schema/limits';
import type { Gateways } from '../../workers/gateways';
import { mergeNumberIndexes } from '../../workers/messages/merge-number-indexes';
import { logSegments } from '../../workers/messages/log-segments';
import { searchMessages } from '../../workers/messages/search';
import { archive } from '../support/archived-logs';
import { Death } from '../support/death';
import { addTask, manyRows } from '../support/log-messages';
import { makeWorld, type World } from '../support/world';

const NOON = Date.parse('2026-11-20T12:00:00Z');
const HOUR = 60 * 60 * 1_000;
const DAY = 24 * HOUR;
const FIRST = 8_613_800_000_000;
const ROWS = 4;
const MEMBER_ROWS = 3;

interface Log {
  readonly world: World;
  readonly shards: readonly ShardNumber[];
}

/** Tasks one after the other, each in the archive; the second half of each one's numbers is the first half of the next one's. */
async function sealedTasks(count: number): Promise<Log> {
  const world = await makeWorld();
  const shards: ShardNumber[] = [];
  for (let task = 0; task < count; task += 1) {
    const added = await addTask(world, { rows: manyRows(ROWS, FIRST + (task * ROWS) / 2), at: NOON + task * HOUR });
    shards.push(...added.shards);
  }
  for (const shard of shards) await archive(world, shard, MEMBER_ROWS);
  return { world, shards };
}

async function found(world: Pick<World, 'actor'>, gateways: Gateways, number: number): Promise<string[]> {
  const { rows } = await searchMessages(gateways, world.actor, { to: String(number) }, null, 100);
  return rows.map(({ id, to }) => `${id} ${to}`);
}

/** Of all numbers that there are every third, and one that there is not. */
const askedFor = ({ shards }: Log): number[] =>
  Array.from({ length: (shards.length + 1) * (ROWS / 2) + 1 }, (_, at) => at).filter(
    (at) => at % 3 === 0 || at === (shards.length + 1) * (ROWS / 2),
  );

async function allFound(log: Log): Promise<string[][]> {
  const rows: string[][] = [];
  for (const at of askedFor(log)) rows.push(await found(log.world, log.world.gateways, FIRST + at));
  return rows;
}

const indexesOf = async ({ gateways, tenant }: World): Promise<number> =>
  (await gateways.tenant(tenant).numberIndexes.all('current', {})).length;

async function numberFiles({ gateways, tenant }: World): Promise<string[]> {
  const keys: string[] = [];
  for await (const key of gateways.files.list(`archive/current/${tenant}/`)) if (key.includes('numbers')) keys.push(key);
  return keys;
}

/** Counts reads of R2. */
function watched({ gateways }: World): { readonly gateways: Gateways; readonly read: string[] } {
  const read: string[] = [];
  const { files } = gateways;
  return {
    read,
    gateways: {
      ...gateways,
      files: {
        ...files,
        read(key, range) {
          read.push(key);
          return files.read(key, range);
        },
      },
    },
  };
}

describe('number indexes that are merged', () => {
  it('find every number where it is and no other, by fewer reads', async () => {
    const log = await sealedTasks(NUMBERS_TOGETHER ** 2 + 1);
    const before = await allFound(log);
    const tasksOf = (at: number): number => log.shards.filter((_, task) => at >= (task * ROWS) / 2 && at < (task * ROWS) / 2 + ROWS).length;
    expect(before.map((rows) => rows.length)).toEqual(askedFor(log).map(tasksOf));
    expect(before.at(-1)).toEqual([]);
    expect(await indexesOf(log.world)).toBe(log.shards.length);
    await mergeNumberIndexes(log.world.gateways, NOON);
    expect(await allFound(log)).toEqual(before);
    expect(await indexesOf(log.world)).toBe(2);
    const { gateways, read } = watched(log.world);
    await found(log.world, gateways, FIRST);
    expect(read).toHaveLength(3);
    await mergeNumberIndexes(log.world.gateways, Date.now() + 2 * DAY);
    expect(await numberFiles(log.world)).toHaveLength(2);
    expect(await allFound(log)).toEqual(before);
    await mergeNumberIndexes(log.world.gateways, Date.now() + 4 * DAY);
    expect(await numberFiles(log.world)).toHaveLength(2);
  });

  it('disturb nobody who reads meanwhile, not even when the old ones are gone', async () => {
    const log = await sealedTasks(NUMBERS_TOGETHER);
    const { world } = log;
    const number = String(FIRST + ROWS);
    const ids = async (
      segments: ReturnType<ReturnType<typeof logSegments>['oldest']>,
      meanwhile: () => Promise<void>,
    ): Promise<string[]> => {
      const all: string[] = [];
      for await (const segment of segments) {
        await meanwhile();
        all.push(...(await segment.rows(-1, 100)).rows.map(({ id }) => id));
      }
      return all;
    };
    const read = (meanwhile: () => Promise<void>): Promise<string[]> =>
      ids(logSegments(world.gateways, world.tenant).oldest({ to: number }, null), meanwhile);
    const before = await read(async () => {});
    expect(before).toHaveLength(2);
    expect(await read(() => mergeNumberIndexes(world.gateways, NOON))).toEqual(before);
    expect(await read(() => mergeNumberIndexes(world.gateways, Date.now() + 2 * DAY))).toEqual(before);
    expect(await numberFiles(world)).toHaveLength(1);
  });

  it('leave a shard that was sealed anew meanwhile to the index that it brought', async () => {
    const log = await sealedTasks(NUMBERS_TOGETHER);
    const { world, shards } = log;
    const before = await allFound(log);
    const { files } = world.gateways;
    let writes = 0;
    const slow: Gateways = {
      ...world.gateways,
      files: {
        ...files,
        // The merged index is being written from what was there.
        async write(key, content) {
          if (key.includes(`/${world.tenant}/numbers/`) && (writes += 1) === 1) await archive(world, shards[0] ?? (0 as ShardNumber), 2);
          await files.write(key, content);
        },
      },
    };
    // One of its inputs no longer counts, so this merge comes to nothing and is made again.
    await mergeNumberIndexes(slow, NOON);
    expect(writes).toBe(2);
    expect(await allFound(log)).toEqual(before);
    // And once it is merged itself, the others know nothing of it.
    for (const shard of shards.slice(1)) await archive(world, shard, 1);
    await mergeNumberIndexes(world.gateways, NOON);
    expect(await allFound(log)).toEqual(before);
  });

  it('are one when two runs merge at the same time', async () => {
    const log = await sealedTasks(NUMBERS_TOGETHER);
    const before = await allFound(log);
    await Promise.all([mergeNumberIndexes(log.world.gateways, NOON), mergeNumberIndexes(log.world.gateways, NOON)]);
    expect(await indexesOf(log.world)).toBe(1);
    expect(await allFound(log)).toEqual(before);
    await mergeNumberIndexes(log.world.gateways, Date.now() + 2 * DAY);
    expect(await numberFiles(log.world)).toHaveLength(1);
  });

  it('say nothing of other tenants', async () => {
    const [log, stranger] = await Promise.all([sealedTasks(NUMBERS_TOGETHER), sealedTasks(NUMBERS_TOGETHER)]);
    const before = await Promise.all([allFound(log), allFound(stranger)]);
    await mergeNumberIndexes(log.world.gateways, NOON);
    expect(await Promise.all([allFound(log), allFound(stranger)])).toEqual(before);
    const ids = before.map((rows) => new Set(rows.flat().map((row) => row.split(' ')[0])));
    expect([...(ids[0] ?? [])].filter((id) => ids[1]?.has(id))).toEqual([]);
    expect([await indexesOf(log.world), await indexesOf(stranger.world)]).toEqual([1, 1]);
  });
});

describe.each([
  ['before', false],
  ['after', true],
])('a merge that dies %s any step', (_when, takesEffect) => {
  it('is made by the next one, finds every number all along, and leaves no file behind', async () => {
    const log = await sealedTasks(NUMBERS_TOGETHER);
    const { gateways } = log.world;
    const before = await allFound(log);
    for (let at = 1; ; at += 1) {
      const death = new Death(at, takesEffect);
      const dying = { files: death.around(gateways.files), database: death.around(gateways.database) };
      await mergeNumberIndexes(dying, NOON).catch(() => undefined);
      expect(await found(log.world, gateways, FIRST + 3)).toEqual(before[1]);
      if (!death.isDead) break;
      if ((await indexesOf(log.world)) === 1) break;
    }
    await mergeNumberIndexes(gateways, NOON);
    expect(await indexesOf(log.world)).toBe(1);
    await mergeNumberIndexes(gateways, Date.now() + 2 * DAY);
    expect(await numberFiles(log.world)).toHaveLength(1);
    expect(await allFound(log)).toEqual(before);
  });
});
