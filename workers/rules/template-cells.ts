/**
 * The texts of one template as csv cells, straight from the values of a row: what stands between the variables is encoded once and copied, and no
 * text is put together. A million rows of a task say the same words around their names and codes.
 */
import { NEEDS_QUOTES, QUOTE, writeCharacters } from './csv';
import { needsNeutralising } from './formulas';
import { isFilled, type BoundTemplate } from './text-variables';

const encoder = new TextEncoder();

export class TemplateCells {
  readonly #literals: readonly Uint8Array[];
  readonly #columns: readonly number[];
  readonly #isQuoted: boolean;
  /** Its first character is no value's, and begins no formula. */
  readonly #isHarmless: boolean;

  constructor({ template: { literals }, columns }: BoundTemplate) {
    const first = literals[0] ?? '';
    this.#columns = columns;
    // Whether a minus begins a formula depends on all that follows.
    this.#isHarmless = first !== '' && !first.startsWith('-') && !needsNeutralising(first);
    this.#isQuoted = literals.some((literal) => NEEDS_QUOTES.test(literal));
    this.#literals = literals.map((literal) => encoder.encode(this.#isQuoted ? literal.replaceAll('"', '""') : literal));
  }

  /** Bytes that the cell of these values takes at most. */
  mostBytes(values: readonly string[]): number {
    let most = 2;
    for (const { byteLength } of this.#literals) most += byteLength;
    for (const column of this.#columns) most += (values[column]?.length ?? 0) * 3;
    return most;
  }

  /**
   * @param into with room for `mostBytes` from `start` on
   * @returns the end of the cell; -1 for values that only the whole text can be judged with: one is missing, wants quotes or could begin a formula
   */
  write(values: readonly string[], into: Uint8Array, start: number): number {
    if (!this.#isHarmless) return -1;
    let end = start;
    if (this.#isQuoted) into[end++] = QUOTE;
    for (let at = 0; at < this.#literals.length; at++) {
      if (at > 0) {
        const value = values[this.#columns[at - 1] ?? -1];
        if (!isFilled(value)) return -1;
        end = writeCharacters(value, into, end, this.#isQuoted);
        if (end < 0) return -1;
      }
      const literal = this.#literals[at];
      if (!literal) continue;
      into.set(literal, end);
      end += literal.byteLength;
    }
    if (this.#isQuoted) into[end++] = QUOTE;
    return end;
  }
}
