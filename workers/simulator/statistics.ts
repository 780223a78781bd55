/** What the simulator has seen since it started or was reset. Counters only: a million messages cost what one costs. */
import { ClientRefs } from './client-refs';
import type { Fault } from '../rules/magic-numbers';
import type { ReceiptStatus } from '../rules/vonage-words';

export interface Statistics {
  /** Calls of /sms/json, whatever came of them. */
  readonly requests: number;
  /** Messages taken, including those whose answer was spoilt on purpose, and the parts that these were cut into. */
  readonly accepted: number;
  readonly parts: number;
  /** Client-refs of accepted messages. */
  readonly distinctRefs: number;
  /** Client-refs accepted more than once: each is one person who gets the same text again. A refused try does not count. */
  readonly repeats: number;
  /** The first of them, 20 at most. */
  readonly repeatExamples: readonly string[];
  /** Elements of `messages[]` (one a part) by their `status`, also those in answers that were spoilt. */
  readonly byStatus: Readonly<Record<string, number>>;
  readonly byFault: Readonly<Partial<Record<Fault, number>>>;
  readonly receipts: {
    /** Waiting for their time, their turn or their next try, and those on the wire. */
    readonly pending: number;
    /** Answered with 2xx. */
    readonly sent: number;
    /** Of the sent ones. */
    readonly byStatus: Readonly<Partial<Record<ReceiptStatus, number>>>;
    /** Tries answered with 429 or 5xx, or not at all: each was or will be tried again. */
    readonly retried: number;
    /** Given up: refused with another status, or not taken for 24 hours. */
    readonly failed: number;
  };
  readonly inbound: { readonly sent: number; readonly failed: number };
  /** Most requests within one clock second. */
  readonly peakPerSecond: number;
}

export class Counters {
  requests = 0;
  accepted = 0;
  parts = 0;
  readonly clientRefs = new ClientRefs();
  /** By status; 33 is the highest that there is. */
  readonly #statuses = new Float64Array(64);
  readonly #faults = new Map<Fault, number>();
  readonly #receipts = new Map<ReceiptStatus, number>();
  receiptsSent = 0;
  receiptsRetried = 0;
  receiptsFailed = 0;
  inboundSent = 0;
  inboundFailed = 0;
  #second = 0;
  #inSecond = 0;
  #peak = 0;

  countRequest(now: number): void {
    this.requests++;
    const second = Math.floor(now / 1_000);
    if (second !== this.#second) {
      this.#second = second;
      this.#inSecond = 0;
    }
    this.#inSecond++;
    if (this.#inSecond > this.#peak) this.#peak = this.#inSecond;
  }

  countStatus(status: number, elements: number): void {
    this.#statuses[status] = (this.#statuses[status] ?? 0) + elements;
  }

  countFault(fault: Fault): void {
    this.#faults.set(fault, (this.#faults.get(fault) ?? 0) + 1);
  }

  countReceiptSent(status: ReceiptStatus): void {
    this.receiptsSent++;
    this.#receipts.set(status, (this.#receipts.get(status) ?? 0) + 1);
  }

  /** @param pending receipts that the queue still holds */
  read(pending: number): Statistics {
    const byStatus: Record<string, number> = {};
    this.#statuses.forEach((count, status) => {
      if (count > 0) byStatus[status] = count;
    });
    return {
      requests: this.requests,
      accepted: this.accepted,
      parts: this.parts,
      distinctRefs: this.clientRefs.distinct,
      repeats: this.clientRefs.repeated,
      repeatExamples: [...this.clientRefs.examples],
      byStatus,
      byFault: Object.fromEntries(this.#faults),
      receipts: {
        pending,
        sent: this.receiptsSent,
        byStatus: Object.fromEntries(this.#receipts),
        retried: this.receiptsRetried,
        failed: this.receiptsFailed,
      },
      inbound: { sent: this.inboundSent, failed: this.inboundFailed },
      peakPerSecond: this.#peak,
    };
  }
}
