/**
 * Rows on their way into a file of some format. A packer takes whole lines of csv and gives the bytes that stand in R2, a few megabytes of rows at a
 * time; between two of them its state is plain data, and one made from that state goes on as if nothing had happened. That is all a checkpoint needs.
 */
import type { BookState } from '../rules/export-checkpoint';

/** What a checkpoint keeps about the bytes so far. */
export interface PackedState {
  /** What users fetch, as far as it goes. */
  readonly bytes: number;
  /** Files that rest as gzip members: plain and packed size of each, in turns. */
  readonly members: readonly number[];
  /** Workbooks. */
  readonly book: BookState | null;
}

export interface RowPacker {
  /** @param lines whole lines of csv */
  add(lines: Uint8Array): void;
  /** Enough for a member: to be taken. */
  readonly isFull: boolean;
  /** Bytes of everything that was added since; empty when there is nothing. The state then speaks of all of it. */
  take(): Uint8Array;
  /** What ends the file, once. Nothing is added after it. */
  end(): Uint8Array;
  /** As in the state, without the rest of it. */
  readonly bytes: number;
  readonly state: PackedState;
}

/** Bytes of rows, unpacked, that are packed at once: large enough to pack well, small enough for a reader to unpack in one piece. */
export const MEMBER_BYTES = 2 * 1024 * 1024;
