/**
 * The carrier: knobs, counters, accounts and what is still owed. One a process, in the memory of the isolate (README.md says why that is enough
 * and what a restart forgets).
 */
import { Accounts } from './accounts';
import type { SimulatorEnv } from './env';
import { defaultKnobs } from './knobs';
import type { Knobs } from './knobs';
import { ReceiptQueue } from './receipt-queue';
import { RecentMessages } from './recent-messages';
import { Counters } from './statistics';
import type { Statistics } from './statistics';

/** Client-refs of magic numbers that fail at the first try only. */
const FIRST_TRIES_MAX = 10_000;

export class Carrier {
  readonly defaults: Knobs;
  knobs: Knobs;
  accounts: Accounts;
  counters = new Counters();
  receipts: ReceiptQueue;
  readonly #firstTries = new Set<string>();
  readonly recent = new RecentMessages();
  /** 8 hex digits of the time of birth, then 8 of a counter: an id never comes twice, not even after a restart. */
  readonly #idPrefix = Math.floor(Date.now() / 1_000)
    .toString(16)
    .toUpperCase()
    .padStart(8, '0');
  #lastId = 0;

  constructor(env: SimulatorEnv) {
    this.defaults = defaultKnobs(env);
    this.knobs = this.defaults;
    this.accounts = new Accounts(this.knobs);
    this.receipts = this.#newQueue();
  }

  /** Balances and throttles start anew only when a knob that they depend on has changed. */
  turn(knobs: Knobs): void {
    const old = this.knobs;
    this.knobs = knobs;
    const touched = (['accounts', 'throttlePerSecond', 'messagePrice', 'balance'] as const).some((name) => old[name] !== knobs[name]);
    if (touched) this.accounts = new Accounts(knobs);
  }

  /** Defaults, empty counters, nothing owed. */
  reset(): void {
    this.receipts.stop();
    this.knobs = this.defaults;
    this.accounts = new Accounts(this.knobs);
    this.counters = new Counters();
    this.receipts = this.#newQueue();
    this.#firstTries.clear();
    this.recent.clear();
  }

  statistics(): Statistics {
    return this.counters.read(this.receipts.pending);
  }

  newMessageId(): string {
    return this.#idPrefix + (++this.#lastId).toString(16).toUpperCase().padStart(8, '0');
  }

  /** @returns true once for each combination of recipient and client-ref */
  isFirstTry(to: string, clientRef: string | null): boolean {
    const key = `${to} ${clientRef ?? ''}`;
    if (this.#firstTries.has(key)) return false;
    if (this.#firstTries.size >= FIRST_TRIES_MAX) this.#firstTries.clear();
    this.#firstTries.add(key);
    return true;
  }

  #newQueue(): ReceiptQueue {
    return new ReceiptQueue(() => this.knobs, this.counters);
  }
}

let only: Carrier | null = null;
export const carrierOf = (env: SimulatorEnv): Carrier => (only ??= new Carrier(env));
