/** Brings a year or another span into a running local platform, through its local routes; the shards seal themselves. */
import type { KeyId, ShardNumber } from '../../schema/ids';
import type { RangeResult } from '../../schema/protocol/task-run';
import type { PastWish } from '../../workers/tenancy/fill-log';
import { Chance } from './chance';
import { CAMPAIGN_PER_SECOND, planPast, type PlannedDay, type PlannedTask, type Span } from './plan';
import { pastRows, type CountryCounts, type PastRow } from './rows';

const ROWS_A_CALL = 5_000;
/** Shards whose rows are in and which are not sealed yet: more would only lie on the disk. */
const UNSEALED_MAX = 24;
const POLL_MS = 250;
const DAY_MS = 24 * 60 * 60 * 1_000;
const NAMES = ['Wei', 'Anna', 'Budi', 'Priya', 'João', 'Maria', 'John', '陈明', '王芳', 'Fatima', 'Ahmed', 'Sofía', 'Yuki', 'Somchai'];

export interface PastFill extends Span {
  readonly url: string;
  readonly rows: number;
  readonly marketing: KeyId;
  readonly transactional: KeyId;
  readonly seed?: number;
  /** Whether shards seal themselves meanwhile: then no more are filled than are sealed. */
  readonly seals: boolean;
  /** Told after every shard. */
  readonly progress?: (rows: number) => void;
}

async function post(url: string, body: string): Promise<Response> {
  const answer = await fetch(url, { method: 'POST', body });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`);
  return answer;
}

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

export interface PastSize {
  readonly unsealed: number;
  readonly rows: number;
  readonly bytes: number;
}

export async function pastSize(url: string): Promise<PastSize> {
  return (await fetch(`${url}/local/fill`)).json<PastSize>();
}

export async function untilSealed(url: string, atMost = 0): Promise<void> {
  while ((await pastSize(url)).unsealed > atMost) await pause(POLL_MS);
}

/** One shard after another, as their own alarms would. */
export async function sealAll(url: string, shards: readonly ShardNumber[]): Promise<void> {
  for (const shard of shards) {
    for (;;) {
      const { sealed } = await (await post(`${url}/local/fill/${shard}/seal`, '')).json<{ sealed: boolean }>();
      if (sealed) break;
      await pause(POLL_MS);
    }
  }
}

/** @returns the shards, in the order of their start */
export async function fillPast(wish: PastFill): Promise<readonly ShardNumber[]> {
  const chance = new Chance(wish.seed ?? 2_026);
  const shards: ShardNumber[] = [];
  let rows = 0;
  for (const planned of planPast(chance, wish.rows, wish)) {
    shards.push(await (planned.kind === 'task' ? fillTask(wish, chance, planned) : fillDay(wish, chance, planned)));
    rows += planned.rows;
    wish.progress?.(rows);
    if (wish.seals) await untilSealed(wish.url, UNSEALED_MAX);
  }
  return shards;
}

async function fillTask(
  { url, marketing }: PastFill,
  chance: Chance,
  { name, template, startedAt, rows }: PlannedTask,
): Promise<ShardNumber> {
  const { text, parts, personal } = template;
  const counts: CountryCounts = {};
  function* some(from: number, until: number): Generator<PastRow> {
    for (let at = from; at < until; at++) {
      const content = personal ? JSON.stringify([chance.of(NAMES), chance.code(6)]) : null;
      yield { content, acceptedAt: null, releasedAt: startedAt + Math.floor((at * 1_000) / CAMPAIGN_PER_SECOND) };
    }
  }
  const endedAt = startedAt + Math.ceil(rows / CAMPAIGN_PER_SECOND) * 1_000 + DAY_MS;
  // A task says beforehand how many rows of which country it has, so all of them are made first.
  const bodies: string[] = [];
  for (const body of batches(rows, (from, until) => pastRows(chance, some(from, until), parts, counts))) {
    bodies.push(body);
    // workerd closes a connection that was idle for five seconds: a client that is too busy to hear of it would send its next request into it.
    await new Promise(setImmediate);
  }
  const columns = personal ? ['name', 'code'] : [];
  const shard = await begin(url, {
    kind: 'task',
    key: marketing,
    startedAt,
    name,
    sender: 'JINMU',
    text,
    columns,
    endedAt,
    totals: totalsOf(rows, parts, counts),
  });
  await add(url, shard, bodies);
  await post(`${url}/local/fill/${shard}/start?at=${startedAt}`, '');
  return shard;
}

async function fillDay({ url, transactional }: PastFill, chance: Chance, { startedAt, rows }: PlannedDay): Promise<ShardNumber> {
  function* some(from: number, until: number): Generator<PastRow> {
    for (let at = from; at < until; at++) {
      const acceptedAt = startedAt + Math.floor(((at + 0.5) * DAY_MS) / rows);
      const text = `Your code is ${String(chance.below(1_000_000)).padStart(6, '0')}. It is valid for 5 minutes.`;
      yield { content: JSON.stringify({ text, sender: 'JINMU', ref: `order-${at}` }), acceptedAt, releasedAt: acceptedAt };
    }
  }
  const shard = await begin(url, { kind: 'day', key: transactional, startedAt });
  await add(
    url,
    shard,
    batches(rows, (from, until) => pastRows(chance, some(from, until), 1, {})),
  );
  await post(`${url}/local/fill/${shard}/start?at=${startedAt}`, '');
  return shard;
}

async function begin(url: string, wish: PastWish): Promise<ShardNumber> {
  const [shard] = await (await post(`${url}/local/fill`, JSON.stringify(wish))).json<ShardNumber[]>();
  if (shard === undefined) throw new Error('no shard to fill');
  return shard;
}

function* batches(rows: number, make: (from: number, until: number) => string): Generator<string> {
  for (let from = 0; from < rows; from += ROWS_A_CALL) yield make(from, Math.min(rows, from + ROWS_A_CALL));
}

/** In order, because rows of a shard stand in order of time; the next body is made while the platform takes this one. */
async function add(url: string, shard: ShardNumber, bodies: Iterable<string>): Promise<void> {
  let under: Promise<unknown> = Promise.resolve();
  for (const body of bodies) {
    await under;
    under = post(`${url}/local/fill/${shard}`, body);
  }
  await under;
}

function totalsOf(rows: number, parts: number, byCountry: CountryCounts): RangeResult {
  const costMicros = Object.values(byCountry).reduce((sum, country) => sum + country.costMicros, 0);
  const counted = { rows, valid: rows, invalid: 0, duplicates: 0, blacklisted: 0, parts: rows * parts, costMicros, byCountry };
  return { ...counted, byRejection: {}, byEncoding: { gsm7: rows, ucs2: 0 }, maxParts: parts, sample: null };
}
