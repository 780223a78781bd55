import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Iso2, KeyId, ShardNumber } from '../../schema/ids';
import { encodeMessageId } from '../../schema/message-id';
import type { LogRow } from '../../schema/protocol/message-shard';
import { mergePage } from '../../workers/messages/search-merge';
import type { LogSegment, LogSource } from '../../workers/messages/search-source';
import { decodeLogCursor, encodeLogCursor, newerFirst, type LogPosition } from '../../workers/rules/log-cursor';

interface Shard {
  readonly shard: number;
  /** Times of its rows 1, 2, 3 …, never decreasing. */
  readonly times: number[];
  /** What is thought of their number beforehand, right or wrong. */
  readonly likelyRows?: number | null;
}

const rowAt = (shard: number, row: number, receivedAt: number): LogRow => ({
  id: encodeMessageId(shard as ShardNumber, row),
  task: null,
  taskName: null,
  key: 'JM' as KeyId,
  kind: 'marketing',
  receivedAt,
  submittedAt: null,
  finalAt: null,
  country: 'CN' as Iso2,
  from: 'JINMU',
  to: '8613800138000',
  state: 'accepted',
  error: null,
  network: null,
  parts: 1,
  priceMicros: 1,
  body: '',
  ref: null,
});

/** A log in memory that answers as shards do, and counts how often each is asked. */
class MemoryLog implements LogSource {
  asked = 0;
  constructor(readonly shards: readonly Shard[]) {}

  async *newest(_filter: unknown, before: LogPosition | null): AsyncGenerator<LogSegment> {
    const segments = this.shards.map((one) => this.#segment(one));
    segments.sort((a, b) => b.untilAt - a.untilAt || b.shard - a.shard);
    for (const segment of segments) if (before === null || segment.startedAt <= before.receivedAt) yield segment;
  }

  oldest(): AsyncGenerator<LogSegment> {
    throw new Error('not asked for');
  }

  #segment({ shard, times, likelyRows = null }: Shard): LogSegment {
    return {
      shard: shard as ShardNumber,
      startedAt: times[0] ?? 0,
      untilAt: times.at(-1) ?? 0,
      likelyRows,
      page: async (before, limit) => {
        this.asked += 1;
        const all = times.map((receivedAt, index) => ({ receivedAt, shard: shard as ShardNumber, row: index + 1 }));
        const below = all.filter((at) => before === null || newerFirst(before, at) < 0);
        return below
          .toReversed()
          .slice(0, limit)
          .map((at) => rowAt(shard, at.row, at.receivedAt));
      },
      rows: () => Promise.reject(new Error('not asked for')),
      lines: () => Promise.reject(new Error('not asked for')),
      rowsAtMost: async () => times.length,
    };
  }
}

const NEVER = Number.MAX_SAFE_INTEGER;

async function readAll(log: LogSource, limit: number, deadlineAt = NEVER): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < 2_000; page += 1) {
    const { rows, next } = await mergePage(log, {}, cursor === null ? null : decodeLogCursor(cursor), limit, deadlineAt);
    expect(rows.length).toBeLessThanOrEqual(limit);
    ids.push(...rows.map(({ id }) => id));
    if (!next) return ids;
    cursor = encodeLogCursor(next);
  }
  throw new Error('no end');
}

const inOrder = (shards: readonly Shard[]): string[] =>
  shards
    .flatMap(({ shard, times }) => times.map((receivedAt, index) => ({ receivedAt, shard: shard as ShardNumber, row: index + 1 })))
    .toSorted(newerFirst)
    .map(({ shard, row }) => encodeMessageId(shard, row));

const logs = fc
  .array(fc.tuple(fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 12 }), fc.option(fc.nat(20))), { maxLength: 20 })
  .map((all) => all.map(([times, likelyRows], index) => ({ shard: index + 1, times: times.toSorted((a, b) => a - b), likelyRows })));

describe('pages of the log', () => {
  it('show every message once, newest first, whatever the shards and the page size', async () => {
    await fc.assert(
      fc.asyncProperty(logs, fc.integer({ min: 1, max: 9 }), async (shards, limit) => {
        expect(await readAll(new MemoryLog(shards), limit)).toEqual(inOrder(shards));
      }),
    );
  });

  it('show the same when each page runs out of time', async () => {
    await fc.assert(
      fc.asyncProperty(logs, fc.integer({ min: 1, max: 9 }), async (shards, limit) => {
        expect(await readAll(new MemoryLog(shards), limit, 0)).toEqual(inOrder(shards));
      }),
    );
  });

  it('stay where they are while new messages arrive', async () => {
    await fc.assert(
      fc.asyncProperty(logs, fc.array(fc.integer({ min: 0, max: 19 }), { maxLength: 10 }), async (shards, arrivals) => {
        const log = new MemoryLog(shards);
        const seen: string[] = [];
        let before: LogPosition | null = null;
        const expected = inOrder(shards);
        for (;;) {
          const page: { rows: readonly LogRow[]; next: LogPosition | null } = await mergePage(log, {}, before, 3, NEVER);
          seen.push(...page.rows.map(({ id }) => id));
          before = page.next;
          if (!before) break;
          const arrival = arrivals.pop();
          if (arrival !== undefined) shards[arrival]?.times.push(100);
        }
        expect(seen).toEqual(expected);
      }),
    );
  });

  it('ask no more shards than can contribute', async () => {
    const shards = Array.from({ length: 1_000 }, (_, index) => ({ shard: index + 1, times: Array.from({ length: 60 }, () => index) }));
    const log = new MemoryLog(shards);
    await mergePage(log, {}, null, 50, NEVER);
    expect(log.asked).toBeLessThanOrEqual(2);
  });

  it('ask at once as many shards as are likely to fill the page', async () => {
    const shards = Array.from({ length: 1_000 }, (_, index) => ({ shard: index + 1, times: [index], likelyRows: 1 }));
    const log = new MemoryLog(shards);
    expect((await mergePage(log, {}, null, 40, NEVER)).rows).toHaveLength(40);
    expect(log.asked).toBe(40);
  });
});
