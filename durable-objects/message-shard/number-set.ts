/**
 * The recipients of a task's slice, to drop the second of two. Open addressing over one typed array: 12 to 24 bytes a number, none of
 * them an object that the garbage collector must visit. Holds positive integers below 2^53.
 */
const EMPTY = 0;
const SMALLEST = 4_096;
const TWO_32 = 2 ** 32;

export class NumberSet {
  #slots = new Float64Array(SMALLEST);
  #mask = SMALLEST - 1;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** @returns false when the number was there already. */
  add(number: number): boolean {
    if (this.#size * 3 >= this.#slots.length * 2) this.#grow();
    return this.#place(number);
  }

  #place(number: number): boolean {
    const slots = this.#slots;
    // Neighbouring phone numbers differ in their low bits only: both halves are mixed, and the high bits folded down.
    let slot = Math.imul(number | 0, 0x9e3779b1) ^ Math.imul(Math.floor(number / TWO_32), 0x85ebca6b);
    slot = (slot ^ (slot >>> 15)) & this.#mask;
    for (;;) {
      const found = slots[slot];
      if (found === number) return false;
      if (found === EMPTY) {
        slots[slot] = number;
        this.#size += 1;
        return true;
      }
      slot = (slot + 1) & this.#mask;
    }
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Float64Array(old.length * 2);
    this.#mask = this.#slots.length - 1;
    this.#size = 0;
    for (const number of old) if (number !== EMPTY) this.#place(number);
  }
}
