/**
 * One per tenant: the balance and what is held of it. An object, because a reservation must see every other one of the tenant
 * and no two may spend the same euro. An eviction loses nothing: every entry is a row before its call returns.
 */
import { DurableObject } from 'cloudflare:workers';
import type { Env } from '../schema/env';
import type { ShardNumber } from '../schema/ids';
import { HOLD_LIFETIME_MS } from '../schema/limits';
import type { LedgerEntry, TenantLedgerApi } from '../schema/protocol/objects';
import { shardReference } from '../schema/storage-keys';
import { migrate, rows, run, type StorageStep } from './kit/storage';

const STEPS: readonly StorageStep[] = [
  (sql) => {
    sql.exec('CREATE TABLE account (one INTEGER PRIMARY KEY CHECK (one = 1), balance INTEGER NOT NULL)');
    sql.exec('INSERT INTO account VALUES (1, 0)');
    sql.exec('CREATE TABLE reservations (reference TEXT PRIMARY KEY, micros INTEGER NOT NULL) WITHOUT ROWID');
    sql.exec(
      'CREATE TABLE entries (n INTEGER PRIMARY KEY, reference TEXT NOT NULL, kind TEXT NOT NULL, micros INTEGER NOT NULL, at INTEGER NOT NULL)',
    );
    sql.exec('CREATE INDEX entries_reference ON entries (reference, kind)');
  },
  (sql) => {
    // Requests of the API on their way into a shard, and what each shard's messages cost so far.
    sql.exec('CREATE TABLE holds (reference TEXT PRIMARY KEY, micros INTEGER NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID');
    sql.exec('CREATE TABLE shards (shard INTEGER PRIMARY KEY, version INTEGER NOT NULL, micros INTEGER NOT NULL, entry INTEGER NOT NULL)');
  },
  // How far below zero the balance may go.
  (sql) => void sql.exec('ALTER TABLE account ADD COLUMN credit INTEGER NOT NULL DEFAULT 0'),
];

/** Holds without a shard are looked for no more often than this. */
const TIDY_EVERY_MS = 10 * 60 * 1_000;

export class TenantLedger extends DurableObject<Env> implements TenantLedgerApi {
  readonly #sql: SqlStorage;
  /** Sum of `holds`, so that a request need not add them up; null = to be read. */
  #heldForRequests: number | null = null;
  #tidiedAt = 0;

  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    migrate(state.storage, STEPS);
    this.#sql = state.storage.sql;
  }

  async balance(): Promise<{ balanceMicros: number; reservedMicros: number; availableMicros: number }> {
    return this.#balance();
  }

  async topUp(reference: string, micros: number): Promise<boolean> {
    refuseFractions(micros);
    return this.ctx.storage.transactionSync(() => {
      if (this.#hasEntry(reference, 'top_up')) return false;
      this.#write(reference, 'top_up', micros);
      run(this.#sql, 'UPDATE account SET balance = balance + ?', micros);
      return true;
    });
  }

  async setCredit(micros: number): Promise<void> {
    refuseFractions(micros);
    run(this.#sql, 'UPDATE account SET credit = ?', micros);
  }

  async reserve(reference: string, micros: number): Promise<{ ok: true } | { ok: false; availableMicros: number }> {
    refuseFractions(micros);
    return this.ctx.storage.transactionSync(() => {
      const held = this.#held(reference);
      if (held === micros) return { ok: true };
      // Spent already: a late repeat must not hold the money a second time.
      if (held === null && this.#isSpent(reference)) return { ok: true };
      const availableMicros = this.#balance().availableMicros + (held ?? 0);
      if (micros > availableMicros) return { ok: false, availableMicros };
      run(
        this.#sql,
        'INSERT INTO reservations VALUES (?, ?) ON CONFLICT (reference) DO UPDATE SET micros = excluded.micros',
        reference,
        micros,
      );
      this.#write(reference, 'reserve', micros);
      return { ok: true };
    });
  }

  async settle(reference: string, micros: number): Promise<void> {
    refuseFractions(micros);
    this.ctx.storage.transactionSync(() => {
      if (this.#held(reference) === null) return;
      run(this.#sql, 'DELETE FROM reservations WHERE reference = ?', reference);
      run(this.#sql, 'UPDATE account SET balance = balance - ?', micros);
      this.#write(reference, 'settle', micros);
    });
  }

  async hold(reference: string, micros: number): Promise<{ ok: true } | { ok: false; availableMicros: number }> {
    refuseFractions(micros);
    return this.#change(() => {
      this.#freeForgotten();
      const [known] = rows(this.#sql, 'SELECT 1 AS found FROM holds WHERE reference = ?', reference);
      if (known) return { ok: true };
      const { availableMicros } = this.#balance();
      if (micros > availableMicros) return { ok: false, availableMicros };
      run(this.#sql, 'INSERT INTO holds VALUES (?, ?, ?)', reference, micros, Date.now());
      this.#heldForRequests = this.#forRequests() + micros;
      return { ok: true };
    });
  }

  async release(reference: string): Promise<void> {
    this.#change(() => this.#endHolds([reference]));
  }

  async settleShard(shard: ShardNumber, version: number, costMicros: number, holds: readonly string[]): Promise<void> {
    refuseFractions(costMicros);
    this.#change(() => {
      this.#endHolds(holds);
      const [known] = rows<{ version: number; micros: number; entry: number }>(
        this.#sql,
        'SELECT version, micros, entry FROM shards WHERE shard = ?',
        shard,
      );
      if (known && (known.version >= version || known.micros === costMicros)) return;
      run(this.#sql, 'UPDATE account SET balance = balance - ?', costMicros - (known?.micros ?? 0));
      // One entry a shard, which grows: a line for every message would be no statement.
      if (known) run(this.#sql, 'UPDATE entries SET micros = ?, at = ? WHERE n = ?', costMicros, Date.now(), known.entry);
      else this.#write(shardReference(shard), 'settle', costMicros);
      const [newest] = rows<{ n: number }>(this.#sql, 'SELECT max(n) AS n FROM entries');
      run(
        this.#sql,
        'INSERT INTO shards VALUES (?, ?, ?, ?) ON CONFLICT (shard) DO UPDATE SET version = excluded.version, micros = excluded.micros',
        shard,
        version,
        costMicros,
        known?.entry ?? newest?.n ?? 0,
      );
    });
  }

  async entries(limit: number, before: number | null = null): Promise<readonly LedgerEntry[]> {
    const columns = 'SELECT n, reference, kind, micros, at FROM entries';
    return rows<LedgerEntry>(this.#sql, `${columns} WHERE n < ? ORDER BY n DESC LIMIT ?`, before ?? Number.MAX_SAFE_INTEGER, limit);
  }

  #balance(): { balanceMicros: number; reservedMicros: number; availableMicros: number } {
    const [found] = rows<{ balance: number; credit: number; reserved: number }>(
      this.#sql,
      'SELECT balance, credit, (SELECT COALESCE(SUM(micros), 0) FROM reservations) AS reserved FROM account',
    );
    const { balance, credit, reserved: forTasks } = found ?? { balance: 0, credit: 0, reserved: 0 };
    const reserved = forTasks + this.#forRequests();
    return { balanceMicros: balance, reservedMicros: reserved, availableMicros: balance + credit - reserved };
  }

  #forRequests(): number {
    return (this.#heldForRequests ??=
      rows<{ held: number }>(this.#sql, 'SELECT COALESCE(SUM(micros), 0) AS held FROM holds')[0]?.held ?? 0);
  }

  #endHolds(references: readonly string[]): void {
    if (references.length === 0) return;
    run(this.#sql, 'DELETE FROM holds WHERE reference IN (SELECT value FROM json_each(?))', JSON.stringify(references));
    this.#heldForRequests = null;
  }

  /** Their request died before its shard; had it not, the shard would have named them long ago. */
  #freeForgotten(): void {
    const now = Date.now();
    if (now < this.#tidiedAt + TIDY_EVERY_MS) return;
    this.#tidiedAt = now;
    if (run(this.#sql, 'DELETE FROM holds WHERE at <= ?', now - HOLD_LIFETIME_MS) > 0) this.#heldForRequests = null;
  }

  /** One transaction; when it fails, memory may be ahead of the storage. */
  #change<T>(work: () => T): T {
    try {
      return this.ctx.storage.transactionSync(work);
    } catch (thrown) {
      this.#heldForRequests = null;
      throw thrown;
    }
  }

  #held(reference: string): number | null {
    return rows<{ micros: number }>(this.#sql, 'SELECT micros FROM reservations WHERE reference = ?', reference)[0]?.micros ?? null;
  }

  #hasEntry(reference: string, kind: LedgerEntry['kind']): boolean {
    return rows(this.#sql, 'SELECT 1 AS found FROM entries WHERE reference = ? AND kind = ? LIMIT 1', reference, kind).length > 0;
  }

  /** Settled with a cost. What was released for nothing may be reserved again. */
  #isSpent(reference: string): boolean {
    return (
      rows(this.#sql, "SELECT 1 AS found FROM entries WHERE reference = ? AND kind = 'settle' AND micros > 0 LIMIT 1", reference).length > 0
    );
  }

  #write(reference: string, kind: LedgerEntry['kind'], micros: number): void {
    run(this.#sql, 'INSERT INTO entries (reference, kind, micros, at) VALUES (?, ?, ?, ?)', reference, kind, micros, Date.now());
  }
}

/** A fraction of a micro-euro or an inexact number would spoil every later sum. */
function refuseFractions(micros: number): void {
  if (!Number.isSafeInteger(micros)) throw new RangeError('an amount must be a whole number of micro-EUR');
}
