/** The check's book-keeping, over the real storage of an object and a queue that only remembers. */
import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { FileCheck } from '../../durable-objects/task-run/file-check';
import { newRecord, RunStore, STEPS } from '../../durable-objects/task-run/record';
import { NO_ROWS } from '../../durable-objects/task-run/totals';
import { migrate } from '../../durable-objects/kit/storage';
import type { Env } from '../../schema/env';
import type { CarrierAccountId, KeyId, ShardNumber, TaskId, TenantId, UploadId, UserId } from '../../schema/ids';
import type { CheckJob } from '../../schema/jobs';
import { CHECK_STEP_TRIES, RANGES_IN_FLIGHT, RANGE_STUCK_MS, RANGE_UNBEGUN_MS } from '../../schema/limits';
import type { RangeResult } from '../../schema/protocol/task-run';

const NOW = 1_790_000_000_000;
const settings = {
  task: 'T-AAAAA-AAAAA' as TaskId,
  tenant: 'tn_1' as TenantId,
  createdBy: 'us_1' as UserId,
  createdAt: NOW,
  carrierAccount: 'ca_1' as CarrierAccountId,
  test: false,
  name: 'n',
  sender: 'JINMU',
  text: 't',
  textType: 'auto' as const,
  key: 'JM1' as KeyId,
  upload: 'up_1' as UploadId,
  checkNumbers: true,
  callbackUrl: null,
};
const result = (rows: number): RangeResult => ({
  ...NO_ROWS,
  rows,
  valid: rows,
  byCountry: { CN: { messages: rows, parts: rows, costMicros: rows } },
});
const ranges = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ start: n * 10, end: n * 10 + 10, firstLine: n + 1, lines: 1 }));

interface Bench {
  readonly store: RunStore;
  readonly check: FileCheck;
  readonly sent: CheckJob[];
  /** As after a crash: nothing but the storage is left. */
  again(): FileCheck;
  failNext(): void;
}
let objects = 0;

/** A store on the storage of a TaskRun of its own, with a task in it whose file is about to be cut. */
async function onStorage(use: (bench: Bench) => Promise<void>): Promise<void> {
  const stub = (env as unknown as Env).TASK_RUN.getByName(`check-${objects++}`);
  await runInDurableObject(stub, async (_instance, state) => {
    const sent: CheckJob[] = [];
    let fails = 0;
    const queues = {
      checks: async (jobs: readonly CheckJob[]): Promise<void> => {
        if (fails-- > 0) throw new Error('the queue is away');
        sent.push(...jobs);
      },
    };
    const store = new RunStore(state.storage);
    store.write({ ...newRecord(settings), publishedVersion: 1 });
    const check = new FileCheck(store, queues);
    await use({ store, check, sent, again: () => new FileCheck(new RunStore(state.storage), queues), failNext: () => void (fails = 1) });
  });
}

const source = { key: 'k', size: 1_000, encoding: 'utf-8' as const, bomLength: 0, delimiter: ',' };
const found = { columns: ['a'], hasHeader: false, prices: {}, mainlandClosed: false, countries: null };
/** Up to the moment where ranges are read. */
async function split({ store, check }: Pick<Bench, 'store' | 'check'>, count: number): Promise<void> {
  if (store.record) await check.begin(store.record, NOW);
  await check.unpacked(1, source, NOW);
  check.rangesFound(1, 0, ranges(count), 'scan', NOW);
  await check.splitDone(1, found, [1 as ShardNumber], NOW);
}

describe('the check of a task', () => {
  it('keeps a window of ranges in the queue and adds each result once', () =>
    onStorage(async ({ store, check, sent }) => {
      await split({ store, check }, 40);
      const queued = () => sent.filter((job) => job.step === 'range').map((job) => job.range);
      expect(queued()).toHaveLength(RANGES_IN_FLIGHT);
      expect(await check.rangeDone(1, 3, result(5), NOW)).toBe(false);
      await check.rangeDone(1, 3, result(5), NOW);
      expect(queued()).toHaveLength(RANGES_IN_FLIGHT + 1);
      expect(store.record?.check.totals).toMatchObject({ rows: 5, byCountry: { CN: { messages: 5 } } });
      for (let n = 0; n < 40; n++) await check.rangeDone(1, n, result(5), NOW);
      expect(queued().toSorted((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, n) => n));
      expect(store.record).toMatchObject({ state: 'checked', check: { phase: 'done', totals: { rows: 200 } } });
    }));

  it('adds nothing when the split reports the same ranges twice', () =>
    onStorage(async ({ store, check }) => {
      if (store.record) await check.begin(store.record, NOW);
      await check.unpacked(1, source, NOW);
      check.rangesFound(1, 0, ranges(2), 'a', NOW);
      check.rangesFound(1, 0, ranges(2), 'b', NOW);
      expect(check.checkpoint(1)).toEqual({ scanner: 'a', ranges: 2 });
    }));

  it('gives no plan for a range that came back, or for content that was edited', () =>
    onStorage(async ({ store, check }) => {
      await split({ store, check }, 2);
      expect(check.plan(1, 0, NOW)).toMatchObject({ range: { start: 0, end: 10, firstLine: 1 }, shards: [1] });
      await check.rangeDone(1, 0, result(1), NOW);
      expect(check.plan(1, 0, NOW)).toBeNull();
      expect(check.plan(1, 9, NOW)).toBeNull();
      expect(check.plan(2, 1, NOW)).toBeNull();
      await check.rangeDone(2, 1, result(1), NOW);
      expect(store.record?.state).toBe('checking');
    }));

  it('queues again what has not come back for too long, and nothing earlier', () =>
    onStorage(async ({ store, check, sent }) => {
      await split({ store, check }, 2);
      check.plan(1, 0, NOW);
      check.plan(1, 1, NOW);
      sent.length = 0;
      await check.requeueStuck(NOW + RANGE_STUCK_MS - 1);
      expect(sent).toEqual([]);
      await check.rangeDone(1, 0, result(1), NOW);
      await check.requeueStuck(NOW + RANGE_STUCK_MS);
      expect(sent).toMatchObject([{ step: 'range', range: 1 }]);
    }));

  it('waits patiently for a long queue: what nobody has begun is queued again seldom, and is no failed try', () =>
    onStorage(async ({ store, check, sent }) => {
      await split({ store, check }, 2);
      sent.length = 0;
      await check.requeueStuck(NOW + RANGE_UNBEGUN_MS - 1);
      expect(sent).toEqual([]);
      for (let n = 1; n <= CHECK_STEP_TRIES + 1; n++) await check.requeueStuck(NOW + n * RANGE_UNBEGUN_MS);
      expect(sent).toHaveLength(2 * (CHECK_STEP_TRIES + 1));
      expect(store.record?.state).toBe('checking');
    }));

  it('waits as patiently for its first steps', () =>
    onStorage(async ({ store, check, sent }) => {
      if (store.record) await check.begin(store.record, NOW);
      sent.length = 0;
      for (let n = 1; n <= CHECK_STEP_TRIES + 1; n++) await check.requeueStuck(NOW + n * RANGE_UNBEGUN_MS);
      expect(sent).toHaveLength(CHECK_STEP_TRIES + 1);
      expect(store.record?.state).toBe('checking');
    }));

  it('queues everything again at once after a crash, which may have taken the queue with it', () =>
    onStorage(async ({ store, check, sent, again }) => {
      await split({ store, check }, 3);
      sent.length = 0;
      await again().requeueStuck(NOW + 1);
      expect(sent.map((job) => job.step)).toEqual(['range', 'range', 'range']);
    }));

  it('queues a split again that fell silent, but not one that speaks', () =>
    onStorage(async ({ store, check, sent }) => {
      if (store.record) await check.begin(store.record, NOW);
      await check.unpacked(1, source, NOW);
      check.plan(1, undefined, NOW);
      sent.length = 0;
      check.progress(1, 'splitting', 5, 10, NOW + RANGE_STUCK_MS);
      await check.requeueStuck(NOW + RANGE_STUCK_MS + 1);
      expect(sent).toEqual([]);
      await check.requeueStuck(NOW + 2 * RANGE_STUCK_MS);
      expect(sent).toMatchObject([{ step: 'split', revision: 1 }]);
    }));

  it('loses no range when the queue is away', () =>
    onStorage(async ({ store, check, sent, failNext }) => {
      if (store.record) await check.begin(store.record, NOW);
      await check.unpacked(1, source, NOW);
      check.rangesFound(1, 0, ranges(2), 'scan', NOW);
      failNext();
      sent.length = 0;
      await expect(check.splitDone(1, found, [1 as ShardNumber], NOW)).rejects.toThrow('the queue is away');
      await check.requeueStuck(NOW + 10);
      expect(sent.map((job) => job.step)).toEqual(['range', 'range']);
    }));

  it('gives up after many tries, instead of trying for ever', () =>
    onStorage(async ({ store, check }) => {
      await split({ store, check }, 1);
      for (let n = 0; n <= CHECK_STEP_TRIES; n++) {
        check.plan(1, 0, NOW + n * RANGE_STUCK_MS);
        await check.requeueStuck(NOW + (n + 1) * RANGE_STUCK_MS);
      }
      expect(store.record).toMatchObject({ state: 'refused', refusal: { code: 'server_error' } });
    }));

  it('refuses a file in which no row is left', () =>
    onStorage(async ({ store, check }) => {
      await split({ store, check }, 1);
      await check.rangeDone(1, 0, NO_ROWS, NOW);
      expect(store.record).toMatchObject({ state: 'refused', refusal: { code: 'file_empty' } });
    }));
});

describe('the storage of a task', () => {
  it.each(STEPS.map((_, at) => at))('of shape %i becomes the newest one, and keeps what it held', async (shape) => {
    const stub = (env as unknown as Env).TASK_RUN.getByName(`shape-${shape}`);
    await runInDurableObject(stub, async (_instance, state) => {
      await state.storage.deleteAll();
      migrate(state.storage, STEPS.slice(0, shape + 1));
      state.storage.sql.exec('INSERT INTO ranges (n, start, "end", first_line, lines) VALUES (0, 0, 10, 1, 2)');
      const store = new RunStore(state.storage);
      expect(store.range(0)).toMatchObject({ start: 0, end: 10, firstLine: 1, lines: 2, done: false });
      expect(store.mostRetries()).toBe(0);
    });
  });
});
