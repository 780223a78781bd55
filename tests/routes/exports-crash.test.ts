/** What an export must withstand. Steps are driven by hand and break for real: between R2 and D1, twice at once, under a cancel. */
import { createExecutionContext, createMessageBatch, getQueueResult } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { configure, TextWriter, Uint8ArrayReader, ZipReader } from '@zip.js/zip.js/lib/zip-core-custom.js';
import { describe, expect, it } from 'vitest';
import type { ExportId } from '../../schema/ids';
import { EXPORT_PART_BYTES, EXPORT_STUCK_MS } from '../../schema/limits';
import { encodeMessageId } from '../../schema/message-id';
import type { TaskRow } from '../../schema/protocol/message-shard';
import { requeueStuckExports } from '../../workers/exports/repair';
import { RUNNING_PER_TENANT, type StepGateways } from '../../workers/exports/step';
import { consumeExports } from '../../workers/jobs/exports';
import { begin, fileText, handDriven, leftovers, runToEnd, step, view } from '../support/export-runs';
import { addTask, manyRows } from '../support/log-messages';
import { makeWorld, type World } from '../support/world';

const { DB } = env as unknown as { DB: D1Database };
const NOON = Date.parse('2026-11-20T12:00:00Z');
const ROWS = 6_000;

/** Long texts that do not pack well: a few thousand rows make several parts. */
function longRows(): TaskRow[] {
  const noise = new Uint8Array(3_300);
  return manyRows(ROWS).map(([recipient, country, parts, price]) => [
    recipient,
    country,
    parts,
    price,
    [Buffer.from(crypto.getRandomValues(noise)).toString('base64')],
  ]);
}

/** A log of several parts of an export. Made once: the tests only read it. */
let made: Promise<{ world: World; ids: string[] }> | undefined;
async function bigLog(): Promise<{ world: World; ids: string[] }> {
  made ??= (async () => {
    const world = await makeWorld();
    const { shards } = await addTask(world, { rows: longRows(), shards: 3, at: NOON, text: '{{x}}', columns: ['x'] });
    const ids: string[] = [];
    for (const shard of shards) {
      const { rows } = await world.gateways.objects.shard(shard).totals();
      for (let row = 1; row <= rows; row += 1) ids.push(encodeMessageId(shard, row));
    }
    return { world, ids };
  })();
  return await made;
}

/** Message ids of a file, in its order. They stand in no other column. */
const idsIn = (text: string, wanted: readonly string[]): string[] => {
  const known = new Set(wanted);
  return text.split(/[,\r\n]/).filter((cell) => known.has(cell));
};

const COMPLETE = { state: 'ready', error: null, isCounted: true, isMeasured: true, isInOrder: true, leftovers: [] };

/** What a complete export looks like, in a few words: a diff of thousands of ids helps nobody. */
async function inspect(world: World, id: ExportId, ids: readonly string[]): Promise<unknown> {
  const { state, error, rows, rowsExpected, bytes } = await view(world, id);
  const text = await fileText(world, id);
  const found = idsIn(text, ids);
  return {
    state,
    error,
    isCounted: rows === ids.length && rowsExpected === ids.length,
    isMeasured: new TextEncoder().encode(text).byteLength === bytes,
    isInOrder: found.length === ids.length && found.every((one, index) => one === ids[index]),
    leftovers: await leftovers(world, id),
  };
}

configure({ useWebWorkers: false });
const WHOLE_BOOK = { state: 'ready', error: null, isCounted: true, isMeasured: true, isInOrder: true, leftovers: [] };

/** As inspect, for a workbook: every entry of the archive is unpacked and held against its checksum. */
async function inspectBook(world: World, id: ExportId, ids: readonly string[]): Promise<unknown> {
  const { state, error, rows, bytes } = await view(world, id);
  const stored = await world.gateways.files.read(`exports/${world.tenant}/${id}`);
  const entries = await new ZipReader(new Uint8ArrayReader(stored ?? new Uint8Array())).getEntries();
  const texts = new Map<string, string>();
  for (const entry of entries)
    if (!entry.directory) texts.set(entry.filename, await entry.getData(new TextWriter(), { checkSignature: true }));
  const found = idsIn((texts.get('xl/worksheets/sheet1.xml') ?? '').replaceAll(/[<>]/g, ','), ids);
  return {
    state,
    error,
    isCounted: rows === ids.length,
    isMeasured: stored?.byteLength === bytes,
    isInOrder: found.length === ids.length && found.every((one, index) => one === ids[index]),
    leftovers: await leftovers(world, id),
  };
}

class Crash extends Error {}

/** Breaks the `nth` call of one method of the files gateway (from 0), before or after it has done its work. */
function breaking(
  method: 'writePart' | 'completeParts' | 'write' | 'beginParts',
  when: 'before' | 'after',
  isBroken: (call: number) => boolean,
) {
  let calls = 0;
  return ({ files }: StepGateways): Partial<StepGateways> => ({
    files: new Proxy(files, {
      get(target, name, receiver) {
        const real: unknown = Reflect.get(target, name, receiver);
        if (name !== method || typeof real !== 'function') return real;
        return async (...args: unknown[]): Promise<unknown> => {
          const broken = isBroken(calls);
          calls += 1;
          if (broken && when === 'before') throw new Crash();
          const answer: unknown = await Reflect.apply(real, target, args);
          if (broken) throw new Crash();
          return answer;
        };
      },
    }),
  });
}

/** A crash is no failure that the step could write down: the process is gone, its lease runs out. */
async function crashed(world: World, id: ExportId): Promise<void> {
  await DB.prepare("UPDATE exports SET checkpoint = json_set(checkpoint, '$.heldUntil', 0, '$.failures', 0) WHERE id = ? AND tenant_id = ?")
    .bind(id, world.tenant)
    .run();
}

/** Runs a step whose process dies where the gateway breaks: nothing after that is written. */
async function stepAndDie(world: World, id: ExportId, change: Parameters<typeof handDriven>[1]): Promise<void> {
  let dead = false;
  const gateways = handDriven(world, (plain) => {
    const broken = change?.(plain) ?? {};
    const files = broken.files ?? plain.files;
    return {
      files: new Proxy(files, {
        get(target, name, receiver) {
          const real: unknown = Reflect.get(target, name, receiver);
          if (typeof real !== 'function') return real;
          return async (...args: unknown[]): Promise<unknown> => {
            try {
              return await Reflect.apply(real, target, args);
            } catch (thrown) {
              if (thrown instanceof Crash) dead = true;
              throw thrown;
            }
          };
        },
      }),
      tenant: (tenant) => {
        const stores = plain.tenant(tenant);
        const exports = new Proxy(stores.exports, {
          get(target, name, receiver) {
            const real: unknown = Reflect.get(target, name, receiver);
            if (typeof real !== 'function') return real;
            return (...args: unknown[]): unknown => (dead ? Promise.reject(new Crash()) : Reflect.apply(real, target, args));
          },
        });
        return { ...stores, exports };
      },
    };
  });
  const outcome = await step(world, id, gateways).catch((thrown: unknown) => (thrown instanceof Crash ? 'dead' : thrown));
  if (outcome !== 'dead' || !dead) throw new Error('the step did not die');
  await crashed(world, id);
}

describe('an export of several parts', () => {
  it('holds every row once, in order', async () => {
    const { world, ids } = await bigLog();
    const id = await begin(world);
    expect(await runToEnd(world, id)).toBe(1);
    expect(await inspect(world, id, ids)).toEqual(COMPLETE);
    expect(await leftovers(world, id)).toEqual([]);
    expect((await world.gateways.files.size(`exports/${world.tenant}/${id}`)) ?? 0).toBeGreaterThan(2 * EXPORT_PART_BYTES);
  });

  it('is fetched whole and in any part, as the plain file', async () => {
    const { world } = await bigLog();
    const id = await begin(world);
    await runToEnd(world, id);
    const whole = Buffer.from(await fileText(world, id));
    const path = `/api/exports/${id}/file`;
    const answer = await world.fetch(path);
    expect(Number(answer.headers.get('content-length'))).toBe(whole.byteLength);
    expect(Buffer.from(await answer.arrayBuffer()).equals(whole)).toBe(true);
    const random = (below: number): number => Math.floor(Math.random() * below);
    for (let n = 0; n < 12; n += 1) {
      const from = random(whole.byteLength);
      const until = n % 2 ? from + random(5_000) : from + random(whole.byteLength - from);
      const part = await world.fetch(path, { headers: { range: `bytes=${from}-${until}` } });
      expect(part.status).toBe(206);
      expect(Buffer.from(await part.arrayBuffer()).equals(whole.subarray(from, until + 1))).toBe(true);
    }
  });

  it('goes on over many short steps', async () => {
    const { world, ids } = await bigLog();
    const id = await begin(world);
    expect(await runToEnd(world, id, handDriven(world), 0)).toBeGreaterThan(5);
    expect(await inspect(world, id, ids)).toEqual(COMPLETE);
  });
});

describe('a step that dies', () => {
  it.each([
    ['after a part was stored, before that was written down', 'writePart', 'after', 0],
    ['before the second part was stored', 'writePart', 'before', 1],
    ['after the last part was stored', 'writePart', 'after', 2],
    ['after the upload was begun', 'beginParts', 'after', 0],
    ['before the parts were joined', 'completeParts', 'before', 0],
    ['after the parts were joined, before that was written down', 'completeParts', 'after', 0],
  ] as const)('%s, loses and doubles nothing', async (_when, method, when, call) => {
    const { world, ids } = await bigLog();
    const id = await begin(world);
    await stepAndDie(
      world,
      id,
      breaking(method, when, (n) => n === call),
    );
    await runToEnd(world, id);
    expect(await inspect(world, id, ids)).toEqual(COMPLETE);
  });

  it('again and again, after each part that it stored, still ends', async () => {
    const { world, ids } = await bigLog();
    const id = await begin(world);
    for (const call of [1, 0, 0]) {
      await stepAndDie(
        world,
        id,
        breaking('writePart', 'after', (n) => n === call),
      );
    }
    await runToEnd(world, id);
    expect(await inspect(world, id, ids)).toEqual(COMPLETE);
  });

  it('is found by the repair, and its job is queued again', async () => {
    const { world } = await bigLog();
    const id = await begin(world);
    const gateways = handDriven(world);
    const repair = { ...gateways, database: world.gateways.database };
    await requeueStuckExports(repair, Date.now());
    expect(gateways.jobs).not.toContainEqual({ tenant: world.tenant, id });
    await requeueStuckExports(repair, Date.now() + EXPORT_STUCK_MS + 1);
    expect(gateways.jobs).toContainEqual({ tenant: world.tenant, id });
    await runToEnd(world, id);
  });
});

describe('a workbook', () => {
  it('goes on over many short steps', async () => {
    const { world, ids } = await bigLog();
    const id = await begin(world, { format: 'xlsx' });
    expect(await runToEnd(world, id, handDriven(world), 0)).toBeGreaterThan(5);
    expect(await inspectBook(world, id, ids)).toEqual(WHOLE_BOOK);
  });

  it.each([
    ['after a part was stored, before that was written down', 'writePart', 'after', 0],
    ['before the second part was stored', 'writePart', 'before', 1],
    ['after the last part was stored', 'writePart', 'after', 2],
    ['after the parts were joined, before that was written down', 'completeParts', 'after', 0],
  ] as const)('whose step dies %s, loses and doubles nothing', async (_when, method, when, call) => {
    const { world, ids } = await bigLog();
    const id = await begin(world, { format: 'xlsx' });
    await stepAndDie(
      world,
      id,
      breaking(method, when, (n) => n === call),
    );
    await runToEnd(world, id);
    expect(await inspectBook(world, id, ids)).toEqual(WHOLE_BOOK);
  });
});

describe('a job delivered twice', () => {
  it('at once: one step works, the other stays away', async () => {
    const { world, ids } = await bigLog();
    const id = await begin(world);
    const outcomes = await Promise.all([step(world, id), step(world, id)]);
    expect(outcomes.toSorted()).toEqual(['busy', 'done']);
    expect(await inspect(world, id, ids)).toEqual(COMPLETE);
  });

  it('while a step holds the export waits in its queue, and is given up to the repair in the end', async () => {
    const { world } = await bigLog();
    const id = await begin(world);
    await world.gateways.tenant(world.tenant).exports.claim(id, 'somebody', Date.now(), Date.now() + 60_000, RUNNING_PER_TENANT);
    const delivered = async (attempts: number) => {
      const message = { id: 'one', timestamp: new Date(), attempts, body: { tenant: world.tenant, id } };
      const batch = createMessageBatch('jmc-exports', [message]);
      const context = createExecutionContext();
      await consumeExports(batch, { ...world.gateways, ...handDriven(world) });
      return await getQueueResult(batch, context);
    };
    expect((await delivered(1)).retryMessages).toMatchObject([{ msgId: 'one' }]);
    expect((await delivered(3)).explicitAcks).toEqual(['one']);
    await crashed(world, id);
    expect((await delivered(1)).explicitAcks).toEqual(['one']);
    expect(await view(world, id)).toMatchObject({ state: 'ready' });
  });

  it('after the end does nothing', async () => {
    const { world, ids } = await bigLog();
    const id = await begin(world);
    await runToEnd(world, id);
    expect(await step(world, id)).toBe('done');
    expect(await inspect(world, id, ids)).toEqual(COMPLETE);
  });

  it('with the first step still alive after its lease: the file stays whole', async () => {
    const { world, ids } = await bigLog();
    const id = await begin(world);
    let second: Promise<unknown> | undefined;
    const slow = handDriven(world, ({ files }) => ({
      files: {
        ...files,
        writePart: async (key, multipart, part, body) => {
          if (part === 2 && !second) {
            await crashed(world, id);
            second = step(world, id);
            await second;
          }
          return await files.writePart(key, multipart, part, body).catch(() => Promise.reject(new Error('no such upload')));
        },
      },
    }));
    await step(world, id, slow);
    expect(await inspect(world, id, ids)).toEqual(COMPLETE);
  });
});

describe('a cancel', () => {
  it('stops a running step at its next write and leaves nothing behind', async () => {
    const { world } = await bigLog();
    const id = await begin(world);
    let parts = 0;
    const gateways = handDriven(world, ({ files }) => ({
      files: {
        ...files,
        writePart: async (...args) => {
          parts += 1;
          const receipt = await files.writePart(...args);
          if (parts === 1) await world.fetch(`/api/exports/${id}/cancel`, { method: 'POST' });
          return receipt;
        },
      },
    }));
    expect(await step(world, id, gateways)).toBe('done');
    expect(parts).toBeLessThanOrEqual(2);
    expect(await view(world, id)).toMatchObject({ state: 'cancelled' });
    await expect(fileText(world, id)).rejects.toThrow('no file');
    expect(await leftovers(world, id)).toEqual([]);
    expect(await step(world, id)).toBe('done');
    expect((await view(world, id)).state).toBe('cancelled');
  });

  it('between two steps drops what the first one left to the second', async () => {
    const { world } = await bigLog();
    const id = await begin(world);
    await step(world, id, handDriven(world), 0);
    await step(world, id, handDriven(world), 0);
    expect(await leftovers(world, id)).not.toEqual([]);
    expect((await world.fetch(`/api/exports/${id}/cancel`, { method: 'POST' })).status).toBe(204);
    expect(await leftovers(world, id)).toEqual([]);
  });
});

describe('an export that keeps failing', () => {
  it('is tried again, begins anew, and at last says that it failed', async () => {
    const { world } = await bigLog();
    const id = await begin(world);
    const gateways = handDriven(
      world,
      breaking('writePart', 'before', () => true),
    );
    const outcomes = [];
    for (let n = 0; n < 6; n += 1) outcomes.push(await step(world, id, gateways));
    expect(outcomes).toEqual(['try_again', 'try_again', 'try_again', 'try_again', 'try_again', 'failed']);
    expect(await view(world, id)).toMatchObject({ state: 'failed', error: 'server_error' });
  });

  it('recovers by itself when its upload is gone', async () => {
    const { world, ids } = await bigLog();
    const id = await begin(world);
    await stepAndDie(
      world,
      id,
      breaking('writePart', 'after', (n) => n === 1),
    );
    const { done } = (await DB.prepare("SELECT json_extract(checkpoint, '$.done.multipart') AS done FROM exports WHERE id = ?")
      .bind(id)
      .first<{ done: string }>()) ?? { done: '' };
    await world.gateways.files.abortParts(`exports/${world.tenant}/${id}`, done);
    await runToEnd(world, id);
    expect(await inspect(world, id, ids)).toEqual(COMPLETE);
  });
});

describe('one tenant’s exports', () => {
  it('run two at a time; the next one starts when one ends', async () => {
    const { world, ids } = await bigLog();
    const [first, second, third] = [await begin(world), await begin(world), await begin(world)];
    const gateways = handDriven(world);
    expect(await step(world, first, gateways, 0)).toBe('goes_on');
    expect(await step(world, second, gateways, 0)).toBe('goes_on');
    expect(await step(world, third, gateways, 0)).toBe('done');
    expect((await view(world, third)).state).toBe('queued');
    gateways.jobs.length = 0;
    await runToEnd(world, first, gateways);
    expect(gateways.jobs).toContainEqual({ tenant: world.tenant, id: third });
    expect(await step(world, third, gateways)).toBe('done');
    expect(await inspect(world, third, ids)).toEqual(COMPLETE);
    await runToEnd(world, second, gateways);
    expect(await inspect(world, second, ids)).toEqual(COMPLETE);
  });
});
