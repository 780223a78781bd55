/**
 * Receipts that are owed: a wheel of 20 ms slots for those whose time has not come, a line for those whose turn has not come, and a pump
 * that sends `receiptConcurrency` at once. One timer serves them all, and nothing runs while nothing is owed.
 *
 * The pump lives in the `waitUntil` of the request that found none running (workerd sets no end to it; Cloudflare would after 30 s, and the
 * next request starts another). What a restart loses: the receipts still owed. The platform must live with missing receipts anyway.
 */
import { backOffMs } from '../rules/back-off';
import type { Knobs } from './knobs';
import { receiptParameters } from './receipt';
import type { OwedReceipt } from './receipt';
import type { Counters } from './statistics';
import { callWebhook } from './webhook';

const SLOT_MS = 20;
/** A pump that has not moved for this long died with its request. */
const PUMP_DEAD_AFTER_MS = 2_000;
/** Vonage repeats a webhook after 5 s, doubling to 15 min, for 24 h: 5 + 10 + … + 640 s, then 94 times 15 min. */
const RETRY = { baseMs: 5_000, capMs: 900_000, jitter: 0 };
const TRIES_MAX = 102;

const slotOf = (time: number): number => Math.floor(time / SLOT_MS);
const sleep = (durationMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, durationMs));

export class ReceiptQueue {
  readonly #wheel = new Map<number, OwedReceipt[]>();
  /** The earliest slot that has not been emptied. */
  #slot = 0;
  #line: OwedReceipt[] = [];
  #lineStart = 0;
  #onWire = 0;
  #waiting = 0;
  #pump = 0;
  #pumpMovedAt = 0;
  #stopped = false;

  constructor(
    readonly knobs: () => Knobs,
    readonly counters: Counters,
  ) {}

  get pending(): number {
    return this.#waiting + this.#onWire;
  }

  add(receipt: OwedReceipt, dueAt: number): void {
    this.#waiting++;
    const slot = slotOf(dueAt);
    if (slot < this.#slot) {
      this.#line.push(receipt);
      return;
    }
    const others = this.#wheel.get(slot);
    if (others === undefined) this.#wheel.set(slot, [receipt]);
    else others.push(receipt);
  }

  /** Sees to it that somebody sends what is owed. Cheap: called by every request that owes a receipt. */
  keepMoving(context: Pick<ExecutionContext, 'waitUntil'>): void {
    const now = Date.now();
    if (now - this.#pumpMovedAt < PUMP_DEAD_AFTER_MS) return;
    this.#pumpMovedAt = now;
    context.waitUntil(this.#run(++this.#pump));
  }

  /** Sends one at once, in the caller's own time; a failed try is repeated like any other. */
  async sendNow(receipt: OwedReceipt): Promise<void> {
    this.#onWire++;
    await this.#send(receipt);
  }

  /** Drops everything that is owed; what is on the wire comes back to nobody. */
  stop(): void {
    this.#stopped = true;
    this.#wheel.clear();
    this.#line = [];
    this.#waiting = 0;
  }

  async #run(pump: number): Promise<void> {
    this.#onWire = 0; // what an earlier pump had on the wire died with it
    while (pump === this.#pump && !this.#stopped && this.pending > 0) {
      const now = Date.now();
      this.#pumpMovedAt = now;
      this.#comeDue(now);
      this.#fillWire();
      await sleep(SLOT_MS);
    }
    if (pump === this.#pump) this.#pumpMovedAt = 0;
  }

  /** Moves the slots whose time has come into the line. */
  #comeDue(now: number): void {
    const end = slotOf(now);
    if (this.#wheel.size === 0) {
      this.#slot = end;
      return;
    }
    // After a long sleep there are more slots than entries: then visit the entries instead.
    const due = end - this.#slot > this.#wheel.size ? [...this.#wheel.keys()].filter((slot) => slot < end).sort((a, b) => a - b) : null;
    if (due !== null) for (const slot of due) this.#takeSlot(slot);
    else for (let slot = this.#slot; slot < end; slot++) this.#takeSlot(slot);
    this.#slot = end;
  }

  #takeSlot(slot: number): void {
    const receipts = this.#wheel.get(slot);
    if (receipts === undefined) return;
    for (const receipt of receipts) this.#line.push(receipt);
    this.#wheel.delete(slot);
  }

  #fillWire(): void {
    const { receiptConcurrency } = this.knobs();
    while (this.#onWire < receiptConcurrency) {
      const receipt = this.#line[this.#lineStart];
      if (receipt === undefined) break;
      this.#lineStart++;
      this.#waiting--;
      this.#onWire++;
      void this.#send(receipt).then(() => this.#fillWire());
    }
    // The taken head is cut off now and then, so that the line does not grow for ever.
    if (this.#lineStart === this.#line.length || this.#lineStart > 10_000) {
      this.#line = this.#line.slice(this.#lineStart);
      this.#lineStart = 0;
    }
  }

  async #send(receipt: OwedReceipt): Promise<void> {
    const { message, wrongSignature } = receipt;
    const knobs = this.knobs();
    const { outcome } = await callWebhook(
      { url: message.receiptUrl, parameters: receiptParameters(receipt), account: message.account, wrongSignature },
      knobs,
    );
    this.#onWire = Math.max(0, this.#onWire - 1);
    if (this.#stopped) return;
    if (outcome === 'taken') this.counters.countReceiptSent(receipt.status);
    else if (outcome === 'refused' || ++receipt.failures >= TRIES_MAX) this.counters.receiptsFailed++;
    else {
      this.counters.receiptsRetried++;
      this.add(receipt, Date.now() + knobs.receiptRetryScale * backOffMs(receipt.failures, RETRY));
    }
  }
}
