/** Pauses between tries: doubling from a base up to a cap, shortened at random so that many losers do not come back together. */
export interface BackOff {
  /** Pause after the first failed try. */
  readonly baseMs: number;
  /** Longest pause. */
  readonly capMs: number;
  /** Share of the pause that chance may take away: 0 none, 1 all of it. */
  readonly jitter: number;
}

/**
 * @param attempt tries that have failed so far, from 1
 * @param random 0 ≤ x < 1, injected so that tests are exact
 * @returns whole milliseconds to wait
 */
export function backOffMs(attempt: number, { baseMs, capMs, jitter }: BackOff, random: () => number = Math.random): number {
  const full = Math.min(capMs, baseMs * 2 ** Math.max(0, attempt - 1));
  return Math.round(full * (1 - jitter * random()));
}
