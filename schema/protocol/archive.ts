/** Files that hold the rows of sealed shards, and what came too late for them. */
import type { Iso2, ShardNumber } from '../ids';
import type { MessageState } from '../states';

/** Rows of a member: few enough that one row is read at once, enough that they pack as well as in one piece (docs/decisions). */
export const ARCHIVE_MEMBER_ROWS = 1_000;
/** Lines of long texts: a member ends with the one that reaches this, so that whoever reads or writes it holds little more. */
export const ARCHIVE_MEMBER_BYTES = 4 * 1024 * 1024;

/** One gzip member. Other tools read the file as a whole; the platform reads single members. */
export interface ArchiveMember {
  /** In the order of the file, from 0. */
  readonly number: number;
  /** Where it lies in the file, bytes. */
  readonly offset: number;
  readonly packedBytes: number;
  readonly plainBytes: number;
  /** Rows of a file are numbered from 1 without gaps. */
  readonly firstRow: number;
  readonly rows: number;
  /** When its first and last row were received, ms UTC. */
  readonly fromAt: number;
  readonly untilAt: number;
}

/** A member as D1 keeps it, read by rules/archive-index.ts; times count from the file's first row. */
export type PackedMember = readonly [packedBytes: number, plainBytes: number, rows: number, fromAt: number, untilAt: number];

/** Messages of one country, state and sender in a file. All cells of a file together are exact: what is not listed is not there. */
export interface ArchiveCell {
  readonly country: Iso2;
  readonly state: MessageState;
  /** OTHER_SENDERS = one of those beyond the first SENDERS_PER_SHARD. */
  readonly sender: string;
  readonly messages: number;
  /** Which members they lie in: number of the member, messages in it, and so on, ascending. */
  readonly members: readonly number[];
}

/** A shard whose members a number index names, and how many they are. */
export type NumberedShard = readonly [shard: ShardNumber, members: number];

/** What of a filter the cells of a file answer; `countries` and `states` are never empty. */
export interface Outcome {
  readonly countries?: readonly Iso2[];
  readonly states?: readonly MessageState[];
  readonly from?: string;
}

/** An answer of a shard stays far below the 32 MiB of a call. */
export const PATCHES_AT_ONCE = 20_000;

/** What a receipt changed in a row after its shard was sealed: how the row stands now, so that applying it twice does no harm. */
export interface RowPatch {
  readonly row: number;
  readonly state: MessageState;
  readonly error: string | null;
  readonly network: string | null;
  readonly finalAt: number | null;
}
