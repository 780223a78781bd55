/** Things with a time: a wheel of slots for those whose time has not come, a line, in order, for those whose time has. No timer a thing. */
export const SLOT_MS = 20;
/** The taken head of the line is cut off when it is this long. */
const CUT_AFTER = 10_000;

const slotOf = (time: number): number => Math.floor(time / SLOT_MS);

export class DueWheel<Thing> {
  readonly #wheel = new Map<number, Thing[]>();
  /** The earliest slot that has not been emptied. */
  #slot = 0;
  #line: Thing[] = [];
  #lineStart = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** @param dueAt ms; comes due up to one slot later, at once when it lies in the past */
  add(thing: Thing, dueAt: number): void {
    this.#size++;
    const slot = slotOf(dueAt);
    if (slot < this.#slot) {
      this.#line.push(thing);
      return;
    }
    const others = this.#wheel.get(slot);
    if (others === undefined) this.#wheel.set(slot, [thing]);
    else others.push(thing);
  }

  /** Moves what has come due into the line. */
  turn(now: number): void {
    const end = slotOf(now);
    // After a long sleep there are more slots than filled ones: then visit these instead.
    if (end - this.#slot > this.#wheel.size) for (const slot of [...this.#wheel.keys()].sort((a, b) => a - b)) this.#takeSlot(slot, end);
    else for (let slot = this.#slot; slot < end; slot++) this.#takeSlot(slot, end);
    this.#slot = Math.max(this.#slot, end);
  }

  /** The first in the line; undefined when it is empty. */
  take(): Thing | undefined {
    const thing = this.#line[this.#lineStart];
    if (thing === undefined) return undefined;
    this.#size--;
    this.#lineStart++;
    if (this.#lineStart === this.#line.length || this.#lineStart === CUT_AFTER) {
      this.#line = this.#line.slice(this.#lineStart);
      this.#lineStart = 0;
    }
    return thing;
  }

  clear(): void {
    this.#wheel.clear();
    this.#line = [];
    this.#lineStart = 0;
    this.#size = 0;
  }

  #takeSlot(slot: number, end: number): void {
    const things = slot < end ? this.#wheel.get(slot) : undefined;
    if (things === undefined) return;
    for (const thing of things) this.#line.push(thing);
    this.#wheel.delete(slot);
  }
}
