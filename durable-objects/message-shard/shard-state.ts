/**
 * What a shard keeps in memory between calls: small mirrors of its tables, changed only inside a transaction and thrown away when one
 * fails. Everything here can be read again from the storage.
 */
import type { ShardSettings } from '../../schema/protocol/message-shard';
import { rows, run } from '../kit/storage';
import { Announcements } from './announcements';
import { Archive } from './archive';
import { Chunks } from './chunks';
import type { NumberSet } from './number-set';
import { RowClasses } from './row-classes';
import { Tallies } from './tallies';
import { Waits } from './waits';

/**
 * new → accepting (a task's rows come in) → running ⇄ paused → stopping (cancelling in slices) → stopped. API shards run from the
 * start. A discarded shard keeps only this word. Whatever is over and quiet is sealed: sealing (its rows are being written to a file) → sealed.
 */
export type Phase = 'new' | 'accepting' | 'running' | 'paused' | 'stopping' | 'stopped' | 'discarded' | 'sealing' | 'sealed';

export interface Progress {
  phase: Phase;
  /** First start, ms UTC: when a task's rows count as received. */
  startedAt: number | null;
  /** Rows up to this one were released at least once. */
  releasedTo: number;
  /** Of a task: rows up to this one were held against the mainland frequency caps. */
  judgedTo: number;
  nextChunk: number;
  /** Changes of phase: part of the version of the totals. */
  turns: number;
  /** Version that TaskRun has. */
  reported: number;
  /** Version that D1 has. */
  written: number;
  /** Version that the ledger has. */
  settled: number;
  /** Where a walk through all rows (cancelling, expiring) goes on; null = none under way. */
  walkAfter: number | null;
  /** When submitted rows are looked through for those that waited too long; null = nothing waits. */
  expireAt: number | null;
}

interface StoredProgress extends Record<string, SqlStorageValue> {
  phase: Phase;
  started_at: number | null;
  released_to: number;
  judged_to: number;
  next_chunk: number;
  turns: number;
  reported: number;
  written: number;
  settled: number;
  walk_after: number | null;
  expire_at: number | null;
}

function loadProgress(sql: SqlStorage): Progress {
  const [found] = rows<StoredProgress>(sql, 'SELECT * FROM progress');
  if (!found) throw new Error('a shard without progress');
  return {
    phase: found.phase,
    startedAt: found.started_at,
    releasedTo: found.released_to,
    judgedTo: found.judged_to,
    nextChunk: found.next_chunk,
    turns: found.turns,
    reported: found.reported,
    written: found.written,
    settled: found.settled,
    walkAfter: found.walk_after,
    expireAt: found.expire_at,
  };
}

function loadSettings(sql: SqlStorage): ShardSettings | null {
  const [found] = rows<{ body: string }>(sql, 'SELECT body FROM settings');
  return found ? (JSON.parse(found.body) as ShardSettings) : null;
}

export class ShardState {
  readonly sql: SqlStorage;
  settings: ShardSettings | null;
  readonly classes: RowClasses;
  readonly tallies: Tallies;
  readonly chunks: Chunks;
  readonly waits: Waits;
  readonly announcements: Announcements;
  readonly archive: Archive;
  /** Number of the last row; rows are numbered from 1 without gaps. */
  lastRow: number;
  /** Recipients of a task, built when a range comes in; let go when none came for a while, and when the task starts. */
  recipients: NumberSet | null = null;
  /** When the newest API row was accepted: rows of a shard stand in order of time. */
  lastAcceptedAt: number;
  readonly #progress: Progress;
  #progressChanged = false;
  #changedAt: number | null = null;

  constructor(sql: SqlStorage) {
    this.sql = sql;
    this.settings = loadSettings(sql);
    this.#progress = loadProgress(sql);
    this.classes = new RowClasses(sql);
    this.tallies = new Tallies(sql, this.classes);
    this.chunks = new Chunks(sql);
    this.waits = new Waits(sql);
    this.announcements = new Announcements(sql);
    this.archive = new Archive(sql);
    const [last] = rows<{ row: number; accepted_at: number | null }>(
      sql,
      'SELECT row, accepted_at FROM messages ORDER BY row DESC LIMIT 1',
    );
    // A sealed shard keeps few of its rows.
    this.lastRow = Math.max(last?.row ?? 0, this.archive.rows);
    this.lastAcceptedAt = last?.accepted_at ?? 0;
  }

  get progress(): Readonly<Progress> {
    return this.#progress;
  }

  advance(change: Partial<Progress>): void {
    Object.assign(this.#progress, change);
    this.#progressChanged = true;
  }

  turn(phase: Phase): void {
    if (phase === this.#progress.phase) return;
    this.advance({ phase, turns: this.#progress.turns + 1 });
  }

  /** Grows with every change that totals show. */
  get version(): number {
    return this.tallies.changes + this.#progress.turns;
  }

  /** When a row changed last, ms UTC; what an earlier life of the object saw stands in the rows. */
  get changedAt(): number {
    if (this.#changedAt === null) {
      const [found] = rows<{ at: number | null }>(
        this.sql,
        'SELECT max(coalesce(final_at, submitted_at, accepted_at)) AS at FROM messages',
      );
      this.#changedAt = found?.at ?? this.progress.startedAt ?? 0;
    }
    return this.#changedAt;
  }

  /** Last thing in each transaction: every table that changed is written once. */
  save(): void {
    if (this.tallies.save()) this.#changedAt = Date.now();
    if (!this.#progressChanged) return;
    const { phase, startedAt, releasedTo, judgedTo, nextChunk, turns, reported, written, settled, walkAfter, expireAt } = this.#progress;
    run(
      this.sql,
      `UPDATE progress SET phase = ?, started_at = ?, released_to = ?, judged_to = ?, next_chunk = ?, turns = ?, reported = ?, written = ?, settled = ?,
         walk_after = ?, expire_at = ?`,
      phase,
      startedAt,
      releasedTo,
      judgedTo,
      nextChunk,
      turns,
      reported,
      written,
      settled,
      walkAfter,
      expireAt,
    );
    this.#progressChanged = false;
  }
}
