/** How many rows to ask a shard for: about as many as make one member of the file. */
import { MEMBER_BYTES } from './row-packer';

const FIRST_ROWS = 1_000;
const MOST_ROWS = 10_000;
/** After a failed step: the rows may be so long that a usual batch was too much. */
const CAREFUL_ROWS = 500;

export class BatchSize {
  readonly #most: number;
  #bytesPerRow = 0;

  constructor(careful: boolean) {
    this.#most = careful ? CAREFUL_ROWS : MOST_ROWS;
  }

  get rows(): number {
    const wanted = this.#bytesPerRow === 0 ? FIRST_ROWS : Math.ceil(MEMBER_BYTES / this.#bytesPerRow);
    return Math.min(this.#most, wanted);
  }

  /** Learns from a batch that came. */
  saw(rows: number, bytes: number): void {
    if (rows > 0) this.#bytesPerRow = bytes / rows;
  }
}
