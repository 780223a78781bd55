import { runInDurableObject } from 'cloudflare:test';
import { expect, it } from 'vitest';
import { migrate } from '../../durable-objects/kit/storage';
import { NumberSet } from '../../durable-objects/message-shard/number-set';
import { ShardState } from '../../durable-objects/message-shard/shard-state';
import { STEPS } from '../../durable-objects/message-shard/storage-steps';
import { openShard } from '../support/shards';

it.each(STEPS.map((_, done) => done))('storage that stopped after %i steps becomes the newest shape', async (done) => {
  const { stub } = await openShard();
  await runInDurableObject(stub, async (_shard, { storage }) => {
    await storage.deleteAll();
    migrate(storage, STEPS.slice(0, done));
    migrate(storage, STEPS);
    const state = new ShardState(storage.sql);
    expect(state.progress).toMatchObject({ phase: 'new', releasedTo: 0, nextChunk: 1 });
    expect(storage.sql.exec('SELECT version FROM storage_version').one()).toEqual({ version: STEPS.length });
  });
});

it('rows from before a key had several carrier accounts went, or go, through that of the shard', async () => {
  const { stub } = await openShard();
  await runInDurableObject(stub, async (_shard, { storage }) => {
    await storage.deleteAll();
    migrate(storage, STEPS.slice(0, 7));
    storage.sql.exec("INSERT INTO classes (id, country, parts, price, sender) VALUES (0, 'CN', 1, 5, '')");
    storage.sql.exec('INSERT INTO chunks VALUES (7, 1, 3, NULL, 1, 1, 9e15)');
    storage.sql.exec("INSERT INTO tallies (hour, changes, body, reasons) VALUES (0, 4, '[0,3]', '[]')");
    migrate(storage, STEPS);
    const state = new ShardState(storage.sql);
    expect(state.classes.all()).toEqual([{ id: 0, country: 'CN', parts: 1, price: 5, sender: '', account: '' }]);
    expect(state.chunks.get(7)).toMatchObject({ count: 3, claimed: 1, account: null });
    expect(state.tallies.countOf('accepted')).toBe(3);
    expect([...state.tallies.lagCells()]).toEqual([]);
    expect(state.tallies.changes).toBe(4);
  });
});

it('a step that fails leaves the shape and the version as they were', async () => {
  const { stub } = await openShard();
  await runInDurableObject(stub, (_shard, { storage }) => {
    const failing = [
      ...STEPS,
      (sql: SqlStorage) => {
        sql.exec('CREATE TABLE half_done (n INTEGER)');
        throw new Error('stopped half-way');
      },
    ];
    expect(() => migrate(storage, failing)).toThrow('half-way');
    expect(storage.sql.exec("SELECT count(*) AS n FROM sqlite_master WHERE name = 'half_done'").one()).toEqual({ n: 0 });
    expect(storage.sql.exec('SELECT version FROM storage_version').one()).toEqual({ version: STEPS.length });
  });
});

it('the set of recipients knows every number it was given, however many and however close', () => {
  const set = new NumberSet();
  const numbers = [
    ...Array.from({ length: 20_000 }, (_, at) => 8_613_800_000_000 + at),
    ...Array.from({ length: 20_000 }, (_, at) => (at + 1) * 4_294_967_296),
    1,
    999_999_999_999_999,
  ];
  expect(numbers.filter((number) => !set.add(number))).toEqual([]);
  expect(numbers.filter((number) => set.add(number))).toEqual([]);
  expect(set.size).toBe(numbers.length);
});
