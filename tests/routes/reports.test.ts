/** A report says what a recount of the rows says, whatever happened to them. */
import { runDurableObjectAlarm } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { Report as ApiReport } from '../../schema/api/reports';
import type { Page } from '../../schema/console';
import type { Env } from '../../schema/env';
import type { ShardNumber } from '../../schema/ids';
import type { LogRow, SendResult } from '../../schema/protocol/message-shard';
import type { Report, ReportFigures } from '../../schema/reports';
import { MISSED_MESSAGE_STATES, SENT_MESSAGE_STATES, type MessageState } from '../../schema/states';
import { shardName } from '../../schema/storage-keys';
import { formatDay } from '../../workers/rules/local-time';
import { readReportPicture } from '../../workers/messages/report-picture';
import { apiClient } from '../support/api-client';
import { addApiMessages, addApiShard, addTask, manyRows } from '../support/log-messages';
import { makeWorld, request, type World } from '../support/world';

const HOUR = 3_600_000;
/** Evenings in Shanghai, so that the next hours are another day there and the same one in UTC. */
const FIRST = Date.UTC(2026, 9, 5, 14, 20);
const SECOND = FIRST + 26 * HOUR;
const PERIOD = 'receivedFrom=2026-10-01&receivedUntil=2026-10-31';

const submitted = (id: string): SendResult['outcome'] => ({ kind: 'submitted', carrierIds: [id], network: '46000' });
const shardStub = (shard: ShardNumber) => (env as unknown as Env).MESSAGE_SHARD.getByName(shardName(shard));

let world: World;
let rows: readonly LogRow[];

async function allRows(): Promise<readonly LogRow[]> {
  const all: LogRow[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const page: Page<LogRow> = await (await world.fetch(`/api/messages?limit=200${cursor && `&cursor=${cursor}`}`)).json();
    all.push(...page.rows);
    cursor = page.cursor;
  }
  return all;
}

const report = async (query: string): Promise<Report> => await (await world.fetch(`/api/reports?${query}`)).json();

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await scheduler.wait(500);
}

/** The figures of these rows, counted anew. */
function recount(of: readonly LogRow[]): ReportFigures {
  const count = (...states: readonly MessageState[]): number => of.filter(({ state }) => states.includes(state)).length;
  const paid = of.filter(({ state }) => !['blocked', 'cancelled', 'rejected'].includes(state));
  return {
    total: of.length,
    sent: count(...SENT_MESSAGE_STATES),
    delivered: count('delivered'),
    failed: count(...MISSED_MESSAGE_STATES),
    pending: count('accepted', 'queued', 'submitted'),
    held: count('blocked', 'cancelled'),
    parts: paid.reduce((sum, { parts }) => sum + parts, 0),
    costMicros: paid.reduce((sum, { priceMicros }) => sum + priceMicros, 0),
  };
}
const onlyFigures = ({ total, sent, delivered, failed, pending, held, parts, costMicros }: ReportFigures): ReportFigures => ({
  total,
  sent,
  delivered,
  failed,
  pending,
  held,
  parts,
  costMicros,
});

beforeAll(async () => {
  world = await makeWorld();
  const { objects } = world.gateways;
  // A task that was stopped, and one that is still waiting; one by each user.
  const stopped = await addTask(world, { rows: [...manyRows(7), ...manyRows(4, 33_600_000_000, 'FR')], at: FIRST, sender: 'TASKS' });
  const colleague = await world.addUser();
  const waiting = await addTask({ ...world, actor: colleague.actor }, { rows: manyRows(3, 6_591_000_000, 'SG'), at: SECOND, shards: 2 });
  for (const shard of stopped.shards) await objects.shard(shard).stop(Date.now());
  // Two days of API messages by two keys, with every end that there is.
  const day = await addApiShard(world, FIRST);
  await addApiMessages(
    world,
    day,
    FIRST,
    [
      { to: 8_613_900_000_001 },
      { to: 8_613_900_000_002, sender: 'OTHER' },
      { to: 33_700_000_003, country: 'FR' },
      { to: 33_700_000_004, country: 'FR', sender: 'OTHER' },
      { to: 33_700_000_005, country: 'FR' },
      { to: 33_700_000_006, country: 'FR' },
    ],
    [submitted('a'), submitted('b'), submitted('c'), { kind: 'rejected', error: 'invalid_sender' }, submitted('d'), submitted('e')],
  );
  const stub = objects.shard(day);
  const receipt = { network: null, receivedAt: FIRST + 60_000 };
  await stub.applyReceipts(
    JSON.stringify([
      { ...receipt, row: 1, carrierId: 'a', status: 'delivered', errorCode: 0 },
      { ...receipt, row: 2, carrierId: 'b', status: 'failed', errorCode: 9 },
      { ...receipt, row: 3, carrierId: 'c', status: 'expired', errorCode: 13 },
      { ...receipt, row: 5, carrierId: 'd', status: 'expired', errorCode: 13 },
    ]),
  );
  const next = await addApiShard(world, SECOND, world.marketing.id, 'marketing');
  await objects.shard(next).start(SECOND);
  await objects.shard(next).acceptMessages(
    JSON.stringify([
      [8_613_900_000_009, 'CN', 2, 60_000, JSON.stringify({ text: 'Hi', sender: 'JINMU', ref: null }), 'blacklisted'],
      [8_613_900_000_010, 'CN', 2, 60_000, JSON.stringify({ text: 'Hi', sender: 'JINMU', ref: null })],
    ]),
    SECOND,
    null,
    { notBefore: Date.now() + HOUR },
  );
  const shards = [...stopped.shards, ...waiting.shards, day, next];
  for (const shard of shards) await runDurableObjectAlarm(shardStub(shard));
  // A receipt that comes after the totals were written once.
  await stub.applyReceipts(JSON.stringify([{ ...receipt, row: 3, carrierId: 'c', status: 'delivered', errorCode: 0 }]));
  await until(async () => {
    for (const shard of shards) await runDurableObjectAlarm(shardStub(shard));
    rows = await allRows();
    return (await report(PERIOD)).sum.delivered === rows.filter(({ state }) => state === 'delivered').length;
  });
}, 60_000);

describe('a report', () => {
  it('covers every end that a message may have', async () => {
    expect(onlyFigures((await report(PERIOD)).sum)).toEqual(recount(rows));
    for (const state of ['delivered', 'failed', 'expired', 'rejected', 'blocked', 'cancelled'])
      expect(rows.map((row) => row.state)).toContain(state);
    expect(rows).toHaveLength(22);
  });

  it.each([
    ['country', ({ country }: LogRow) => country],
    ['key', ({ key }: LogRow) => key],
    ['sender', ({ from }: LogRow) => from],
    ['day', ({ receivedAt }: LogRow) => formatDay(receivedAt, 'Asia/Shanghai')],
    ['hour', ({ receivedAt }: LogRow) => String(Math.floor(receivedAt / HOUR) * HOUR)],
  ] as const)('by %s is what counting the rows gives', async (dimension, nameOf) => {
    const { rows: groups } = await report(`${PERIOD}&groupBy=${dimension}`);
    const nameOfRow: (row: LogRow) => string = nameOf;
    const names = new Set(rows.map(nameOfRow));
    expect(groups.map((group) => [group[dimension], onlyFigures(group)])).toHaveLength(names.size);
    for (const name of names) {
      const group = groups.find((one) => String(one[dimension]) === name);
      expect({ name, ...(group && onlyFigures(group)) }).toEqual({ name, ...recount(rows.filter((row) => nameOfRow(row) === name)) });
    }
  });

  it('by country and user names both, API messages included', async () => {
    const { rows: groups } = await report(`${PERIOD}&groupBy=country,user`);
    expect(groups.map(({ country, userName, total }) => [country, userName, total])).toEqual([
      ['CN', 'Test User', 7],
      ['CN', 'API', 4],
      ['FR', 'API', 4],
      ['FR', 'Test User', 4],
      ['SG', 'Test User', 3],
    ]);
    expect(new Set(groups.map(({ user }) => user)).size).toBe(3);
  });

  it.each([
    ['kind=transactional', ({ kind }: LogRow) => kind === 'transactional'],
    ['country=FR&country=SG', ({ country }: LogRow) => country !== 'CN'],
    ['country=FR,CN&sender=OTHER', ({ from }: LogRow) => from === 'OTHER'],
    ['user=api', ({ task }: LogRow) => task === null],
    [
      'receivedFrom=2026-10-06&receivedUntil=2026-10-06',
      ({ receivedAt }: LogRow) => formatDay(receivedAt, 'Asia/Shanghai') === '2026-10-06',
    ],
    ['receivedFrom=2026-10-05T22:00&receivedUntil=2026-10-06T23:00', ({ receivedAt }: LogRow) => receivedAt < FIRST + HOUR],
  ] as const)('of %s counts only those', async (query, isMeant) => {
    const wanted = query.includes('received') ? query : `${PERIOD}&${query}`;
    expect(onlyFigures((await report(wanted)).sum)).toEqual(recount(rows.filter(isMeant)));
  });

  it('counts the same in any zone', async () => {
    const period = { from: FIRST - 3 * 24 * HOUR, until: SECOND + 3 * 24 * HOUR };
    for (const timeZone of ['Asia/Shanghai', 'America/New_York', 'Asia/Kolkata']) {
      const { report: whole, series } = await readReportPicture(world.gateways, { ...world.actor, timeZone }, period, ['day']);
      expect(onlyFigures(whole.sum)).toEqual(recount(rows));
      const days = new Set(rows.map(({ receivedAt }) => formatDay(receivedAt, timeZone)));
      expect(whole.rows.map(({ day }) => day)).toEqual([...days].toSorted());
      expect(series.length).toBeGreaterThanOrEqual(7);
    }
  });

  it('says why messages failed: the reasons add up to the failed', async () => {
    const { reasons, report: whole } = await readReportPicture(
      world.gateways,
      world.actor,
      { from: FIRST - HOUR, until: SECOND + HOUR },
      [],
    );
    const failures = reasons.filter(({ state }) => state !== 'blocked');
    expect(failures.reduce((sum, { messages }) => sum + messages, 0)).toBe(whole.sum.failed);
    expect(reasons).toContainEqual({ state: 'rejected', error: 'invalid_sender', messages: 1 });
    expect(reasons).toContainEqual({ state: 'expired', error: 'age_restriction', messages: 1 });
    expect(reasons).toContainEqual({ state: 'blocked', error: 'blacklisted', messages: 1 });
  });

  it('is refused with the names of the fields that are wrong', async () => {
    const refused = async (query: string): Promise<unknown> => {
      const answer = await world.fetch(`/api/reports?${query}`);
      expect(answer.status).toBe(400);
      const { errors }: { errors: { field: string; code: string }[] } = await answer.json();
      return errors.map(({ field, code }) => `${field} ${code}`);
    };
    expect(await refused('kind=x&country=Germany&receivedFrom=yesterday&groupBy=colour')).toEqual([
      'kind invalid',
      'country invalid',
      'receivedFrom invalid',
      'groupBy invalid',
    ]);
    expect(await refused(`${PERIOD}&groupBy=day,hour`)).toEqual(['groupBy invalid']);
    expect(await refused('receivedFrom=2020-01-01&receivedUntil=2026-01-01')).toEqual(['receivedUntil period_too_long']);
    expect(await refused('receivedFrom=2026-08-01&receivedUntil=2026-10-01&groupBy=hour')).toEqual(['receivedUntil period_too_long']);
    expect(await refused('receivedFrom=2026-08-02&receivedUntil=2026-08-01')).toEqual(['receivedUntil invalid']);
  });

  it('reads neighbouring rows: both tables of totals are in the order of their keys', async () => {
    const { results } = await (env as unknown as Env).DB.prepare(
      "SELECT name FROM sqlite_master WHERE name IN ('shard_totals', 'shard_reasons') AND sql LIKE '%WITHOUT ROWID%'",
    ).all();
    expect(results).toHaveLength(2);
  });

  it('shows nothing of another tenant, and nothing without a session', async () => {
    const stranger = await makeWorld();
    const shown: Report = await (await stranger.fetch(`/api/reports?${PERIOD}`)).json();
    expect(shown).toMatchObject({ rows: [], sum: { total: 0, costMicros: 0 }, leftOut: 0 });
    const key = await (await stranger.fetch(`/api/reports?${PERIOD}&key=${world.transactional.id}`)).json();
    expect(key).toMatchObject({ rows: [] });
    expect((await request('/api/reports')).status).toBe(401);
  });
});

describe('GET /v1/reports', () => {
  const period = 'created_from=2026-10-01T00:00:00Z&created_until=2026-11-01T00:00:00Z';

  it('answers the same figures in the words of the API', async () => {
    const client = apiClient(world.transactional);
    const answer = await client.call('GET', `/v1/reports?${period}&group_by=country,key`);
    expect(answer.status).toBe(200);
    const body = ApiReport.parse(answer.body);
    const all = recount(rows);
    expect(body.sum).toMatchObject({ total: all.total, delivered: all.delivered, delivery_rate: all.delivered / all.sent });
    const first = body.rows.find(({ country }) => country === 'FR');
    expect(first).toMatchObject({ country_name: { en: 'France', zh: '法国' }, day: null, user: null, from: null });
    const one = ApiReport.parse((await client.call('GET', `/v1/reports?${period}&from=OTHER&time_zone=UTC&group_by=day`)).body);
    expect(one.rows).toMatchObject([{ day: '2026-10-05', total: 2, failed: 2 }]);
  });

  it('names what is wrong as the client wrote it', async () => {
    const client = apiClient(world.transactional);
    const errors = async (query: string) =>
      ((await client.call<{ errors: { field: string }[] }>('GET', `/v1/reports?${query}`)).body.errors ?? []).map(({ field }) => field);
    expect(await errors('created_from=2999-10-01T00:00:00Z')).toEqual(['created_until']);
    expect(await errors(`${period}&time_zone=Mars/Base`)).toEqual(['time_zone']);
    expect(await errors(`${period}&group_by=country,key,user`)).toEqual(['group_by']);
    expect(await errors(`${period}&group_by=key,key`)).toEqual(['group_by']);
    expect(await errors('created_from=2016-10-01T00:00:00Z&created_until=2026-11-01T00:00:00Z')).toEqual(['created_until']);
  });
});
