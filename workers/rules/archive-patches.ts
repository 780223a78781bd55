/** How rows of a sealed shard stand now that stood otherwise when its file was written. */
import type { ArchiveMember, RowPatch } from '../../schema/protocol/archive';
import type { MessageState } from '../../schema/states';

export class Patches {
  readonly #patches: readonly RowPatch[];

  /** @param patches ascending by row, one a row */
  constructor(patches: readonly RowPatch[]) {
    this.#patches = patches;
  }

  get size(): number {
    return this.#patches.length;
  }

  /** Those of rows that are in such a state now. */
  into(isAsked: (state: MessageState) => boolean): Patches {
    return this.size === 0 ? this : new Patches(this.#patches.filter(({ state }) => isAsked(state)));
  }

  /** Those of rows of this member, ascending. */
  of({ firstRow, rows }: Pick<ArchiveMember, 'firstRow' | 'rows'>): readonly RowPatch[] {
    return this.size === 0 ? this.#patches : this.#patches.slice(this.#firstFrom(firstRow), this.#firstFrom(firstRow + rows));
  }

  /** How many are for rows below this one. */
  #firstFrom(row: number): number {
    let from = 0;
    let until = this.size;
    while (from < until) {
      const middle = (from + until) >> 1;
      if ((this.#patches[middle]?.row ?? row) < row) from = middle + 1;
      else until = middle;
    }
    return from;
  }
}

export const NO_PATCHES = new Patches([]);
