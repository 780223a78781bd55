/** Numbers that look like chance; the same seed gives the same. */
const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0 || 1;
  }

  /** 0 … limit - 1 (xorshift32). */
  below(limit: number): number {
    let state = this.#state;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    this.#state = state >>> 0;
    return this.#state % limit;
  }

  of<T>(all: readonly T[]): T {
    const found = all[this.below(all.length)];
    if (found === undefined) throw new Error('nothing to choose from');
    return found;
  }

  code(length: number): string {
    let text = '';
    for (let at = 0; at < length; at++) text += LETTERS[this.below(LETTERS.length)];
    return text;
  }

  /** How long a receipt takes, ms: mostly seconds, now and then hours. */
  receiptDelay(): number {
    const patience = this.below(1_000);
    if (patience < 960) return 1_200 + this.below(6_000) + this.below(4_000);
    return patience < 995 ? 10_000 + this.below(600_000) : 600_000 + this.below(40_000_000);
  }
}
