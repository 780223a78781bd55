/** Rows that wait for something out of the ordinary: another try, or the receipt that must stand in for a lost answer. */
import { rawRows, rows, run } from '../kit/storage';

export interface Retry {
  readonly row: number;
  readonly attempts: number;
  readonly dueAt: number;
  readonly error: string;
}

/** In place of the error of a try: there was none yet. */
const SCHEDULED = 'scheduled';
/** The same, once its time has come and its key was asked again. */
const ADMITTED = 'admitted';

interface Summary {
  /** Rows in the table. */
  readonly rows: number;
  /** Rows that wait (a retry in a chunk waits no longer). */
  readonly waiting: number;
  readonly nextAt: number | null;
}

export class Waits {
  readonly #sql: SqlStorage;
  #retries: Summary | null = null;
  #unanswered: Summary | null = null;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  get retries(): Summary {
    return (this.#retries ??= this.#summary('SELECT count(*) AS rows, count(due_at) AS waiting, min(due_at) AS nextAt FROM retries'));
  }

  get unanswered(): Summary {
    return (this.#unanswered ??= this.#summary('SELECT count(*) AS rows, count(*) AS waiting, min(until) AS nextAt FROM unanswered'));
  }

  #summary(query: string): Summary {
    const [found] = rows<{ rows: number; waiting: number; nextAt: number | null }>(this.#sql, query);
    return found ?? { rows: 0, waiting: 0, nextAt: null };
  }

  /** Tries that have failed so far, of those of `rowNumbers` that had any. */
  attempts(rowNumbers: readonly number[]): Map<number, number> {
    if (this.retries.rows === 0) return new Map();
    const query = 'SELECT row, attempts FROM retries WHERE row IN (SELECT value FROM json_each(?))';
    return new Map(rawRows(this.#sql, query, JSON.stringify(rowNumbers)) as [number, number][]);
  }

  /** Rows that were never sent and wait for their time: what a retry is, without a try. */
  schedule(rowNumbers: readonly number[], dueAt: number): void {
    this.tryAgain(rowNumbers.map((row) => ({ row, attempts: 0, dueAt, error: SCHEDULED })));
  }

  /** @returns whether the row waited for its time until now */
  unschedule(row: number): boolean {
    const gone = run(this.#sql, 'DELETE FROM retries WHERE row = ? AND error = ? AND due_at IS NOT NULL', row, SCHEDULED);
    if (gone > 0) this.#retries = null;
    return gone > 0;
  }

  tryAgain(retries: readonly Retry[]): void {
    if (retries.length === 0) return;
    run(
      this.#sql,
      `INSERT INTO retries SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each(?) WHERE true
       ON CONFLICT (row) DO UPDATE SET attempts = excluded.attempts, due_at = excluded.due_at, error = excluded.error`,
      JSON.stringify(retries.map(({ row, attempts, dueAt, error }) => [row, attempts, dueAt, error])),
    );
    this.#retries = null;
  }

  /** Up to `limit` rows whose time has come, and whose key must be asked whether they still may go. */
  scheduledUntil(now: number, limit: number): number[] {
    const { nextAt } = this.retries;
    if (nextAt === null || nextAt > now) return [];
    const query = 'SELECT row FROM retries WHERE due_at <= ? AND error = ? ORDER BY due_at, row LIMIT ?';
    return rawRows(this.#sql, query, now, SCHEDULED, limit).map(([row]) => row as number);
  }

  /** They may go. */
  admit(rowNumbers: readonly number[]): void {
    run(
      this.#sql,
      'UPDATE retries SET error = ? WHERE error = ? AND row IN (SELECT value FROM json_each(?))',
      ADMITTED,
      SCHEDULED,
      JSON.stringify(rowNumbers),
    );
  }

  /** Rows whose pause is over: many may wait for a time that is far off. */
  countDue(now: number): number {
    return rows<{ due: number }>(this.#sql, 'SELECT count(*) AS due FROM retries WHERE due_at <= ?', now)[0]?.due ?? 0;
  }

  /** Up to `limit` rows whose pause is over and which may go; they wait no longer. */
  takeDue(now: number, limit: number): number[] {
    const { nextAt } = this.retries;
    if (nextAt === null || nextAt > now || limit <= 0) return [];
    const query = 'SELECT row FROM retries WHERE due_at <= ? AND error <> ? ORDER BY due_at, row LIMIT ?';
    const due = rawRows(this.#sql, query, now, SCHEDULED, limit).map(([row]) => row as number);
    run(this.#sql, 'UPDATE retries SET due_at = NULL WHERE row IN (SELECT value FROM json_each(?))', JSON.stringify(due));
    this.#retries = null;
    return due;
  }

  /** Rows that wait for another try. */
  rowsWaiting(): number[] {
    return rawRows(this.#sql, 'SELECT row FROM retries WHERE due_at IS NOT NULL').map(([row]) => row as number);
  }

  /** Their fate is decided. */
  forgetRetries(rowNumbers: readonly number[]): void {
    if (rowNumbers.length === 0 || this.retries.rows === 0) return;
    const gone = run(this.#sql, 'DELETE FROM retries WHERE row IN (SELECT value FROM json_each(?))', JSON.stringify(rowNumbers));
    if (gone > 0) this.#retries = null;
  }

  forgetAllRetries(): void {
    run(this.#sql, 'DELETE FROM retries');
    this.#retries = null;
  }

  /** @param chunk the one whose answer was lost */
  awaitReceipts(rowNumbers: readonly number[], until: number, chunk: number): void {
    if (rowNumbers.length === 0) return;
    run(
      this.#sql,
      'INSERT INTO unanswered (row, until, chunk) SELECT value, ?, ? FROM json_each(?) WHERE true ON CONFLICT (row) DO NOTHING',
      until,
      chunk,
      JSON.stringify(rowNumbers),
    );
    this.#unanswered = null;
  }

  /** Those of `rowNumbers` that wait for the receipt of another chunk than this one. */
  awaitedElsewhere(rowNumbers: readonly number[], chunk: number): ReadonlySet<number> {
    if (this.unanswered.rows === 0) return new Set();
    const query = 'SELECT row FROM unanswered WHERE chunk <> ? AND row IN (SELECT value FROM json_each(?))';
    return new Set(rawRows(this.#sql, query, chunk, JSON.stringify(rowNumbers)).map(([row]) => row as number));
  }

  stopAwaiting(rowNumbers: readonly number[]): void {
    if (rowNumbers.length === 0 || this.unanswered.rows === 0) return;
    const gone = run(this.#sql, 'DELETE FROM unanswered WHERE row IN (SELECT value FROM json_each(?))', JSON.stringify(rowNumbers));
    if (gone > 0) this.#unanswered = null;
  }

  /** Rows that waited long enough for the receipt of a lost answer. */
  overdue(now: number, limit: number): number[] {
    const { nextAt } = this.unanswered;
    if (nextAt === null || nextAt > now) return [];
    return rawRows(this.#sql, 'SELECT row FROM unanswered WHERE until <= ? LIMIT ?', now, limit).map(([row]) => row as number);
  }
}
