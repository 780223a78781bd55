/** The latest accepted messages, kept by sender: a campaign of one does not push out what another sent. */
import type { Order } from './check-order';

/** Messages kept of each sender. */
const RECENT_MAX = 1_000;
/** Senders with messages; the one that has been silent longest goes first. */
const SENDERS_MAX = 32;

export interface RecentMessage extends Order {
  readonly messageIds: readonly string[];
  /** When the request came, ISO 8601 with milliseconds. */
  readonly at: string;
}

interface Kept {
  readonly order: Order;
  readonly messageIds: readonly string[];
  readonly at: number;
  /** Grows from message to message. */
  readonly number: number;
}

interface Ring {
  readonly kept: Kept[];
  next: number;
}

export class RecentMessages {
  /** By sender, in the order of their newest messages. */
  readonly #rings = new Map<string, Ring>();
  #lastSender: string | null = null;
  #count = 0;

  add(order: Order, messageIds: readonly string[], at: number): void {
    const ring = this.#ringOf(order.from);
    ring.kept[ring.next] = { order, messageIds, at, number: ++this.#count };
    ring.next = (ring.next + 1) % RECENT_MAX;
  }

  /** Newest first. */
  find(wanted: (message: Order) => boolean, limit: number): RecentMessage[] {
    return [...this.#rings.values()]
      .flatMap(({ kept }) => kept)
      .filter(({ order }) => wanted(order))
      .toSorted((a, b) => b.number - a.number)
      .slice(0, limit)
      .map(({ order, messageIds, at }) => ({ ...order, messageIds, at: new Date(at).toISOString() }));
  }

  clear(): void {
    this.#rings.clear();
    this.#lastSender = null;
  }

  #ringOf(sender: string): Ring {
    const known = this.#rings.get(sender);
    if (known && sender === this.#lastSender) return known;
    this.#lastSender = sender;
    const ring = known ?? { kept: [], next: 0 };
    this.#rings.delete(sender);
    this.#rings.set(sender, ring);
    const [silent] = this.#rings.keys();
    if (this.#rings.size > SENDERS_MAX && silent !== undefined) this.#rings.delete(silent);
    return ring;
  }
}
