/** The one record of a TaskRun, and its tables of ranges and shards. Everything here is synchronous: a change is one transaction. */
import type { ShardNumber } from '../../schema/ids';
import type { CheckPlan, PlannedRange, RangeResult, SourceFile, TaskSettings, TaskSnapshot } from '../../schema/protocol/task-run';
import type { TaskState } from '../../schema/states';
import { migrate, rawRows, rows, run, type StorageStep } from '../kit/storage';
import { NO_ROWS } from './totals';

export interface CheckRecord {
  readonly phase: TaskSnapshot['check']['phase'];
  readonly bytesDone: number;
  readonly bytesTotal: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  /** When unpack or split was queued or last said something. */
  readonly heardAt: number;
  /** Somebody has taken unpack or split from the queue. Absent: nobody yet. */
  readonly begun?: boolean;
  /** How often unpack or split was begun and then fell silent, since it last said anything. */
  readonly retries?: number;
  readonly source: SourceFile | null;
  readonly scanner: string | null;
  /** Found so far; and read so far. */
  readonly ranges: number;
  readonly rangesDone: number;
  readonly columns: readonly string[];
  readonly hasHeader: boolean;
  readonly prices: Readonly<Record<string, number>>;
  /** Absent in a record from before they were kept, as are the countries. */
  readonly mainlandClosed?: boolean;
  readonly countries?: CheckPlan['countries'];
  readonly totals: RangeResult;
}

export interface RunRecord {
  readonly settings: TaskSettings;
  readonly state: TaskState;
  readonly revision: number;
  readonly refusal: TaskSnapshot['refusal'];
  /** Absent: none. */
  readonly hindrance?: TaskSnapshot['hindrance'];
  readonly startsAt: number | null;
  readonly confirmedAt: number | null;
  readonly startedAt: number | null;
  /** Absent in records from before it was kept. */
  readonly submittedAt?: number | null;
  readonly endedAt: number | null;
  /** Its shards are marked as part of the log. */
  readonly marked: boolean;
  readonly check: CheckRecord;
  /** Of the row in D1: grows with everything a list shows. */
  readonly version: number;
  readonly publishedVersion: number;
}

export const NO_CHECK: CheckRecord = {
  phase: 'none',
  bytesDone: 0,
  bytesTotal: 0,
  startedAt: null,
  finishedAt: null,
  heardAt: 0,
  source: null,
  scanner: null,
  ranges: 0,
  rangesDone: 0,
  columns: [],
  hasHeader: false,
  prices: {},
  totals: NO_ROWS,
};

/** A draft, before anything became of it; D1 does not know it yet. */
export const newRecord = (settings: TaskSettings): RunRecord => ({
  settings,
  state: 'draft',
  revision: 1,
  refusal: null,
  startsAt: null,
  confirmedAt: null,
  startedAt: null,
  endedAt: null,
  marked: false,
  check: NO_CHECK,
  version: 1,
  publishedVersion: 0,
});

/** Append only. */
export const STEPS: readonly StorageStep[] = [
  (sql) => {
    sql.exec('CREATE TABLE run (one INTEGER PRIMARY KEY CHECK (one = 1), record TEXT NOT NULL)');
    // queued_at: null = planned, 0 … = waits in the queue since; done ranges leave the index of open ones.
    sql.exec(
      `CREATE TABLE ranges (n INTEGER PRIMARY KEY, start INTEGER NOT NULL, "end" INTEGER NOT NULL, first_line INTEGER NOT NULL, lines INTEGER NOT NULL,
        queued_at INTEGER, done INTEGER NOT NULL DEFAULT 0)`,
    );
    sql.exec('CREATE INDEX ranges_open ON ranges (queued_at, n) WHERE done = 0');
    sql.exec(
      `CREATE TABLE shards (n INTEGER PRIMARY KEY, active INTEGER NOT NULL DEFAULT 0, done INTEGER NOT NULL DEFAULT 0, told TEXT,
        heard_at INTEGER NOT NULL DEFAULT 0, version INTEGER NOT NULL DEFAULT -1, totals TEXT)`,
    );
    // What others must still be told; a row goes when they know.
    sql.exec('CREATE TABLE discards (shard INTEGER PRIMARY KEY)');
    sql.exec('CREATE TABLE settlements (reference TEXT PRIMARY KEY, micros INTEGER NOT NULL) WITHOUT ROWID');
    sql.exec('CREATE TABLE stale_revisions (revision INTEGER PRIMARY KEY)');
  },
  (sql) => {
    sql.exec('ALTER TABLE ranges ADD COLUMN retries INTEGER NOT NULL DEFAULT 0');
  },
  (sql) => {
    // Nothing left to send, though receipts may be missing: another shard may take its place in the window.
    sql.exec('ALTER TABLE shards ADD COLUMN sent INTEGER NOT NULL DEFAULT 0');
    sql.exec(
      `UPDATE shards SET sent = 1 WHERE totals IS NOT NULL
        AND coalesce(totals ->> '$.byState.accepted', 0) + coalesce(totals ->> '$.byState.queued', 0) = 0`,
    );
  },
  (sql) => {
    // When somebody took the range from the queue; NULL: nobody yet. retries counts what was begun and fell silent.
    sql.exec('ALTER TABLE ranges ADD COLUMN begun_at INTEGER');
  },
];

export interface OpenRange {
  readonly n: number;
  readonly start: number;
  readonly end: number;
}

export class RunStore {
  readonly #storage: DurableObjectStorage;
  readonly sql: SqlStorage;
  #record: RunRecord | null;

  constructor(storage: DurableObjectStorage) {
    migrate(storage, STEPS);
    this.#storage = storage;
    this.sql = storage.sql;
    const [found] = rows<{ record: string }>(this.sql, 'SELECT record FROM run');
    this.#record = found ? (JSON.parse(found.record) as RunRecord) : null;
  }

  get record(): RunRecord | null {
    return this.#record;
  }

  /** All of `change` or nothing of it, in memory as well as on disk. */
  transaction<Result>(change: () => Result): Result {
    const before = this.#record;
    try {
      return this.#storage.transactionSync(change);
    } catch (thrown) {
      this.#record = before;
      throw thrown;
    }
  }

  write(record: RunRecord): RunRecord {
    run(this.sql, 'INSERT INTO run VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET record = excluded.record', JSON.stringify(record));
    this.#record = record;
    return record;
  }

  /** Writes what a list shows: D1 hears of it. */
  change(record: RunRecord, changes: Partial<RunRecord>): RunRecord {
    return this.write({ ...record, ...changes, version: record.version + 1 });
  }

  addRanges(from: number, ranges: readonly PlannedRange[]): void {
    const packed = ranges.map(({ start, end, firstLine, lines }, at) => [from + at, start, end, firstLine, lines]);
    run(
      this.sql,
      `INSERT INTO ranges (n, start, "end", first_line, lines)
        SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4 FROM json_each(?)`,
      JSON.stringify(packed),
    );
  }

  range(n: number): (PlannedRange & { readonly done: boolean }) | null {
    const [found] = rows<{ start: number; end: number; firstLine: number; lines: number; done: number }>(
      this.sql,
      'SELECT start, "end", first_line AS firstLine, lines, done FROM ranges WHERE n = ?',
      n,
    );
    return found ? { ...found, done: found.done === 1 } : null;
  }

  /** @returns false when it had come back before. */
  finishRange(n: number): boolean {
    return run(this.sql, 'UPDATE ranges SET done = 1 WHERE n = ? AND done = 0', n) > 0;
  }

  /** Takes up to as many planned ranges as the window has room for. */
  takeRanges(window: number, now: number): readonly OpenRange[] {
    const waiting = rows<{ waiting: number }>(this.sql, 'SELECT COUNT(*) AS waiting FROM ranges WHERE done = 0 AND queued_at IS NOT NULL');
    const room = window - (waiting[0]?.waiting ?? 0);
    if (room <= 0) return [];
    return rows<{ n: number; start: number; end: number }>(
      this.sql,
      `UPDATE ranges SET queued_at = ? WHERE n IN (SELECT n FROM ranges WHERE done = 0 AND queued_at IS NULL ORDER BY n LIMIT ?)
        RETURNING n, start, "end"`,
      now,
      room,
    );
  }

  /** Somebody took it from the queue. */
  beginRange(n: number, now: number): void {
    run(this.sql, 'UPDATE ranges SET begun_at = ? WHERE n = ?', now, n);
  }

  /** Takes those once more that were begun before `begunBefore`, or queued before `queuedBefore` and not begun. */
  retakeRanges(begunBefore: number, queuedBefore: number, now: number): readonly OpenRange[] {
    return rows<{ n: number; start: number; end: number }>(
      this.sql,
      `UPDATE ranges SET queued_at = ?, begun_at = NULL, retries = retries + (begun_at IS NOT NULL)
        WHERE done = 0 AND queued_at IS NOT NULL AND CASE WHEN begun_at IS NULL THEN queued_at <= ? ELSE begun_at <= ? END
        RETURNING n, start, "end"`,
      now,
      queuedBefore,
      begunBefore,
    );
  }

  /** How often the range that was begun most often fell silent. */
  mostRetries(): number {
    return rows<{ most: number | null }>(this.sql, 'SELECT MAX(retries) AS most FROM ranges WHERE done = 0')[0]?.most ?? 0;
  }

  /** They did not get into the queue after all. */
  untakeRanges(taken: readonly OpenRange[]): void {
    run(
      this.sql,
      'UPDATE ranges SET queued_at = NULL WHERE done = 0 AND n IN (SELECT value FROM json_each(?))',
      JSON.stringify(taken.map(({ n }) => n)),
    );
  }

  /** Forgets the check of one revision, and remembers what others must forget. */
  dropCheck(tenantReference: string, revision: number): void {
    run(this.sql, 'INSERT OR IGNORE INTO discards SELECT n FROM shards');
    run(this.sql, 'DELETE FROM shards');
    run(this.sql, 'DELETE FROM ranges');
    run(this.sql, 'INSERT OR IGNORE INTO stale_revisions VALUES (?)', revision);
    this.addSettlement(tenantReference, 0);
  }

  addShards(shards: readonly ShardNumber[]): void {
    run(this.sql, 'INSERT OR IGNORE INTO shards (n) SELECT value FROM json_each(?)', JSON.stringify(shards));
  }

  shards(): ShardNumber[] {
    return rawRows(this.sql, 'SELECT n FROM shards ORDER BY n').map(([n]) => n as ShardNumber);
  }

  addSettlement(reference: string, micros: number): void {
    run(
      this.sql,
      'INSERT INTO settlements VALUES (?, ?) ON CONFLICT (reference) DO UPDATE SET micros = excluded.micros',
      reference,
      micros,
    );
  }
}
