/** What callers and a MainlandCaps say to each other. */
import type { BlockReason } from '../errors';
import type { ShardNumber } from '../ids';

export type FrequencyReason = Extract<BlockReason, 'too_many_identical' | 'too_many_different'>;

/** `body`: 0 … 2^52, a keyed hash of the text. */
export type MainlandText = [recipient: number, body: number];

/** Rows of a shard that were judged, and those of them that may not go. */
export interface JudgedRows {
  /** Row number of the last one judged: at least as far as was asked, further when an earlier call had asked further. */
  readonly last: number;
  readonly blocked: readonly (readonly [row: number, reason: FrequencyReason])[];
}

/** One per tenant: how often which text went to which mainland number, over all its keys and tasks. */
export interface MainlandCapsApi {
  /** JSON array text of MainlandText → one a text, in order: under which number it was counted, or why it may not go. */
  count(textsJson: string): Promise<readonly (number | FrequencyReason)[]>;
  /** They did not go after all. */
  takeBack(numbers: readonly number[]): Promise<void>;
  /**
   * As `count`, for rows first … last of a task's shard, of which `textsJson` holds the mainland ones as [row, recipient, body][]. The same
   * `first` again is answered as before and counts nothing twice.
   */
  countRows(shard: ShardNumber, first: number, last: number, textsJson: string): Promise<JudgedRows>;
}
