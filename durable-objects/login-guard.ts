/**
 * One per account, one per login as it was typed, one per address: how often a password was wrong, which code is awaited, how
 * many codes went out. An object, because a limit that two requests can pass together is none. An eviction loses nothing: every
 * count is a row before its call returns. The alarm empties it when nothing in it matters any more.
 */
import { DurableObject } from 'cloudflare:workers';
import type { Env } from '../schema/env';
import { CODE_LIFETIME_MS, CODE_RESEND_AFTER_MS, CODE_WRONG_TRIES, CODES_PER_DAY, CODES_WINDOW_MS } from '../schema/limits';
import type { CodeIssue, GuardedTry, LoginGuardApi } from '../schema/protocol/objects';
import { migrate, rows, run, type StorageStep } from './kit/storage';

type Purpose = 'sign_in' | 'reset';

/** Append only. */
const STEPS: readonly StorageStep[] = [
  (sql) => {
    sql.exec(
      'CREATE TABLE tries (one INTEGER PRIMARY KEY CHECK (one = 1), first_at INTEGER NOT NULL, wrong INTEGER NOT NULL, locked_until INTEGER NOT NULL)',
    );
    sql.exec(
      'CREATE TABLE codes (purpose TEXT PRIMARY KEY, hash TEXT NOT NULL, issued_at INTEGER NOT NULL, wrong INTEGER NOT NULL) WITHOUT ROWID',
    );
    sql.exec('CREATE TABLE issues (n INTEGER PRIMARY KEY, at INTEGER NOT NULL)');
  },
];

export class LoginGuard extends DurableObject<Env> implements LoginGuardApi {
  /** Made again after the alarm has emptied the storage under a living object. */
  #ready = false;

  get #sql(): SqlStorage {
    if (!this.#ready) {
      migrate(this.ctx.storage, STEPS);
      this.#ready = true;
    }
    return this.ctx.storage.sql;
  }

  async tryPassword(now: number, limit: number, lockMs: number): Promise<GuardedTry> {
    const [found] = rows<{ firstAt: number; wrong: number; lockedUntil: number }>(
      this.#sql,
      'SELECT first_at AS firstAt, wrong, locked_until AS lockedUntil FROM tries',
    );
    if (found && found.lockedUntil > now) return { kind: 'locked', untilAt: found.lockedUntil };
    // A lock that is over, or tries too old to count, begin a new count.
    const counting = found !== undefined && found.lockedUntil === 0 && found.firstAt + lockMs > now;
    const firstAt = counting ? found.firstAt : now;
    const wrong = counting ? found.wrong + 1 : 1;
    const lockedUntil = wrong >= limit ? now + lockMs : 0;
    run(this.#sql, 'INSERT OR REPLACE INTO tries VALUES (1, ?, ?, ?)', firstAt, wrong, lockedUntil);
    await this.#keepUntil(Math.max(firstAt, lockedUntil) + lockMs);
    return { kind: 'allowed' };
  }

  async passwordRight(forgets: 'one' | 'all'): Promise<void> {
    if (forgets === 'all') run(this.#sql, 'DELETE FROM tries');
    else run(this.#sql, 'UPDATE tries SET wrong = wrong - 1, locked_until = 0 WHERE wrong > 0');
  }

  async issueCode(purpose: Purpose, codeHash: string, now: number): Promise<CodeIssue> {
    const [last] = rows<{ issuedAt: number }>(this.#sql, 'SELECT issued_at AS issuedAt FROM codes WHERE purpose = ?', purpose);
    if (last && last.issuedAt + CODE_RESEND_AFTER_MS > now) return { kind: 'too_soon', againAt: last.issuedAt + CODE_RESEND_AFTER_MS };
    run(this.#sql, 'DELETE FROM issues WHERE at <= ?', now - CODES_WINDOW_MS);
    const issued = rows<{ count: number }>(this.#sql, 'SELECT count(*) AS count FROM issues')[0]?.count ?? 0;
    if (issued >= CODES_PER_DAY) return { kind: 'daily_limit' };
    this.ctx.storage.transactionSync(() => {
      run(this.#sql, 'INSERT INTO issues (at) VALUES (?)', now);
      run(this.#sql, 'INSERT OR REPLACE INTO codes VALUES (?, ?, ?, 0)', purpose, codeHash, now);
    });
    await this.#keepUntil(now + CODES_WINDOW_MS);
    return { kind: 'issued' };
  }

  async redeemCode(purpose: Purpose, codeHash: string, now: number, keep?: 'keep'): Promise<'right' | 'wrong'> {
    const [code] = rows<{ hash: string; issuedAt: number; wrong: number }>(
      this.#sql,
      'SELECT hash, issued_at AS issuedAt, wrong FROM codes WHERE purpose = ?',
      purpose,
    );
    if (!code || code.wrong >= CODE_WRONG_TRIES || code.issuedAt + CODE_LIFETIME_MS <= now) return 'wrong';
    // Both are keyed hashes: how long they take to compare says nothing about the code.
    if (code.hash !== codeHash) {
      run(this.#sql, 'UPDATE codes SET wrong = wrong + 1 WHERE purpose = ?', purpose);
      return 'wrong';
    }
    // Gone with its waiting time: whoever used a code may ask for the next at once.
    if (keep === undefined) run(this.#sql, 'DELETE FROM codes WHERE purpose = ?', purpose);
    return 'right';
  }

  override async alarm(): Promise<void> {
    // Put off by a request that came in while this alarm was already due.
    if ((await this.ctx.storage.getAlarm()) !== null) return;
    this.#ready = false;
    await this.ctx.storage.deleteAll();
  }

  /** Puts the end of this object's memory off; it never comes nearer. */
  async #keepUntil(at: number): Promise<void> {
    const planned = await this.ctx.storage.getAlarm();
    if (planned === null || planned < at) await this.ctx.storage.setAlarm(at);
  }
}
