/** Files that hold the rows of sealed shards, and what came too late for them. */
import type { Iso2 } from '../ids';
import type { MessageState } from '../states';

/** Rows of a member: enough that they pack as well as in one piece, few enough that one row is read at once (docs/decisions). */
export const ARCHIVE_MEMBER_ROWS = 8_000;
/** Lines of long texts: a member ends with the one that reaches this, so that whoever reads or writes it holds little more. */
export const ARCHIVE_MEMBER_BYTES = 4 * 1024 * 1024;
/** Distinct senders that a member's index names; of more it says nothing. */
export const MEMBER_SENDERS_MAX = 16;

/** Messages of one country and state. */
export type MemberTally = readonly [country: Iso2, state: MessageState, messages: number];
/** As MemberTally, for the whole file; what is free (states.FREE_MESSAGE_STATES) costs 0. */
export type FileTally = readonly [country: Iso2, state: MessageState, messages: number, parts: number, costMicros: number];

/** One gzip member. Other tools read the file as a whole; the platform reads single members. */
export interface ArchiveMember {
  /** Where it lies in the file, bytes. */
  readonly offset: number;
  readonly packedBytes: number;
  readonly plainBytes: number;
  /** Row numbers of a member follow each other without gaps. */
  readonly firstRow: number;
  readonly rows: number;
  /** When its first and last row were received, ms UTC. */
  readonly fromAt: number;
  readonly untilAt: number;
  /** Exact: what is not listed is not there. */
  readonly tally: readonly MemberTally[];
  /** null when there are more than MEMBER_SENDERS_MAX. */
  readonly senders: readonly string[] | null;
}

/** A member as D1 keeps it; `tally` is country, state code, messages, country, … Read by rules/archive-index.ts. */
export type PackedMember = readonly [
  offset: number,
  packedBytes: number,
  plainBytes: number,
  firstRow: number,
  rows: number,
  fromAt: number,
  untilAt: number,
  tally: readonly (string | number)[],
  senders: readonly string[] | null,
];

/** What a receipt changed in a row after its shard was sealed: how the row stands now, so that applying it twice does no harm. */
export interface RowPatch {
  readonly row: number;
  readonly state: MessageState;
  readonly error: string | null;
  readonly network: string | null;
  readonly finalAt: number | null;
}
