/**
 * How many rows to ask a shard for. Many while a part is empty, so that calls are few; fewer and fewer towards its end, so that only few
 * rows reach beyond it: those bytes travel in the checkpoint.
 */
const FIRST_ROWS = 1_000;
const FEWEST_ROWS = 64;
/** What those few rows may take: they fit into a checkpoint (carry.ts). */
const FEWEST_ROWS_BYTES = 48 * 1024;
const MOST_ROWS = 10_000;
/** After a failed step: the rows may be so long that a usual batch was too much. */
const CAREFUL_ROWS = 500;
const BATCH_BYTES = 2 * 1024 * 1024;
/** Rows differ in length; the guess stays below the room that is left. */
const MARGIN = 0.9;

export class BatchSize {
  readonly #most: number;
  #bytesPerRow = 0;

  constructor(careful: boolean) {
    this.#most = careful ? CAREFUL_ROWS : MOST_ROWS;
  }

  /** @param room bytes until the part is full */
  rows(room: number): number {
    if (this.#bytesPerRow === 0) return Math.min(FIRST_ROWS, this.#most);
    const fitting = Math.floor((Math.min(room, BATCH_BYTES) / this.#bytesPerRow) * MARGIN);
    const fewest = Math.max(1, Math.min(FEWEST_ROWS, Math.floor(FEWEST_ROWS_BYTES / this.#bytesPerRow)));
    return Math.min(this.#most, Math.max(fewest, fitting));
  }

  /** Learns from a batch that came. */
  saw(rows: number, bytes: number): void {
    if (rows > 0) this.#bytesPerRow = bytes / rows;
  }
}
