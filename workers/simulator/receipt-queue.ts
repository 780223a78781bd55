/**
 * Receipts that are owed, and the pump that sends them: `receiptConcurrency` at once, one timer for all, nothing running while nothing is owed.
 *
 * Connections need an invocation to live in, and workerd allows one invocation 10 000 of them. So the request that finds no pump running
 * keeps, in its `waitUntil`, asking the ReceiptPump entrypoint for one invocation after another, each for SHIFT_SENDS receipts.
 * What a restart loses: the receipts still owed. The platform must live with missing receipts anyway.
 */
import { backOffMs } from '../rules/back-off';
import { DueWheel, SLOT_MS } from './due-wheel';
import { HttpLanes } from './http-lane';
import type { Knobs } from './knobs';
import { receiptParameters } from './receipt';
import type { OwedReceipt } from './receipt';
import type { Counters } from './statistics';
import { callWebhook } from './webhook';

/** Where a pump can live. */
export interface PumpHouse {
  waitUntil(promise: Promise<unknown>): void;
  /** One shift in an invocation of its own. @returns whether receipts are still owed */
  shift(): Promise<boolean>;
}

/** What one invocation has sent, and what it waits for. */
interface Shift {
  sends: number;
  onWire: number;
  readonly lanes: HttpLanes;
}

const SHIFT_SENDS = 5_000;
/** A pump that has not moved for this long died with its request. */
const DEAD_AFTER_MS = 2_000;
/** Vonage repeats a webhook after 5 s, doubling to 15 min, for 24 h: 5 + 10 + … + 640 s, then 94 times 15 min. */
const RETRY = { baseMs: 5_000, capMs: 900_000, jitter: 0 };
const TRIES_MAX = 102;

const sleep = (durationMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, durationMs));

export class ReceiptQueue {
  readonly #knobs: () => Knobs;
  readonly #counters: Counters;
  readonly #owed = new DueWheel<OwedReceipt>();
  #onWire = 0;
  #movedAt = 0;
  #stopped = false;

  constructor(knobs: () => Knobs, counters: Counters) {
    this.#knobs = knobs;
    this.#counters = counters;
  }

  get pending(): number {
    return this.#owed.size + this.#onWire;
  }

  add(receipt: OwedReceipt, dueAt: number): void {
    this.#owed.add(receipt, dueAt);
  }

  /** Sees to it that somebody sends what is owed. Cheap: every request that owes a receipt calls it. */
  keepMoving(house: PumpHouse): void {
    const now = Date.now();
    if (now - this.#movedAt < DEAD_AFTER_MS) return;
    this.#movedAt = now;
    house.waitUntil(this.#pump(house));
  }

  async #pump(house: PumpHouse): Promise<void> {
    while (await house.shift());
    this.#movedAt = 0;
  }

  /** Sends what comes due until nothing is owed, or until this invocation has sent its share. */
  async workShift(): Promise<boolean> {
    const shift: Shift = { sends: 0, onWire: 0, lanes: new HttpLanes() };
    while (shift.onWire > 0 || (this.#owed.size > 0 && shift.sends < SHIFT_SENDS)) {
      this.#movedAt = Date.now();
      this.#owed.turn(this.#movedAt);
      this.#fillWire(shift);
      await sleep(SLOT_MS);
    }
    shift.lanes.close();
    return this.#owed.size > 0;
  }

  /** Every receipt that comes back makes room for the next, without waiting for the timer. */
  #fillWire(shift: Shift): void {
    const { receiptConcurrency } = this.#knobs();
    while (shift.onWire < receiptConcurrency && shift.sends < SHIFT_SENDS) {
      const receipt = this.#owed.take();
      if (receipt === undefined) return;
      shift.sends++;
      shift.onWire++;
      void this.#sendInShift(receipt, shift);
    }
  }

  async #sendInShift(receipt: OwedReceipt, shift: Shift): Promise<void> {
    await this.send(receipt, shift.lanes);
    shift.onWire--;
    this.#fillWire(shift);
  }

  /** Sends one now, in the caller's invocation; a try that failed is owed again, later. */
  async send(receipt: OwedReceipt, lanes: HttpLanes): Promise<void> {
    const { message, wrongSignature } = receipt;
    const knobs = this.#knobs();
    this.#onWire++;
    const { outcome } = await callWebhook(
      { url: message.receiptUrl, parameters: receiptParameters(receipt), account: message.account, wrongSignature },
      knobs,
      lanes,
    );
    this.#onWire--;
    if (this.#stopped) return;
    if (outcome === 'taken') this.#counters.countReceiptSent(receipt.status);
    else if (outcome === 'refused' || ++receipt.failures >= TRIES_MAX) this.#counters.receiptsFailed++;
    else {
      this.#counters.receiptsRetried++;
      this.add(receipt, Date.now() + knobs.receiptRetryScale * backOffMs(receipt.failures, RETRY));
    }
  }

  /** Drops everything that is owed; what is on the wire counts for nobody. */
  stop(): void {
    this.#stopped = true;
    this.#owed.clear();
  }
}
