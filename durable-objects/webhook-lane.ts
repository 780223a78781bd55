/**
 * One per customer endpoint: what waits for it, every try, its pauses, and the end of trying. An object, because each endpoint must have
 * a line of its own: one that is slow or gone then delays nobody else. An eviction loses nothing: an event is a row before `announce`
 * returns, a try that was under way is made again (the customer sees the same `webhook-id`), and the alarm finds what is due.
 */
import { DurableObject } from 'cloudflare:workers';
import type { Env } from '../schema/env';
import type { EndpointId } from '../schema/ids';
import { WEBHOOK_DISABLED_AFTER_MS, WEBHOOK_WAITING_MAX } from '../schema/limits';
import type { LaneAnswer, LaneAttempt, LaneEvent, LaneState, ReplayWish, WebhookLaneApi } from '../schema/protocol/webhook-lane';
import type { EndpointTrouble } from '../schema/states';
import { makeGateways, type Gateways } from '../workers/gateways';
import { disableEndpoint } from '../workers/gateways/stores/endpoints';
import { nextTryAt } from '../workers/rules/webhook-retry';
import { AlarmClock } from './kit/alarm-clock';
import { migrate } from './kit/storage';
import { Book, type Delivery } from './webhook-lane/book';
import { attemptsOf, addAttempt } from './webhook-lane/log';
import { tellOwners } from './webhook-lane/notice';
import { openTarget, sendTo, type Sent, type Target } from './webhook-lane/send';
import { STEPS } from './webhook-lane/storage-steps';

/** Requests to one customer at a time: below the six connections that an invocation may hold. */
const WIDTH = 4;
/** After this many failures in a row one request at a time is enough to find out whether the customer is back. */
const FAILING_STREAK = 3;
/** One alarm works this long, then the next one goes on. */
const WORK_MS = 20_000;
const TARGET_KNOWN_MS = 30_000;
const TIDY_EVERY_MS = 60 * 60 * 1_000;
const GONE = 410;
const ASKS_FOR_REST: ReadonlySet<number | null> = new Set([429, 503]);

const isOverdue = (failingSince: number | null, now: number): boolean =>
  failingSince !== null && now - failingSince >= WEBHOOK_DISABLED_AFTER_MS;

export class WebhookLane extends DurableObject<Env> implements WebhookLaneApi {
  readonly #clock: AlarmClock;
  readonly #gateways: Gateways;
  readonly #busy = new Set<number>();
  #book: Book | null = null;
  #target: { readonly value: Target | null; readonly untilAt: number } | null = null;

  constructor(context: DurableObjectState, env: Env) {
    super(context, env);
    migrate(context.storage, STEPS);
    this.#clock = new AlarmClock(context.storage);
    this.#gateways = makeGateways(env);
  }

  async announce(endpoint: EndpointId, eventsJson: string): Promise<LaneAnswer> {
    if (this.#read().lane.waiting >= WEBHOOK_WAITING_MAX) return { kind: 'full' };
    const events = JSON.parse(eventsJson) as LaneEvent[];
    const taken = this.#change((book) => {
      book.lane.endpoint = endpoint;
      return book.take(events, Date.now());
    });
    await this.#ring();
    return { kind: 'taken', events: taken, repeats: events.length - taken };
  }

  async refresh(endpoint: EndpointId): Promise<void> {
    this.#target = null;
    this.#change((book) => Object.assign(book.lane, { endpoint, streak: 0, failingSince: null, pausedUntil: 0 }));
    await this.#ring();
  }

  async sendNow(endpoint: EndpointId, event: LaneEvent): Promise<LaneAttempt | null> {
    this.#target = null;
    this.#change((book) => Object.assign(book.lane, { endpoint }));
    const target = await this.#targetNow(Date.now());
    if (!target) return null;
    const delivery = this.#change((book) => book.takeAlone(event, Date.now()));
    if (!delivery) return null;
    await this.#send(target, delivery, 'once');
    await this.#ring();
    return attemptsOf(this.ctx.storage.sql, null, 1, delivery.id)[0] ?? null;
  }

  async attempts(before: number | null, limit: number, delivery?: string): Promise<readonly LaneAttempt[]> {
    return attemptsOf(this.ctx.storage.sql, before, limit, delivery ?? null);
  }

  async replay(endpoint: EndpointId, wish: ReplayWish): Promise<number> {
    const count = this.#change((book) => {
      book.lane.endpoint = endpoint;
      return book.replay(wish, Date.now());
    });
    await this.#ring();
    return count;
  }

  async state(): Promise<LaneState> {
    const book = this.#read();
    const { waiting, failingSince } = book.lane;
    return { waiting, failingSince, nextAt: book.nextAt(Date.now(), new Set()) };
  }

  async discard(): Promise<void> {
    this.#book = null;
    this.#target = null;
    await this.ctx.storage.deleteAlarm();
    await this.ctx.storage.deleteAll();
    this.#clock.rang();
    migrate(this.ctx.storage, STEPS);
  }

  override async alarm(): Promise<void> {
    this.#clock.rang();
    try {
      const now = Date.now();
      const target = await this.#targetNow(now);
      // Told of by somebody who did not know yet that the endpoint is gone.
      if (target === null) return await this.discard();
      if (target.enabled) await this.#work(target, now + WORK_MS);
      await this.#tidy(target, Date.now());
    } finally {
      await this.#ring();
    }
  }

  /** Sends what is due, a few at a time, until nothing is or the time is over. */
  async #work(target: Target, until: number): Promise<void> {
    const running = new Set<Promise<void>>();
    for (;;) {
      while (running.size < this.#width() && Date.now() < until) {
        const delivery = this.#take(target.batchMax);
        if (!delivery) break;
        const sending = this.#send(target, delivery, 'again').finally(() => running.delete(sending));
        running.add(sending);
      }
      if (running.size === 0) return;
      await Promise.race(running);
    }
  }

  #width(): number {
    const { streak, pausedUntil } = this.#read().lane;
    if (pausedUntil > Date.now() || this.#target === null) return 0;
    return streak >= FAILING_STREAK ? 1 : WIDTH;
  }

  #take(batchMax: number): Delivery | null {
    return this.#change((book) => book.next(Date.now(), batchMax, this.#busy));
  }

  async #send(target: Target, delivery: Delivery, tries: 'once' | 'again'): Promise<void> {
    this.#busy.add(delivery.n);
    try {
      const sent = await sendTo(this.env, target, delivery);
      const trouble = this.#change((book) => this.#record(book, delivery, sent, tries));
      if (trouble !== null && tries === 'again') await this.#disable(target, trouble);
    } finally {
      this.#busy.delete(delivery.n);
    }
  }

  /** @returns why the endpoint is to be switched off; null = it is not */
  #record(book: Book, delivery: Delivery, sent: Sent, tries: 'once' | 'again'): EndpointTrouble | null {
    const { lane } = book;
    const now = Date.now();
    addAttempt(this.ctx.storage.sql, delivery.n, sent);
    if (sent.error === null) {
      book.tried(delivery, 'delivered', null);
      Object.assign(lane, { streak: 0, failingSince: null, pausedUntil: 0 });
      return null;
    }
    const nextAt = tries === 'once' ? null : nextTryAt(delivery.attempts + 1, delivery.beganAt, now, sent.retryAfterMs);
    book.tried(delivery, nextAt === null ? 'failed' : 'waiting', nextAt);
    // A test by hand says nothing of the traffic.
    if (tries === 'once') return null;
    lane.streak += 1;
    lane.failingSince ??= sent.at;
    if (sent.retryAfterMs !== null && ASKS_FOR_REST.has(sent.status)) lane.pausedUntil = now + sent.retryAfterMs;
    if (sent.status === GONE) return 'gone';
    return isOverdue(lane.failingSince, now) ? 'failing' : null;
  }

  /** Callbacks belong to single calls: nobody could switch their lane on again. */
  async #disable(target: Target, trouble: EndpointTrouble): Promise<void> {
    const { endpoint } = this.#read().lane;
    if (endpoint === null || target.kind === 'callback') return;
    this.#target = null;
    const now = Date.now();
    if (await disableEndpoint(this.#gateways, endpoint, trouble, now)) await tellOwners(this.#gateways, target, trouble, now);
  }

  async #tidy(target: Target, now: number): Promise<void> {
    if (this.#read().lane.tidiedAt + TIDY_EVERY_MS > now) return;
    const { failingSince, waiting } = this.#read().lane;
    // Tries may be hours apart, and none may come to see that the time is over.
    if (target.enabled && waiting > 0 && isOverdue(failingSince, now)) await this.#disable(target, 'failing');
    this.#change((book) => {
      const isOver = book.giveUpOverdue(now, target.batchMax) && book.tidy(now);
      if (isOver) book.lane.tidiedAt = now;
    });
  }

  async #targetNow(now: number): Promise<Target | null> {
    if (this.#target && this.#target.untilAt > now) return this.#target.value;
    const { endpoint } = this.#read().lane;
    const value = endpoint === null ? null : await openTarget(this.#gateways, endpoint, now);
    this.#target = { value, untilAt: now + TARGET_KNOWN_MS };
    return value;
  }

  #read(): Book {
    return (this.#book ??= new Book(this.ctx.storage.sql));
  }

  /** One transaction. When it fails, memory may be ahead of the storage: it is read again. */
  #change<T>(work: (book: Book) => T): T {
    const book = this.#read();
    try {
      return this.ctx.storage.transactionSync(() => {
        const result = work(book);
        book.save();
        return result;
      });
    } catch (thrown) {
      this.#book = null;
      throw thrown;
    }
  }

  /** Sets the alarm for whatever is due next. */
  async #ring(): Promise<void> {
    const book = this.#read();
    const now = Date.now();
    const { pausedUntil, tidiedAt } = book.lane;
    const tidyAt = book.isEmpty() ? null : tidiedAt + TIDY_EVERY_MS;
    // Of an endpoint that is off, or gone, nothing is due but the tidying.
    const isOff = this.#target !== null && this.#target.untilAt > now && !this.#target.value?.enabled;
    const workAt = isOff ? null : book.nextAt(now, this.#busy);
    const due = [workAt === null ? null : Math.max(workAt, pausedUntil), tidyAt].filter((at) => at !== null);
    if (due.length > 0) await this.#clock.ringBy(Math.max(now, Math.min(...due)));
  }
}
