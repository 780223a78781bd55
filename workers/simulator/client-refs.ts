/**
 * Which client-refs have been accepted, and which more than once, at 26 bytes a ref at most and no work for the garbage collector.
 * A ref is kept as a 64-bit fingerprint: among a million refs two differ and collide with a chance of 3 in 10^8.
 */
const FIRST_CAPACITY = 1 << 14;
const EXAMPLES_MAX = 20;

export class ClientRefs {
  #capacity = FIRST_CAPACITY;
  /** The fingerprint of a slot, two words. */
  #words = new Uint32Array(2 * FIRST_CAPACITY);
  /** 0: the slot is empty; 1: seen once; 2: more often. */
  #times = new Uint8Array(FIRST_CAPACITY);
  #distinct = 0;
  #repeated = 0;
  readonly #examples: string[] = [];

  get distinct(): number {
    return this.#distinct;
  }
  /** Refs accepted more than once. */
  get repeated(): number {
    return this.#repeated;
  }
  /** The first of them, 20 at most. */
  get examples(): readonly string[] {
    return this.#examples;
  }

  add(ref: string): void {
    let low = 0x811c9dc5;
    let high = 0x9e3779b9;
    for (let at = 0; at < ref.length; at++) {
      const unit = ref.charCodeAt(at);
      low = Math.imul(low ^ unit, 0x01000193);
      high = Math.imul(high ^ unit, 0x85ebca6b);
    }
    low = scatter(low ^ (high >>> 7));
    high = scatter(high ^ ref.length);
    const slot = this.#find(low, high);
    const times = this.#times[slot] ?? 0;
    if (times === 0) {
      this.#words[2 * slot] = low;
      this.#words[2 * slot + 1] = high;
      this.#times[slot] = 1;
      this.#distinct++;
      if (this.#distinct * 10 > this.#capacity * 7) this.#grow();
    } else if (times === 1) {
      this.#times[slot] = 2;
      this.#repeated++;
      if (this.#examples.length < EXAMPLES_MAX) this.#examples.push(ref);
    }
  }

  /** The slot that holds this fingerprint, or the empty one where it belongs. */
  #find(low: number, high: number): number {
    const mask = this.#capacity - 1;
    const words = this.#words;
    for (let slot = (low ^ high) & mask; ; slot = (slot + 1) & mask) {
      if (this.#times[slot] === 0) return slot;
      if (words[2 * slot] === low && words[2 * slot + 1] === high) return slot;
    }
  }

  #grow(): void {
    const { words, times } = { words: this.#words, times: this.#times };
    this.#capacity *= 2;
    this.#words = new Uint32Array(2 * this.#capacity);
    this.#times = new Uint8Array(this.#capacity);
    for (let old = 0; old < times.length; old++) {
      const low = words[2 * old] ?? 0;
      const high = words[2 * old + 1] ?? 0;
      if (times[old] === 0) continue;
      const slot = this.#find(low, high);
      this.#words[2 * slot] = low;
      this.#words[2 * slot + 1] = high;
      this.#times[slot] = times[old] ?? 1;
    }
  }
}

/** Final mix of MurmurHash3: every bit of the input moves every bit of the output. */
function scatter(word: number): number {
  let mixed = word;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
