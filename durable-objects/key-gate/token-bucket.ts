import type { KeyRate } from '../../schema/protocol/objects';

/** Tokens of one key: `perSecond` flow in, at most one second's worth is kept. A request of more tokens than the bucket holds waits for a full one. */
export class TokenBucket {
  #tokens = Number.POSITIVE_INFINITY;
  #filledAt = 0;

  /** @returns 0 when the tokens were taken, else how many ms until they would be there. */
  take(tokens: number, perSecond: number, now: number): number {
    const size = Math.max(1, perSecond);
    const held = this.#held(size, now);
    this.#filledAt = now;
    // More than a full bucket is lent: the bucket goes below zero, and whoever comes next waits it out.
    const needed = Math.min(tokens, size);
    if (held < needed) {
      this.#tokens = held;
      return Math.max(1, Math.ceil(((needed - held) / size) * 1_000));
    }
    this.#tokens = held - tokens;
    return 0;
  }

  /** Whether `take` would take them. */
  holds(tokens: number, perSecond: number, now: number): boolean {
    const size = Math.max(1, perSecond);
    return this.#held(size, now) >= Math.min(tokens, size);
  }

  #held(size: number, now: number): number {
    const elapsedMs = Math.max(0, now - this.#filledAt);
    return Math.min(size, this.#tokens + (elapsedMs / 1_000) * size);
  }

  /** As it stands after the last `take`. */
  rate(perSecond: number): KeyRate {
    const size = Math.max(1, perSecond);
    const held = Math.min(size, this.#tokens);
    return { limit: size, remaining: Math.max(0, Math.floor(held)), resetMs: Math.ceil(((size - held) / size) * 1_000) };
  }
}
