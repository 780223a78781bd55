/** At most `perSecond` requests in any second, exactly: the times of the last `perSecond` taken ones, in a ring. */
export class Throttle {
  readonly #takenAt: Float64Array;
  #next = 0;

  constructor(perSecond: number) {
    this.#takenAt = new Float64Array(perSecond);
  }

  /** @returns 0 when the request is taken, else the milliseconds until one would be */
  take(now: number): number {
    const freeAt = (this.#takenAt[this.#next] ?? 0) + 1_000;
    if (now < freeAt) return Math.ceil(freeAt - now);
    this.#takenAt[this.#next] = now;
    this.#next = (this.#next + 1) % this.#takenAt.length;
    return 0;
  }
}
