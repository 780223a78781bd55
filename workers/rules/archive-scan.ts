/** Goes through the rows of one unpacked member and stops at those that match. */
import type { ArchiveMember } from '../../schema/protocol/archive';
import { countryCell, finalCell, nextRow, senderCell } from './archive-cells';
import type { ArchiveFilter } from './archive-filter';
import { archiveHeader } from './archive-lines';

const HEADER = archiveHeader();
const UNKNOWN = -1;

export class ArchiveScan {
  readonly bytes: Uint8Array;
  readonly #filter: ArchiveFilter | null;
  /** Rows to stop at whatever the filter says, in order: what the file says of them is no longer true. */
  readonly #always: readonly number[];
  #alwaysAt = 0;
  /** Where the next row starts; UNKNOWN while nobody has walked to the end of this one. */
  #next: number;
  /** Number of the row at which it stands, and where that row, its `final_at` and its `country` start. */
  row: number;
  start = 0;
  final = 0;
  country = 0;

  /** @param filter null = every row */
  constructor(bytes: Uint8Array, { firstRow }: Pick<ArchiveMember, 'firstRow'>, filter: ArchiveFilter | null, always: readonly number[]) {
    this.bytes = bytes;
    this.#filter = filter;
    this.#always = always;
    this.row = firstRow - 1;
    // Only the first member of a file begins with the header; ids have no small letters.
    this.#next = bytes[0] === HEADER[0] ? HEADER.length : 0;
  }

  /** Goes on to the next row that matches. @returns false when there is none */
  next(): boolean {
    const { bytes } = this;
    const filter = this.#filter;
    const { length } = bytes;
    let start = this.#next === UNKNOWN ? nextRow(bytes, senderCell(this.country)) : this.#next;
    let { row } = this;
    while (start < length) {
      row += 1;
      const final = finalCell(bytes, start);
      const country = countryCell(bytes, final);
      if (filter === null || filter.matches(bytes, start, country) || this.#isAlways(row)) {
        this.row = row;
        this.start = start;
        this.final = final;
        this.country = country;
        this.#next = UNKNOWN;
        return true;
      }
      start = nextRow(bytes, senderCell(country));
    }
    this.row = row;
    this.#next = length;
    return false;
  }

  /** Where the row ends at which it stands. @param cell a cell of this row from which on to look: the further the better */
  endFrom(cell: number): number {
    if (this.#next === UNKNOWN) this.#next = nextRow(this.bytes, cell);
    return this.#next;
  }

  /** Goes on so that the next row is the first one above row number `after`. Before the first `next`. */
  skipTo(after: number): void {
    const { bytes } = this;
    const { length } = bytes;
    while (this.row < after && this.#next < length) {
      this.row += 1;
      this.#next = nextRow(bytes, this.#next);
    }
  }

  #isAlways(row: number): boolean {
    const always = this.#always;
    while ((always[this.#alwaysAt] ?? Infinity) < row) this.#alwaysAt += 1;
    return always[this.#alwaysAt] === row;
  }
}
