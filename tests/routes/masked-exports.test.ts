/** What is hidden in a file, and what it says a message cost, does not depend on where the messages lie. */
import { runDurableObjectAlarm } from 'cloudflare:test';
import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { isSealed } from '../../schema/protocol/message-shard';
import { addDayShard } from '../../workers/gateways/stores/shards';
import { FILLED_AT, finishedRow } from '../support/archive';
import { begin, fileText, runToEnd } from '../support/export-runs';
import { openApiShard } from '../support/shards';
import { makeWorld, type World, type WorldUser } from '../support/world';

const ROWS = 200;
const BODIES = [
  'Your code is 482913',
  '验证码482913，请勿泄露',
  'See https://example.com/t/4711?k=AbC now',
  '=SUM(1,2)',
  'Hello, "you"\r\nthere',
];

/** Messages that became final in several states, in a shard of the day. */
async function finishedDay(world: World, traffic: 'marketing' | 'transactional') {
  const key = traffic === 'marketing' ? world.marketing.id : world.transactional.id;
  const day = new Date(FILLED_AT).toISOString().slice(0, 10);
  const shard = await addDayShard(world.gateways.database, { tenant: world.tenant, key, kind: traffic, day }, FILLED_AT);
  const opened = await openApiShard({ world, shard, key, traffic });
  const rows = Array.from({ length: ROWS }, (_, at) =>
    finishedRow(at + 1)
      .with(4, JSON.stringify({ text: BODIES[at % BODIES.length], sender: 'JINMU', ref: null }))
      .with(8, FILLED_AT),
  );
  await opened.shard.fill(JSON.stringify(rows));
  await opened.shard.start(FILLED_AT);
  await runDurableObjectAlarm(opened.stub);
  return opened.shard;
}

async function exported(world: World, user: WorldUser): Promise<string> {
  const id = await begin(world, { bom: false }, user);
  await runToEnd(world, id);
  return await fileText(world, id);
}

describe('an export of messages that went into the archive meanwhile', () => {
  it('is the same file, byte by byte, for those who see everything and for those who do not', async () => {
    for (const masksBodies of [false, true]) {
      const world = await makeWorld({ masksBodies });
      const viewer = await world.addUser({ role: 'viewer' });
      const shards = [await finishedDay(world, 'transactional'), await finishedDay(world, 'marketing')];
      const live = [await exported(world, world), await exported(world, viewer)];
      for (const shard of shards) expect(await shard.seal()).toBe(true);
      for (const shard of shards) expect(isSealed(await shard.rowsAfter({}, -1, 1))).toBe(true);
      const archived = [await exported(world, world), await exported(world, viewer)];
      expect(archived).toEqual(live);
      const [whole = '', masked = ''] = archived;
      expect(whole.match(/Your code is 482913/g)).toHaveLength(masksBodies ? ROWS / BODIES.length : (2 * ROWS) / BODIES.length);
      expect(whole).toContain('8613800000001');
      expect(masked).not.toMatch(/86138000000\d\d/);
    }
  });

  it('says that what never reached the carrier cost nothing', async () => {
    const world = await makeWorld();
    const shard = await finishedDay(world, 'transactional');
    const costs = async (): Promise<Record<string, Set<string | undefined>>> => {
      const [titles = [], ...rows] = Papa.parse<string[]>(await exported(world, world), { skipEmptyLines: true }).data;
      const [state, price] = [titles.indexOf('Status'), titles.indexOf('Price')];
      const found: Record<string, Set<string | undefined>> = {};
      for (const row of rows) (found[row[state] ?? ''] ??= new Set()).add(row[price]);
      return found;
    };
    const live = await costs();
    expect(await shard.seal()).toBe(true);
    expect(await costs()).toEqual(live);
    expect(live).toMatchObject({ delivered: new Set(['0.0312']), failed: new Set(['0.0312']), rejected: new Set(['0.00']) });
  });
});
