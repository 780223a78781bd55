/**
 * The home of messages: a slice of a task, or a day of a key. Each row lives here from the moment it is accepted until it is final. An
 * object, because a row must go out once whatever is delivered twice, and because pause, stop and counts must be exact. It is a
 * transactional outbox: row first, work second, answer back into the row.
 *
 * An eviction loses nothing: memory mirrors tables (shard-state.ts), and the alarm finds everything that is due again: rows to release,
 * leases that ran out, tries to repeat, receipts that never came, totals not yet told.
 */
import { DurableObject } from 'cloudflare:workers';
import type { Env } from '../schema/env';
import {
  type AcceptedBefore,
  type AcceptOptions,
  type Claim,
  type FinishedRow,
  type LineFormat,
  type LogRow,
  type MessagesAnswer,
  type MessageShardApi,
  type RangeAccepted,
  type RowReceipt,
  type Sealed,
  type SendResult,
  type ShardFilter,
  type ShardSettings,
  type ShardTotals,
} from '../schema/protocol/message-shard';
import type { RowPatch } from '../schema/protocol/archive';
import type { SpentByShard } from '../schema/protocol/objects';
import { makeGateways, type Gateways } from '../workers/gateways';
import { unpackAccepted } from '../workers/rules/accepted-rows';
import { AlarmClock } from './kit/alarm-clock';
import { Gathering } from './kit/gathering';
import { migrate, run } from './kit/storage';
import { acceptedBefore, acceptMessages, type AcceptCall, type CallAnswer } from './message-shard/accept-messages';
import { acceptRange } from './message-shard/accept-range';
import { nextDueAt } from './message-shard/agenda';
import { Allowance } from './message-shard/allowance';
import { Announcer } from './message-shard/announcer';
import { claimRows, takeBackStale, takeBackUnclaimed } from './message-shard/claim';
import { Outbox } from './message-shard/outbox';
import { exportLines } from './message-shard/export';
import { fillRows } from './message-shard/fill';
import { findRow, pageOf, rowsAfter } from './message-shard/read';
import { applyReceipts } from './message-shard/receipts';
import { Reporter } from './message-shard/reporter';
import { Sealer } from './message-shard/sealer';
import { settleResults } from './message-shard/settle';
import { ShardState } from './message-shard/shard-state';
import { STEPS } from './message-shard/storage-steps';
import { totalsOf } from './message-shard/totals';
import { cancelScheduled, cancelSlice, expireSlice, giveUpUnanswered } from './message-shard/walk';

const SEALED: Sealed = { sealed: true };
/** After a range, for the next one: reading them again from the rows takes about two seconds in a full shard. */
const RECIPIENTS_KEPT_MS = 10_000;

export class MessageShard extends DurableObject<Env> implements MessageShardApi {
  readonly #clock: AlarmClock;
  readonly #unansweredAfterMs: number;
  readonly #outbox: Outbox;
  readonly #reporter: Reporter;
  readonly #allowance: Allowance;
  readonly #announcer: Announcer;
  readonly #sealer: Sealer;
  /** Each receipt is a call of its own, for its carrier waits until it is safe: those of one moment are one transaction. */
  readonly #receipts = new Gathering(
    (calls: readonly (readonly RowReceipt[])[]) => {
      const answer = this.#change((state) => applyReceipts(state, calls.flat()));
      return calls.map(() => answer);
    },
    async () => {
      this.#tell();
      // Readers of an archived row look here when D1 says so: before the carrier is answered.
      if (!this.#read().archive.isTold) await this.#sealer.tell();
      await this.#ring();
    },
  );
  readonly #acceptance = new Gathering(
    (calls: readonly AcceptCall[]) => this.#accept(calls),
    () => this.#ring(),
  );
  #state: ShardState | null = null;
  #lastRangeAt = 0;
  #isForgetting = false;

  constructor(context: DurableObjectState, env: Env) {
    super(context, env);
    migrate(context.storage, STEPS);
    this.#clock = new AlarmClock(context.storage);
    this.#unansweredAfterMs = Number(env.UNANSWERED_AFTER_MS);
    const gateways: Gateways = makeGateways(env);
    const access = { read: () => this.#read(), change: <T>(work: (state: ShardState) => T) => this.#change(work) };
    this.#outbox = new Outbox(gateways, access);
    this.#reporter = new Reporter(gateways, access);
    this.#allowance = new Allowance(gateways, access);
    this.#announcer = new Announcer(gateways, access);
    this.#sealer = new Sealer(gateways, access, Number(env.SEAL_AFTER_MS));
  }

  async open(settings: ShardSettings): Promise<void> {
    this.#change((state) => {
      if (state.progress.phase !== 'new') return;
      run(state.sql, 'INSERT INTO settings VALUES (1, ?)', JSON.stringify(settings));
      state.settings = settings;
      if (settings.origin === 'api') state.advance({ startedAt: Date.now() });
      state.turn(settings.origin === 'api' ? 'running' : 'accepting');
    });
  }

  async acceptRange(range: number, slicesJson: readonly string[]): Promise<RangeAccepted> {
    this.#lastRangeAt = Date.now();
    this.#forgetRecipientsLater();
    return this.#change((state) => acceptRange(state, range, slicesJson));
  }

  /** A checked task may wait for days to be confirmed: the memory of its recipients goes soon after the last range. */
  #forgetRecipientsLater(): void {
    if (this.#isForgetting) return;
    this.#isForgetting = true;
    setTimeout(() => {
      this.#isForgetting = false;
      if (Date.now() < this.#lastRangeAt + RECIPIENTS_KEPT_MS) this.#forgetRecipientsLater();
      else if (this.#state) this.#state.recipients = null;
    }, RECIPIENTS_KEPT_MS);
  }

  async acceptMessages(
    rowsJson: string,
    acceptedAt: number,
    repeatKey: string | null,
    { notBefore, isPaid = false, note }: AcceptOptions = {},
  ): Promise<MessagesAnswer> {
    const messages = unpackAccepted(rowsJson);
    const dueMicros = isPaid ? messages.reduce((sum, [, , , micros, , blocked]) => sum + (blocked ? 0 : micros), 0) : 0;
    for (;;) {
      const answer = await this.#acceptance.add({
        messages,
        dueMicros,
        acceptedAt,
        repeatKey,
        notBefore: notBefore ?? null,
        note: note ?? null,
      });
      if (!('short' in answer)) return answer;
      const availableMicros = await this.#allowance.draw(dueMicros);
      if (availableMicros !== null) return { availableMicros };
    }
  }

  #accept(calls: readonly AcceptCall[]): readonly CallAnswer[] {
    return this.#change((state) => acceptMessages(state, calls, (micros) => this.#allowance.covers(state, micros)));
  }

  async giveBack(): Promise<SpentByShard> {
    return this.#allowance.giveBack();
  }

  async acceptedBefore(repeatKey: string): Promise<AcceptedBefore | null> {
    return acceptedBefore(this.#read(), repeatKey);
  }

  async cancelScheduled(row: number): Promise<boolean> {
    const isCancelled = this.#change((state) => cancelScheduled(state, row, Date.now()));
    await this.#ring();
    return isCancelled;
  }

  async start(at: number): Promise<void> {
    await this.#obey(at, 'running');
  }

  async pause(at: number): Promise<void> {
    await this.#obey(at, 'paused');
  }

  async stop(at: number): Promise<void> {
    await this.#obey(at, 'stopping');
  }

  /** Whatever is asked first says that the task has begun: no range comes any more, and the rows count as received. */
  async #obey(at: number, phase: 'running' | 'paused' | 'stopping'): Promise<void> {
    this.#change((state) => {
      const { progress } = state;
      if (progress.phase !== 'accepting' && progress.phase !== 'running' && progress.phase !== 'paused') return;
      if (progress.phase === phase) return;
      state.recipients = null;
      state.advance({ startedAt: progress.startedAt ?? at });
      if (phase !== 'running') for (const chunk of state.chunks.all()) takeBackUnclaimed(state, chunk);
      if (phase === 'stopping') state.advance({ walkAfter: 0 });
      state.turn(phase);
    });
    await this.#ring();
  }

  async discard(): Promise<void> {
    this.#state = null;
    await this.ctx.storage.deleteAlarm();
    await this.ctx.storage.deleteAll();
    this.#clock.rang();
    migrate(this.ctx.storage, STEPS);
    this.#change((state) => state.turn('discarded'));
  }

  async claim(chunk: number, position: number, resultsJson: string): Promise<Claim> {
    await this.#outbox.ready();
    const now = Date.now();
    const results = this.#outbox.note(JSON.parse(resultsJson) as SendResult[], now);
    const claim = this.#change((state) => {
      settleResults(state, chunk, results, now, this.#unansweredAfterMs);
      if (!this.#outbox.allows(state.chunks.get(chunk), now)) takeBackUnclaimed(state, state.chunks.get(chunk));
      return claimRows(state, chunk, position, now, (rows) => this.#outbox.choose(rows, now));
    });
    if (this.#outbox.isThrottled) this.#later(this.#outbox.slowDown());
    this.#tell();
    // A chunk was begun: the queue has room for another.
    if (position === 0 && claim.kind === 'go') this.#later(this.#outbox.release());
    await this.#ring();
    return claim;
  }

  async settle(chunk: number, resultsJson: string): Promise<void> {
    await this.#outbox.ready();
    const now = Date.now();
    const results = this.#outbox.note(JSON.parse(resultsJson) as SendResult[], now);
    this.#change((state) => settleResults(state, chunk, results, now, this.#unansweredAfterMs));
    if (this.#outbox.isThrottled) this.#later(this.#outbox.slowDown());
    this.#tell();
    await this.#ring();
  }

  async applyReceipts(receiptsJson: string): Promise<{ readonly applied: number; readonly ignored: number }> {
    return this.#receipts.add(JSON.parse(receiptsJson) as RowReceipt[]);
  }

  async totals(): Promise<ShardTotals> {
    // Whoever asks has heard nothing for a while: perhaps the alarm was lost.
    await this.#ring();
    return totalsOf(this.#read());
  }

  async find(row: number): Promise<LogRow | Sealed | null> {
    if (this.#isSealed) return SEALED;
    return findRow(this.#read(), row);
  }

  async page(filter: ShardFilter, before: number | null, limit: number): Promise<readonly LogRow[] | Sealed> {
    if (this.#isSealed) return SEALED;
    return pageOf(this.#read(), filter, before, limit);
  }

  async rowsAfter(filter: ShardFilter, after: number, maxRows: number): ReturnType<MessageShardApi['rowsAfter']> {
    if (this.#isSealed) return SEALED;
    return rowsAfter(this.#read(), filter, after, maxRows);
  }

  async exportLines(filter: ShardFilter, after: number, maxRows: number, format: LineFormat): ReturnType<MessageShardApi['exportLines']> {
    if (this.#isSealed) return SEALED;
    return exportLines(this.#read(), filter, after, maxRows, format);
  }

  async patches(fromRow: number): Promise<readonly RowPatch[]> {
    return this.#read().archive.patchesFrom(fromRow);
  }

  async seal(): Promise<boolean> {
    try {
      return await this.#sealer.sealNow();
    } finally {
      await this.#ring();
    }
  }

  async fold(): Promise<boolean> {
    try {
      return await this.#sealer.fold();
    } finally {
      await this.#ring();
    }
  }

  async fill(rowsJson: string): Promise<void> {
    if (this.env.ENVIRONMENT !== 'local') throw new Error('only a local platform is filled');
    this.#change((state) => fillRows(state, JSON.parse(rowsJson) as FinishedRow[]));
  }

  get #isSealed(): boolean {
    return this.#read().progress.phase === 'sealed';
  }

  override async alarm(): Promise<void> {
    this.#clock.rang();
    try {
      const now = Date.now();
      this.#change((state) => {
        takeBackStale(state, now, this.#unansweredAfterMs);
        giveUpUnanswered(state, now);
        cancelSlice(state, now);
        expireSlice(state, now);
      });
      // Each of these may fail without the others: what failed is due again.
      const outcomes = await Promise.allSettled([
        this.#outbox.release(),
        this.#reporter.report(now),
        this.#allowance.settle(now),
        this.#announcer.announce(),
      ]);
      for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
      await this.#sealer.work(now);
    } finally {
      await this.#ring();
    }
  }

  #read(): ShardState {
    return (this.#state ??= new ShardState(this.ctx.storage.sql));
  }

  /** One transaction. When it fails, memory may be ahead of the storage: it is read again. */
  #change<T>(work: (state: ShardState) => T): T {
    const state = this.#read();
    state.announcements.isHeard = this.#announcer.isHeard(state.settings);
    try {
      return this.ctx.storage.transactionSync(() => {
        const result = work(state);
        state.save();
        return result;
      });
    } catch (thrown) {
      this.#state = null;
      throw thrown;
    }
  }

  /** Sets the alarm for whatever is due next. */
  async #ring(): Promise<void> {
    const at = nextDueAt(this.#read(), Date.now(), {
      outbox: this.#outbox,
      reporter: this.#reporter,
      allowance: this.#allowance,
      announcer: this.#announcer,
      sealer: this.#sealer,
    });
    if (at !== null) await this.#clock.ringBy(at);
  }

  /** What became final is told at once; nobody here waits for it. */
  #tell(): void {
    if (this.#read().announcements.isOwed) this.#later(this.#announcer.announce());
  }

  /** Work that the caller need not wait for; the alarm does it again when it fails. */
  #later(work: Promise<unknown>): void {
    this.ctx.waitUntil(work.then(() => this.#ring()).catch(() => this.#clock.ringBy(Date.now() + 1_000)));
  }
}
