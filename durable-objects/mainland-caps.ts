/**
 * One per tenant: how often which text went to which mainland number in the last 24 hours. An object of its own, because carriers count
 * what a number gets and not by which key or task of a tenant, and because 200 requests at once must not count 200 times from nothing.
 * An eviction loses nothing: what is counted is a row before it is answered.
 */
import { DurableObject } from 'cloudflare:workers';
import type { Env } from '../schema/env';
import type { ShardNumber } from '../schema/ids';
import { MAINLAND_WINDOW_MS } from '../schema/limits';
import type { FrequencyReason, JudgedRows, MainlandCapsApi, MainlandText } from '../schema/protocol/mainland-caps';
import { AlarmClock } from './kit/alarm-clock';
import { migrate, rawRows, rows, run } from './kit/storage';
import { STEPS } from './mainland-caps/storage-steps';
import { countTexts, forgetOldTexts, forgetTexts } from './mainland-caps/texts';

const TIDY_EVERY_MS = 60 * 60 * 1_000;
/** Rows that one transaction forgets; with more to forget the alarm comes back at once. */
const TIDY_ROWS = 20_000;

type RowText = [row: number, ...MainlandText];

export class MainlandCaps extends DurableObject<Env> implements MainlandCapsApi {
  readonly #sql: SqlStorage;
  readonly #clock: AlarmClock;

  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    migrate(state.storage, STEPS);
    this.#sql = state.storage.sql;
    this.#clock = new AlarmClock(state.storage);
  }

  async count(textsJson: string): Promise<readonly (number | FrequencyReason)[]> {
    const now = Date.now();
    const verdicts = this.ctx.storage.transactionSync(() => countTexts(this.#sql, JSON.parse(textsJson) as MainlandText[], now));
    await this.#clock.ringBy(now + TIDY_EVERY_MS);
    return verdicts;
  }

  async takeBack(numbers: readonly number[]): Promise<void> {
    forgetTexts(this.#sql, numbers);
  }

  async countRows(shard: ShardNumber, first: number, last: number, textsJson: string): Promise<JudgedRows> {
    const now = Date.now();
    const judged = this.ctx.storage.transactionSync(() => this.#countRows(shard, first, last, textsJson, now));
    await this.#clock.ringBy(now + TIDY_EVERY_MS);
    return judged;
  }

  override async alarm(): Promise<void> {
    this.#clock.rang();
    const now = Date.now();
    const isMore = this.ctx.storage.transactionSync(() => {
      run(this.#sql, 'DELETE FROM judged WHERE at <= ?', now - MAINLAND_WINDOW_MS);
      return forgetOldTexts(this.#sql, now, TIDY_ROWS);
    });
    const [left] = rawRows(this.#sql, 'SELECT EXISTS (SELECT 1 FROM texts) OR EXISTS (SELECT 1 FROM judged)');
    if (isMore) await this.#clock.ringBy(now);
    else if (left?.[0] === 1) await this.#clock.ringBy(now + TIDY_EVERY_MS);
  }

  #countRows(shard: ShardNumber, first: number, last: number, textsJson: string, now: number): JudgedRows {
    const [known] = rows<{ last: number; blocked: string }>(
      this.#sql,
      'SELECT last, blocked FROM judged WHERE shard = ? AND first = ?',
      shard,
      first,
    );
    const blocked = known ? (JSON.parse(known.blocked) as [number, FrequencyReason][]) : [];
    const countedTo = known?.last ?? first - 1;
    const fresh = (JSON.parse(textsJson) as RowText[]).filter(([row]) => row > countedTo);
    const verdicts = countTexts(
      this.#sql,
      fresh.map(([, recipient, body]): MainlandText => [recipient, body]),
      now,
    );
    for (const [at, [row]] of fresh.entries()) {
      const verdict = verdicts[at];
      if (typeof verdict === 'string') blocked.push([row, verdict]);
    }
    const judged: JudgedRows = { last: Math.max(last, countedTo), blocked };
    run(this.#sql, 'INSERT OR REPLACE INTO judged VALUES (?, ?, ?, ?, ?)', shard, first, judged.last, JSON.stringify(blocked), now);
    return judged;
  }
}
