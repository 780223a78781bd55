/**
 * One per JMC key: who may use it, how fast, and to whom it must not send. An object, because the rate must be exact over all
 * Workers and the blacklist must be asked where it lives. An eviction loses the token bucket alone: a key that nobody used
 * for a while starts with a full one, which it would have had anyway.
 */
import { DurableObject } from 'cloudflare:workers';
import type { Env } from '../schema/env';
import type { Iso2 } from '../schema/ids';
import { SECRETS_PER_KEY } from '../schema/limits';
import type { Admission, KeyGateApi, KeySettings } from '../schema/protocol/objects';
import { addressAllowed } from '../workers/rules/ip-allowlist';
import { STEPS } from './key-gate/storage-steps';
import { TokenBucket } from './key-gate/token-bucket';
import { migrate, rawRows, rows, run } from './kit/storage';

export class KeyGate extends DurableObject<Env> implements KeyGateApi {
  readonly #sql: SqlStorage;
  readonly #bucket = new TokenBucket();
  #settings: KeySettings | null;

  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    migrate(state.storage, STEPS);
    this.#sql = state.storage.sql;
    const [stored] = rows<{ settings: string }>(this.#sql, 'SELECT settings FROM gate');
    this.#settings = stored ? (JSON.parse(stored.settings) as KeySettings) : null;
  }

  async configure(settings: KeySettings): Promise<void> {
    run(
      this.#sql,
      'INSERT INTO gate (one, settings) VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET settings = excluded.settings',
      JSON.stringify(settings),
    );
    this.#settings = settings;
  }

  async addSecret(sha256Hex: string): Promise<void> {
    this.ctx.storage.transactionSync(() => {
      run(this.#sql, 'INSERT INTO secrets (sha256) VALUES (?) ON CONFLICT (sha256) DO NOTHING', sha256Hex.toLowerCase());
      run(this.#sql, 'DELETE FROM secrets WHERE n NOT IN (SELECT n FROM secrets ORDER BY n DESC LIMIT ?)', SECRETS_PER_KEY);
    });
  }

  async revokeSecret(sha256Hex: string): Promise<void> {
    run(this.#sql, 'DELETE FROM secrets WHERE sha256 = ?', sha256Hex.toLowerCase());
  }

  async admit(request: {
    readonly secretSha256: string | null;
    readonly address: string | null;
    readonly tokens: number;
  }): Promise<Admission> {
    const settings = this.#settings;
    if (!settings) return { kind: 'unknown_key' };
    if (!settings.enabled) return { kind: 'disabled' };
    if (request.secretSha256 !== null) {
      if (!this.#knowsSecret(request.secretSha256)) return { kind: 'bad_secret' };
      if (!addressAllowed(request.address, settings.ipAllowlist)) return { kind: 'address_refused' };
    }
    const waitMs = this.#bucket.take(request.tokens, settings.perSecond, Date.now());
    return waitMs === 0 ? { kind: 'admitted', settings } : { kind: 'rate_limited', retryAfterMs: waitMs };
  }

  async blacklistCounts(): Promise<{ numbers: number; countries: readonly Iso2[] }> {
    const [counted] = rows<{ numbers: number }>(this.#sql, 'SELECT numbers FROM blacklist_size');
    const countries = rawRows(this.#sql, 'SELECT iso2 FROM countries ORDER BY iso2').map(([iso2]) => iso2 as Iso2);
    return { numbers: counted?.numbers ?? 0, countries };
  }

  async screen(recipientsJson: string): Promise<readonly number[]> {
    // The list drives and the numbers are looked up by primary key: rows read grow with the call, not with the blacklist.
    const found = rawRows(
      this.#sql,
      'SELECT n.recipient FROM json_each(?) AS asked CROSS JOIN numbers AS n ON n.recipient = asked.value',
      recipientsJson,
    );
    return found.map(([recipient]) => recipient as number);
  }

  async addNumbers(recipientsJson: string, reason: 'user' | 'opt_out'): Promise<{ added: number }> {
    const insert =
      'INSERT INTO numbers (recipient, added_at, reason) SELECT value, ?, ? FROM json_each(?) WHERE true ON CONFLICT (recipient) DO NOTHING';
    return { added: this.#changeNumbers(1, insert, Date.now(), reason, recipientsJson) };
  }

  async removeNumbers(recipientsJson: string): Promise<{ removed: number }> {
    return { removed: this.#changeNumbers(-1, 'DELETE FROM numbers WHERE recipient IN (SELECT value FROM json_each(?))', recipientsJson) };
  }

  async listNumbers(after: number, limit: number): Promise<readonly { recipient: number; addedAt: number; reason: string }[]> {
    return rows(
      this.#sql,
      'SELECT recipient, added_at AS addedAt, reason FROM numbers WHERE recipient > ? ORDER BY recipient LIMIT ?',
      after,
      limit,
    );
  }

  async setCountries(countries: readonly Iso2[]): Promise<void> {
    this.ctx.storage.transactionSync(() => {
      run(this.#sql, 'DELETE FROM countries');
      run(this.#sql, 'INSERT INTO countries SELECT DISTINCT value FROM json_each(?)', JSON.stringify(countries));
    });
  }

  /** The size is kept beside the numbers: counting ten million rows for every range of a check would be billed as rows read. */
  #changeNumbers(sign: 1 | -1, statement: string, ...bindings: (string | number)[]): number {
    return this.ctx.storage.transactionSync(() => {
      run(this.#sql, statement, ...bindings);
      const changed = rows<{ changed: number }>(this.#sql, 'SELECT changes() AS changed')[0]?.changed ?? 0;
      run(this.#sql, 'UPDATE blacklist_size SET numbers = numbers + ?', sign * changed);
      return changed;
    });
  }

  /** Looks at every live secret in constant time, so that the answer's time tells nothing about which one was nearly right. */
  #knowsSecret(sha256Hex: string): boolean {
    const encoder = new TextEncoder();
    const given = encoder.encode(sha256Hex.toLowerCase());
    let known = false;
    for (const [stored] of rawRows(this.#sql, 'SELECT sha256 FROM secrets')) {
      const live = encoder.encode(String(stored));
      if (live.byteLength === given.byteLength && crypto.subtle.timingSafeEqual(live, given)) known = true;
    }
    return known;
  }
}
