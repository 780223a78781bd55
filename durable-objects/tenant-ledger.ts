/**
 * One per tenant: the balance and what is held of it. An object, because a reservation must see every other one of the tenant
 * and no two may spend the same euro. An eviction loses nothing: every entry is a row before its call returns.
 */
import { DurableObject } from 'cloudflare:workers';
import type { Env } from '../schema/env';
import type { TenantLedgerApi } from '../schema/protocol/objects';
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
];

type EntryKind = 'top_up' | 'reserve' | 'settle';

export class TenantLedger extends DurableObject<Env> implements TenantLedgerApi {
  readonly #sql: SqlStorage;

  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    migrate(state.storage, STEPS);
    this.#sql = state.storage.sql;
  }

  async balance(): Promise<{ balanceMicros: number; reservedMicros: number; availableMicros: number }> {
    return this.#balance();
  }

  async topUp(reference: string, micros: number): Promise<void> {
    refuseFractions(micros);
    this.ctx.storage.transactionSync(() => {
      if (this.#hasEntry(reference, 'top_up')) return;
      this.#write(reference, 'top_up', micros);
      run(this.#sql, 'UPDATE account SET balance = balance + ?', micros);
    });
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

  async entries(limit: number): Promise<{ reference: string; kind: EntryKind; micros: number; at: number }[]> {
    return rows(this.#sql, 'SELECT reference, kind, micros, at FROM entries ORDER BY n DESC LIMIT ?', limit);
  }

  #balance(): { balanceMicros: number; reservedMicros: number; availableMicros: number } {
    const [found] = rows<{ balance: number; reserved: number }>(
      this.#sql,
      'SELECT balance, (SELECT COALESCE(SUM(micros), 0) FROM reservations) AS reserved FROM account',
    );
    const { balance, reserved } = found ?? { balance: 0, reserved: 0 };
    return { balanceMicros: balance, reservedMicros: reserved, availableMicros: balance - reserved };
  }

  #held(reference: string): number | null {
    return rows<{ micros: number }>(this.#sql, 'SELECT micros FROM reservations WHERE reference = ?', reference)[0]?.micros ?? null;
  }

  #hasEntry(reference: string, kind: EntryKind): boolean {
    return rows(this.#sql, 'SELECT 1 AS found FROM entries WHERE reference = ? AND kind = ? LIMIT 1', reference, kind).length > 0;
  }

  /** Settled with a cost. What was released for nothing may be reserved again. */
  #isSpent(reference: string): boolean {
    return (
      rows(this.#sql, "SELECT 1 AS found FROM entries WHERE reference = ? AND kind = 'settle' AND micros > 0 LIMIT 1", reference).length > 0
    );
  }

  #write(reference: string, kind: EntryKind, micros: number): void {
    run(this.#sql, 'INSERT INTO entries (reference, kind, micros, at) VALUES (?, ?, ?, ?)', reference, kind, micros, Date.now());
  }
}

/** A fraction of a micro-euro or an inexact number would spoil every later sum. */
function refuseFractions(micros: number): void {
  if (!Number.isSafeInteger(micros)) throw new RangeError('an amount must be a whole number of micro-EUR');
}
