/**
 * One per tenant: the balance and what is set aside of it, for tasks and for shards of the API. An object, because a reservation must see every other one of the tenant
 * and no two may spend the same euro. An eviction loses nothing: every entry is a row before its call returns.
 */
import { DurableObject } from 'cloudflare:workers';
import type { Env } from '../schema/env';
import type { ShardNumber } from '../schema/ids';
import type { LedgerEntry, ShardSettled, SpentByShard, TenantLedgerApi } from '../schema/protocol/objects';
import { shardReference } from '../schema/storage-keys';
import { makeObjects } from '../workers/gateways/objects';
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
  (sql) => {
    // Money is set aside by shard, not by request. ceiling: what the messages of a shard may cost in all; entry 0: they cost nothing yet.
    sql.exec('DROP TABLE holds');
    sql.exec('ALTER TABLE shards ADD COLUMN ceiling INTEGER NOT NULL DEFAULT 0');
    sql.exec('ALTER TABLE shards ADD COLUMN turn INTEGER NOT NULL DEFAULT 0');
    sql.exec('CREATE INDEX shards_open ON shards (shard) WHERE ceiling > micros');
  },
  // References that are over: nothing is held for them any more.
  (sql) => void sql.exec('CREATE TABLE closed (reference TEXT PRIMARY KEY) WITHOUT ROWID'),
];

type Reserved = { ok: true } | { ok: false; availableMicros: number };

interface ShardAccount extends Record<string, SqlStorageValue> {
  version: number;
  micros: number;
  entry: number;
  ceiling: number;
  turn: number;
}
const NEW_SHARD: ShardAccount = { version: 0, micros: 0, entry: 0, ceiling: 0, turn: 0 };

export class TenantLedger extends DurableObject<Env> implements TenantLedgerApi {
  readonly #sql: SqlStorage;

  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    migrate(state.storage, STEPS);
    this.#sql = state.storage.sql;
  }

  async balance(): Promise<{ balanceMicros: number; reservedMicros: number; availableMicros: number }> {
    await this.#askOpenShards(null, async (shard) => this.#charge(shard, await makeObjects(this.env).shard(shard).totals()));
    const { balanceMicros, forTasks, credit } = this.#sums();
    return { balanceMicros, reservedMicros: forTasks, availableMicros: balanceMicros + credit - forTasks };
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

  async reserve(reference: string, micros: number): Promise<Reserved> {
    refuseFractions(micros);
    const answer = this.#reserve(reference, micros);
    return answer.ok || !(await this.#callBack(null)) ? answer : this.#reserve(reference, micros);
  }

  #reserve(reference: string, micros: number): Reserved {
    return this.ctx.storage.transactionSync(() => {
      const held = this.#held(reference);
      if (held === micros) return { ok: true };
      // A late repeat must not hold money that nobody would ever give back.
      if (held === null && this.#isOver(reference)) return { ok: true };
      const availableMicros = this.#available() + (held ?? 0);
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
      if (this.#held(reference) === null) this.#correct(reference, micros);
      else this.#end(reference, micros);
      run(this.#sql, 'INSERT INTO closed VALUES (?) ON CONFLICT (reference) DO NOTHING', reference);
    });
  }

  async release(reference: string): Promise<void> {
    this.ctx.storage.transactionSync(() => {
      if (this.#held(reference) !== null) this.#end(reference, 0);
    });
  }

  #end(reference: string, micros: number): void {
    run(this.#sql, 'DELETE FROM reservations WHERE reference = ?', reference);
    run(this.#sql, 'UPDATE account SET balance = balance - ?', micros);
    this.#write(reference, 'settle', micros);
  }

  /** What was spent was less after all. One entry a task, as one a shard. */
  #correct(reference: string, micros: number): void {
    const spent = this.#spent(reference);
    if (spent === null || spent.micros === micros) return;
    run(this.#sql, 'UPDATE account SET balance = balance - ?', micros - spent.micros);
    this.#rewrite(spent.n, micros);
  }

  async settleShard(shard: ShardNumber, spent: SpentByShard, needed: number, wanted: number): Promise<ShardSettled> {
    const answer = this.#settleShard(shard, spent, needed, wanted);
    if (answer.kind === 'stale' || answer.ceilingMicros >= spent.costMicros + needed) return answer;
    return (await this.#callBack(shard)) ? this.#settleShard(shard, spent, needed, wanted) : answer;
  }

  #settleShard(shard: ShardNumber, spent: SpentByShard, needed: number, wanted: number): ShardSettled {
    return this.ctx.storage.transactionSync(() => {
      const { turn } = this.#account(shard);
      this.#charge(shard, spent);
      if (spent.turn < turn) return { kind: 'stale', turn };
      const aside = Math.max(0, this.#account(shard).ceiling - spent.costMicros);
      const availableMicros = Math.max(0, this.#available() + aside);
      const granted = Math.min(wanted, Math.max(aside, availableMicros));
      const ceilingMicros = spent.costMicros + (granted < needed ? Math.min(wanted, aside) : granted);
      this.#setCeiling(shard, spent.turn, ceilingMicros);
      return { kind: 'settled', ceilingMicros, availableMicros };
    });
  }

  /** What shards have and do not spend is theirs only as long as nobody else needs it. @returns whether any came back */
  async #callBack(except: ShardNumber | null): Promise<boolean> {
    return this.#askOpenShards(except, async (shard) => {
      const spent = await makeObjects(this.env).shard(shard).giveBack();
      this.ctx.storage.transactionSync(() => {
        this.#charge(shard, spent);
        // What the shard asked for later was answered already: it speaks of the ceiling that counts.
        if (spent.turn > this.#account(shard).turn) this.#setCeiling(shard, spent.turn, spent.costMicros);
      });
    });
  }

  /** Those that have money set aside. One that does not answer keeps it. @returns whether any was asked */
  async #askOpenShards(except: ShardNumber | null, ask: (shard: ShardNumber) => Promise<void>): Promise<boolean> {
    const open = rows<{ shard: number }>(this.#sql, 'SELECT shard FROM shards WHERE ceiling > micros').map(
      ({ shard }) => shard as ShardNumber,
    );
    const asked = open.filter((shard) => shard !== except);
    const outcomes = await Promise.allSettled(asked.map(ask));
    for (const outcome of outcomes) if (outcome.status === 'rejected') console.error(JSON.stringify({ ledger: 'a shard did not answer' }));
    return asked.length > 0;
  }

  #account(shard: ShardNumber): ShardAccount {
    const [known] = rows<ShardAccount>(this.#sql, 'SELECT version, micros, entry, ceiling, turn FROM shards WHERE shard = ?', shard);
    return known ?? NEW_SHARD;
  }

  #setCeiling(shard: ShardNumber, turn: number, ceiling: number): void {
    run(
      this.#sql,
      `INSERT INTO shards (shard, version, micros, entry, ceiling, turn) VALUES (?, 0, 0, 0, ?, ?)
       ON CONFLICT (shard) DO UPDATE SET ceiling = excluded.ceiling, turn = excluded.turn`,
      shard,
      ceiling,
      turn,
    );
  }

  #charge(shard: ShardNumber, { version, costMicros }: Pick<SpentByShard, 'version' | 'costMicros'>): void {
    refuseFractions(costMicros);
    this.ctx.storage.transactionSync(() => {
      const known = this.#account(shard);
      if (known.version >= version) return;
      let { entry } = known;
      if (known.micros !== costMicros) {
        run(this.#sql, 'UPDATE account SET balance = balance - ?', costMicros - known.micros);
        // One entry a shard, which grows: a line for every message would be no statement.
        if (entry > 0) this.#rewrite(entry, costMicros);
        else entry = this.#write(shardReference(shard), 'settle', costMicros);
      }
      // Also of the same cost: an older word that is still on its way may speak of a higher one.
      run(
        this.#sql,
        `INSERT INTO shards (shard, version, micros, entry) VALUES (?, ?, ?, ?)
         ON CONFLICT (shard) DO UPDATE SET version = excluded.version, micros = excluded.micros, entry = excluded.entry`,
        shard,
        version,
        costMicros,
        entry,
      );
    });
  }

  async entries(limit: number, before: number | null = null): Promise<readonly LedgerEntry[]> {
    const columns = 'SELECT n, reference, kind, micros, at FROM entries';
    return rows<LedgerEntry>(this.#sql, `${columns} WHERE n < ? ORDER BY n DESC LIMIT ?`, before ?? Number.MAX_SAFE_INTEGER, limit);
  }

  #sums(): { balanceMicros: number; credit: number; forTasks: number; forShards: number } {
    const [found] = rows<{ balanceMicros: number; credit: number; forTasks: number; forShards: number }>(
      this.#sql,
      `SELECT balance AS balanceMicros, credit, (SELECT COALESCE(SUM(micros), 0) FROM reservations) AS forTasks,
         (SELECT COALESCE(SUM(ceiling - micros), 0) FROM shards WHERE ceiling > micros) AS forShards FROM account`,
    );
    return found ?? { balanceMicros: 0, credit: 0, forTasks: 0, forShards: 0 };
  }

  /** What nothing is set aside of yet. */
  #available(): number {
    const { balanceMicros, credit, forTasks, forShards } = this.#sums();
    return balanceMicros + credit - forTasks - forShards;
  }

  #held(reference: string): number | null {
    return rows<{ micros: number }>(this.#sql, 'SELECT micros FROM reservations WHERE reference = ?', reference)[0]?.micros ?? null;
  }

  #hasEntry(reference: string, kind: LedgerEntry['kind']): boolean {
    return rows(this.#sql, 'SELECT 1 AS found FROM entries WHERE reference = ? AND kind = ? LIMIT 1', reference, kind).length > 0;
  }

  /** Settled; what was settled before `closed` was kept is known by its entry. */
  #isOver(reference: string): boolean {
    return rows(this.#sql, 'SELECT 1 AS found FROM closed WHERE reference = ?', reference).length > 0 || this.#spent(reference) !== null;
  }

  /** The entry that settled a cost; null: none. */
  #spent(reference: string): { readonly n: number; readonly micros: number } | null {
    const query = "SELECT n, micros FROM entries WHERE reference = ? AND kind = 'settle' AND micros > 0 ORDER BY n DESC LIMIT 1";
    return rows<{ n: number; micros: number }>(this.#sql, query, reference)[0] ?? null;
  }

  #rewrite(n: number, micros: number): void {
    run(this.#sql, 'UPDATE entries SET micros = ?, at = ? WHERE n = ?', micros, Date.now(), n);
  }

  /** @returns the number of the entry */
  #write(reference: string, kind: LedgerEntry['kind'], micros: number): number {
    const query = 'INSERT INTO entries (reference, kind, micros, at) VALUES (?, ?, ?, ?) RETURNING n';
    const [written] = rows<{ n: number }>(this.#sql, query, reference, kind, micros, Date.now());
    return written?.n ?? 0;
  }
}

/** A fraction of a micro-euro or an inexact number would spoil every later sum. */
function refuseFractions(micros: number): void {
  if (!Number.isSafeInteger(micros)) throw new RangeError('an amount must be a whole number of micro-EUR');
}
