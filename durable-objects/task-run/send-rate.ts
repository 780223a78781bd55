/** Messages a second over the last seconds, from the totals as they come in. In memory: an eviction starts it at 0. */
const WINDOW_MS = 5_000;

export class SendRate {
  #samples: { readonly at: number; readonly moved: number }[] = [];

  add(moved: number, now: number): void {
    this.#samples.push({ at: now, moved });
    // The last sample older than the window stays: it is where the window begins.
    while ((this.#samples[1]?.at ?? now) < now - WINDOW_MS) this.#samples.shift();
  }

  perSecond(now: number): number {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (!first || !last || last.at < now - WINDOW_MS || now === first.at) return 0;
    return Math.max(0, Math.round(((last.moved - first.moved) * 1_000) / (now - first.at)));
  }
}
