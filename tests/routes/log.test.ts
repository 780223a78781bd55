import { describe, expect, it } from 'vitest';
import type { Page } from '../../schema/console';
import type { LogRow } from '../../schema/protocol/message-shard';
import type { ShardNumber } from '../../schema/ids';
import { encodeMessageId } from '../../schema/message-id';
import { searchMessages } from '../../workers/messages/search';
import { addApiMessages, addApiShard, addTask, manyRows, row } from '../support/log-messages';
import { makeWorld, request, type World } from '../support/world';

const NOON = Date.parse('2026-11-20T12:00:00Z');
const HOUR = 60 * 60 * 1000;

async function page(world: Pick<World, 'fetch'>, query = ''): Promise<Page<LogRow>> {
  const answer = await world.fetch(`/api/messages?${query}`);
  expect({ query, status: answer.status }).toEqual({ query, status: 200 });
  return await answer.json();
}

async function idsOf(world: Pick<World, 'fetch'>, query = '', pages = 100): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | null = null;
  for (let count = 0; count < pages; count += 1) {
    const next: Page<LogRow> = await page(world, cursor === null ? query : `${query}&cursor=${cursor}`);
    ids.push(...next.rows.map(({ id }) => id));
    cursor = next.cursor;
    if (cursor === null) return ids;
  }
  throw new Error('no last page');
}

describe('the log', () => {
  it('shows tasks and API messages together, newest first, each once', async () => {
    const world = await makeWorld();
    const old = await addTask(world, { rows: manyRows(30), at: NOON - 2 * HOUR });
    const morning = await addApiShard(world, NOON - 3 * HOUR);
    const api = [];
    for (let hour = 3; hour > 0; hour -= 1)
      api.push(...(await addApiMessages(world, morning, NOON - hour * HOUR, [{ to: 8_613_900_000_000 + hour }])).ids);
    const wide = await addTask(world, { rows: manyRows(25), shards: 3, at: NOON });
    const all = await idsOf(world, 'limit=7');
    expect(all).toHaveLength(30 + 3 + 25);
    expect(new Set(all).size).toBe(all.length);
    const rows = await Promise.all(all.map(async (id) => (await page(world, `message=${encodeURIComponent(id)}`)).rows[0]));
    const times = rows.map((one) => one?.receivedAt ?? 0);
    expect(times).toEqual(times.toSorted((a, b) => b - a));
    expect(rows.slice(0, 25).every((one) => one?.task === wide.task)).toBe(true);
    expect(rows[25]?.id).toBe(api[2]);
    // At the same time the higher shard stands first; the task was allotted before the API shard.
    expect(all.slice(25 + 1, 25 + 2)).toEqual([api[1]]);
    expect(rows.slice(27, 57).every((one) => one?.task === old.task)).toBe(true);
    expect(all.at(-1)).toBe(api[0]);
  });

  it('keeps its pages while messages arrive, also when a clock is behind', async () => {
    const world = await makeWorld();
    const shard = await addApiShard(world, NOON);
    const first = await addApiMessages(
      world,
      shard,
      NOON + 5_000,
      Array.from({ length: 9 }, (_, n) => ({ to: 8_613_800_000_000 + n })),
    );
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const next: Page<LogRow> = await page(world, `limit=2${cursor === null ? '' : `&cursor=${cursor}`}`);
      seen.push(...next.rows.map(({ id }) => id));
      cursor = next.cursor;
      await addApiMessages(world, shard, NOON + 1_000, [{ to: 8_613_700_000_000 + seen.length }]);
    } while (cursor !== null);
    expect(seen).toEqual(first.ids.toReversed());
  });

  it('shows the newest messages of a task with hundreds of thousands without reading the others', async () => {
    const world = await makeWorld();
    const { task } = await addTask(world, { rows: manyRows(2_000), shards: 4, at: NOON });
    const { rows, cursor } = await page(world, `task=${task}&limit=200`);
    expect(rows).toHaveLength(200);
    expect(cursor).not.toBeNull();
    const ids = await idsOf(world, `task=${task}&limit=200`);
    expect(new Set(ids).size).toBe(2_000);
  });

  it('refuses a cursor and a limit that it did not make, and names them', async () => {
    const world = await makeWorld();
    for (const [query, field] of [
      ['cursor=abc', 'cursor'],
      ['cursor=', 'cursor'],
      ['limit=0', 'limit'],
      ['limit=201', 'limit'],
      ['limit=x', 'limit'],
      ['state=gone', 'state'],
    ]) {
      const answer = await world.fetch(`/api/messages?${query}`);
      expect(answer.status).toBe(400);
      expect(await answer.json()).toMatchObject({ code: 'invalid_request', errors: [{ field }] });
    }
  });

  it('asks for a session', async () => {
    expect((await request('/api/messages')).status).toBe(401);
    expect((await request('/api/messages/whatever')).status).toBe(401);
  });
});

describe('filters of the log', () => {
  it('choose by kind, key, task, task name, period', async () => {
    const world = await makeWorld();
    const double11 = await addTask(world, { name: '双十一 100%', rows: [row(8_613_800_000_001)], at: NOON });
    const spring = await addTask(world, { name: 'Spring Sale', rows: [row(8_613_800_000_001)], at: NOON + HOUR });
    const shard = await addApiShard(world, NOON + 2 * HOUR);
    const { ids } = await addApiMessages(world, shard, NOON + 2 * HOUR, [{ to: 8_613_800_000_001 }]);
    const [ofDouble11] = await idsOf(world, `task=${double11.task}`);
    const [ofSpring] = await idsOf(world, `task=${spring.task}`);
    const [ofApi] = ids;

    expect(await idsOf(world)).toEqual([ofApi, ofSpring, ofDouble11]);
    expect(await idsOf(world, 'kind=marketing')).toEqual([ofSpring, ofDouble11]);
    expect(await idsOf(world, 'kind=transactional')).toEqual([ofApi]);
    expect(await idsOf(world, `key=${world.transactional.id}`)).toEqual([ofApi]);
    expect(await idsOf(world, `taskName=${encodeURIComponent('十一')}`)).toEqual([ofDouble11]);
    expect(await idsOf(world, 'taskName=spring')).toEqual([ofSpring]);
    expect(await idsOf(world, 'taskName=100%25')).toEqual([ofDouble11]);
    expect(await idsOf(world, 'taskName=_')).toEqual([]);
    expect(await idsOf(world, `receivedFrom=${NOON + 1}`)).toEqual([ofApi, ofSpring]);
    expect(await idsOf(world, `receivedFrom=${NOON}&receivedUntil=${NOON + HOUR}`)).toEqual([ofDouble11]);
    expect(await idsOf(world, `receivedUntil=${NOON}`)).toEqual([]);
    expect(await idsOf(world, 'receivedFrom=2026-11-20T22:00')).toEqual([ofApi]);
    expect(await idsOf(world, 'receivedFrom=2026-11-21')).toEqual([]);
  });

  it('choose by user: the tasks of that user and nothing of the API, also where a message is named', async () => {
    const world = await makeWorld();
    const colleague = await world.addUser();
    const own = await addTask(world, { rows: [row(8_613_800_000_001)], at: NOON });
    const theirs = await addTask({ ...world, actor: colleague.actor }, { rows: [row(8_613_800_000_002)], at: NOON });
    await addApiMessages(world, await addApiShard(world, NOON), NOON, [{ to: 8_613_800_000_001 }]);
    const [ofOwn] = await idsOf(world, `task=${own.task}`);
    const [ofTheirs] = await idsOf(world, `task=${theirs.task}`);
    expect(await idsOf(world, `user=${world.actor.user}`)).toEqual([ofOwn]);
    expect(await idsOf(world, `user=${colleague.actor.user}`)).toEqual([ofTheirs]);
    expect(await idsOf(world, `user=${world.actor.user}&message=${encodeURIComponent(ofTheirs ?? '')}`)).toEqual([]);
    expect(await idsOf(world, `user=${world.actor.user}&message=${encodeURIComponent(ofOwn ?? '')}`)).toEqual([ofOwn]);
    expect(await idsOf(world, 'user=us_NOBODY')).toEqual([]);
  });

  it('choose by number, also within tasks of many shards, and ask only the shards that can hold it', async () => {
    const world = await makeWorld();
    const { task, shards } = await addTask(world, { rows: manyRows(400), shards: 8, at: NOON });
    const other = await addTask(world, { rows: manyRows(400), shards: 2, at: NOON + HOUR });
    const found = await page(world, `task=${task}&to=${encodeURIComponent('+86 138-0000-0123')}`);
    expect(found.rows.map(({ to }) => to)).toEqual(['8613800000123']);
    expect((await page(world, 'to=8613800000123')).rows.map((one) => one.task)).toEqual([other.task, task]);
    expect((await page(world, 'to=8613800009999')).rows).toEqual([]);
    const asked = new Set<number>();
    const { tenant, files, objects } = world.gateways;
    const watched = { tenant, files, objects: { ...objects, shard: (n: ShardNumber) => (asked.add(n), objects.shard(n)) } };
    await searchMessages(watched, world.actor, { to: '8613800000123' }, null, 50);
    expect(shards.filter((n) => asked.has(n))).toHaveLength(1);
    expect(asked.size).toBe(2);
  });

  it('choose by state, country and sender', async () => {
    const world = await makeWorld();
    const shard = await addApiShard(world, NOON);
    const { ids, firstRow } = await addApiMessages(
      world,
      shard,
      NOON,
      [
        { to: 8_613_800_000_001 },
        { to: 491_712_345_678, country: 'DE', sender: 'ACME' },
        { to: 33_612_345_678, country: 'FR' },
        { to: 33_612_345_679, country: 'FR' },
      ],
      [
        { kind: 'submitted', carrierIds: ['a1'], network: '46000' },
        { kind: 'submitted', carrierIds: ['a2'], network: null },
        { kind: 'rejected', error: 'vonage_3' },
        { kind: 'unanswered' },
      ],
    );
    await world.gateways.objects
      .shard(shard)
      .applyReceipts(
        JSON.stringify([{ row: firstRow, carrierId: 'a1', status: 'delivered', errorCode: 0, network: null, receivedAt: NOON + 9 }]),
      );
    const [delivered, submitted, rejected] = ids;
    expect(await idsOf(world, 'state=delivered')).toEqual([delivered]);
    expect(await idsOf(world, 'state=submitted,rejected&country=DE,FR')).toEqual(expect.arrayContaining([rejected, submitted]));
    expect(await idsOf(world, 'country=de')).toEqual([submitted]);
    expect(await idsOf(world, 'from=ACME')).toEqual([submitted]);
    expect(await idsOf(world, 'from=acme')).toEqual([]);
    expect(await idsOf(world, `message=${delivered}&state=failed`)).toEqual([]);
    expect((await page(world, 'state=delivered')).rows[0]).toMatchObject({
      finalAt: NOON + 9,
      to: '8613800000001',
      parts: 1,
      kind: 'transactional',
    });
  });
});

describe('one message', () => {
  it('is found by its id', async () => {
    const world = await makeWorld();
    const { task, shards } = await addTask(world, { rows: manyRows(3), text: 'Hello', at: NOON });
    const id = encodeMessageId(shards[0] ?? (0 as never), 2);
    const answer = await world.fetch(`/api/messages/${id}`);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ id, task, taskName: 'Autumn sale', body: 'Hello', to: '8613800000001', receivedAt: NOON });
  });

  it('of another tenant is answered exactly as one that does not exist', async () => {
    const [world, stranger] = await Promise.all([makeWorld(), makeWorld()]);
    const { shards } = await addTask(world, { rows: manyRows(3), at: NOON });
    const theirs = encodeMessageId(shards[0] ?? (0 as never), 2);
    const unknown = encodeMessageId(4_000_000 as never, 2);
    const answers = [];
    for (const id of [theirs, unknown, 'nonsense', '%00', 'a'.repeat(500)]) {
      const answer = await stranger.fetch(`/api/messages/${id}`);
      const { request_id: _, ...body } = await answer.json<Record<string, unknown>>();
      answers.push({ status: answer.status, body });
    }
    expect(answers[0]).toMatchObject({ status: 404, body: { code: 'not_found' } });
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    for (const query of [`message=${theirs}`, `to=8613800000001`, `key=${world.marketing.id}`, ''])
      expect((await page(stranger, query)).rows).toEqual([]);
  });
});

describe('somebody who may not see numbers', () => {
  it('gets them masked everywhere', async () => {
    const world = await makeWorld({ role: 'viewer' });
    const { shards } = await addTask(world, { rows: [row(8_613_812_345_678)], at: NOON });
    const id = encodeMessageId(shards[0] ?? (0 as never), 1);
    const [list, one, byId] = [
      await page(world),
      await (await world.fetch(`/api/messages/${id}`)).json<LogRow>(),
      await page(world, `message=${id}`),
    ];
    for (const shown of [list.rows[0], one, byId.rows[0]]) {
      expect(shown?.to).toContain('••••');
      expect(shown?.to.replaceAll(/\D/g, '')).not.toContain('1234');
    }
  });
});
