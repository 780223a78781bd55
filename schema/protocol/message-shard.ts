/**
 * What callers and a MessageShard say to each other. Rows cross the RPC boundary as JSON text (`…Json`), the fastest
 * form measured (one string, `json_each(?)` inside); the tuple types here are what that text holds.
 */
import type { CarrierAccountId, Iso2, KeyId, MessageId, ShardNumber, TaskId, TenantId } from '../ids';
import type { BlockReason } from '../errors';
import type { RowPatch } from './archive';
import type { SpentByShard } from './objects';
import type { MessageState, TextType, TrafficKind } from '../states';

/** Everything that all rows of a shard share, written once. */
export interface ShardSettings {
  readonly shard: ShardNumber;
  readonly tenant: TenantId;
  readonly key: KeyId;
  readonly carrierAccount: CarrierAccountId;
  readonly traffic: TrafficKind;
  readonly origin: 'task' | 'api';
  /** null for API shards. */
  readonly task: TaskId | null;
  readonly taskName: string | null;
  /** Sender of all rows; API rows carry their own. */
  readonly sender: string;
  /** Body with {{variables}} of a task; '' where rows carry their own text. */
  readonly text: string;
  readonly textType: TextType;
  /** Columns of the file, in order: what the values of a TaskRow belong to. */
  readonly columns: readonly string[];
  /** Customer endpoint for receipts of this task, if another than the key's. */
  readonly callbackUrl: string | null;
  /** Test keys cost nothing and never leave for a real carrier. */
  readonly test: boolean;
}

/**
 * One row as a shard takes it: recipient (E.164 digits as a number, ≤ 15 digits so exact), country, parts, price in micro-EUR, and what
 * differs. `blocked`: the message is final from the start and never leaves.
 */
type AcceptedRow<Content> = [
  recipient: number,
  country: Iso2,
  parts: number,
  priceMicros: number,
  content: Content,
  blocked?: BlockReason | null,
];
/** The values of the columns that the task's text uses, in order; null where it uses none. Kept as JSON text. */
export type TaskRow = AcceptedRow<readonly string[] | null>;
/** JSON text of OwnContent. */
export type ApiRow = AcceptedRow<string>;

/** What an API row says for itself. */
export interface OwnContent {
  readonly text: string;
  readonly sender: string;
  readonly ref: string | null;
  /** Absent: as the shard's settings say. */
  readonly type?: TextType;
  /** How long the carrier tries; absent: as long as it likes. */
  readonly ttlMs?: number;
  /** Where the receipts of this message go, instead of the key's endpoints, and in whose words. */
  readonly callback?: string;
  readonly callbackStyle?: 'vonage';
}

/** How messages of one request are accepted. */
export interface AcceptOptions {
  /** ms UTC; the shard queues them itself when it is time. Until then they can be cancelled. */
  readonly notBefore?: number;
  /** Only if the tenant's balance covers them; what they cost counts as spent from then on. */
  readonly isPaid?: boolean;
  /** Kept with the repeat key, for `acceptedBefore`; up to BOUND_CHARACTERS. */
  readonly note?: string;
}

export interface MessagesAccepted {
  readonly firstRow: number;
  readonly count: number;
  /** To be queued by the caller; none: nothing leaves yet, or another caller of the same moment queues it. */
  readonly chunks: readonly number[];
}
export interface AcceptedBefore extends MessagesAccepted {
  /** What the call had noted. */
  readonly note: string | null;
}
/** `full`: another shard takes them. `availableMicros`: all that the tenant has, and too little; nothing was accepted. */
export type MessagesAnswer = MessagesAccepted | { readonly full: true } | { readonly availableMicros: number };

export interface RangeAccepted {
  readonly inserted: number;
  /** Positions in the concatenated rows of the call that this task already holds. */
  readonly duplicates: readonly number[];
}

/** A row on its way to the carrier. `text` is already rendered. */
export interface OutgoingMessage {
  readonly row: number;
  readonly id: MessageId;
  readonly to: string;
  readonly from: string;
  readonly text: string;
  /** Where the message has its own, instead of the claim's. */
  readonly textType?: TextType;
  readonly ttlMs?: number;
}

export type SendOutcome =
  /** The carrier took it. One id a part, in order. */
  | { readonly kind: 'submitted'; readonly carrierIds: readonly string[]; readonly network: string | null }
  /** Some parts taken, some not: never repeated; final once the receipts of the taken parts are in, as failed. */
  | { readonly kind: 'partial'; readonly carrierIds: readonly string[]; readonly network: string | null; readonly error: string }
  /** The carrier refused it for good: costs nothing. `error` is a code of rules/vonage-status. */
  | { readonly kind: 'rejected'; readonly error: string }
  /** Surely not taken: may be tried again after `delayMs`. */
  | { readonly kind: 'retry'; readonly error: string; readonly delayMs: number }
  /** The answer was lost: waits for its receipt, never repeated. */
  | { readonly kind: 'unanswered' };

export interface SendResult {
  readonly row: number;
  readonly outcome: SendOutcome;
}

/**
 * Answer to a claim. A chunk is claimed a few rows at a time (CLAIM_MESSAGES): each claim is durable before the first of its
 * rows goes out, so a crash leaves only those rows unanswered and the rest of the chunk is released again.
 */
export type Claim =
  | {
      readonly kind: 'go';
      readonly messages: readonly OutgoingMessage[];
      readonly last: boolean;
      readonly carrierAccount: CarrierAccountId;
      readonly textType: TextType;
      /** Of a test key: goes to nobody. */
      readonly test: boolean;
    }
  /** Nothing more to send in this chunk: all claimed, paused, stopped, released to another lease, or claimed by another delivery. */
  | { readonly kind: 'none' };

/** One receipt for a row of this shard. */
export interface RowReceipt {
  readonly row: number;
  readonly carrierId: string;
  /** Vonage's word: accepted, buffered, delivered, expired, failed, rejected, unknown. */
  readonly status: string;
  readonly errorCode: number | null;
  readonly network: string | null;
  readonly receivedAt: number;
}

/** Absolute counts; repeating a report changes nothing. */
export interface ShardTotals {
  readonly rows: number;
  readonly byState: Readonly<Partial<Record<MessageState, number>>>;
  /** Price of all rows that are not free (states.FREE_MESSAGE_STATES), micro-EUR. */
  readonly costMicros: number;
  readonly parts: number;
  /** Nothing left to release, claim or wait for. */
  readonly done: boolean;
  /** Grows with every change, so that a late report can't overwrite a newer one. */
  readonly version: number;
}

export interface ShardFilter {
  /** E.164 digits, whole number. */
  readonly to?: string;
  readonly states?: readonly MessageState[];
  readonly countries?: readonly Iso2[];
  /** Sender, exactly. */
  readonly from?: string;
  readonly receivedFrom?: number;
  readonly receivedUntil?: number;
}

/** One message as the log shows it. Numbers are E.164 digits without plus. */
export interface LogRow {
  readonly id: MessageId;
  readonly task: TaskId | null;
  readonly taskName: string | null;
  readonly key: KeyId;
  readonly kind: TrafficKind;
  readonly receivedAt: number;
  readonly submittedAt: number | null;
  /** Time of the receipt or of whatever else made it final. */
  readonly finalAt: number | null;
  readonly country: Iso2;
  readonly from: string;
  readonly to: string;
  readonly state: MessageState;
  /** Code of rules/vonage-status or of the platform; null when there is none. */
  readonly error: string | null;
  readonly network: string | null;
  readonly parts: number;
  readonly priceMicros: number;
  readonly body: string;
  readonly ref: string | null;
}

/** A row that was sent long ago, for filling a platform with what it would hold; times as in LogRow, `state` is its index in MESSAGE_STATES. */
export type FinishedRow = [
  recipient: number,
  country: Iso2,
  parts: number,
  priceMicros: number,
  content: string | null,
  state: number,
  error: string | null,
  network: string | null,
  /** null in a task, whose rows share its start. */
  acceptedAt: number | null,
  submittedAt: number | null,
  finalAt: number | null,
];

/** In place of rows: the shard was sealed, its rows are in the archive. Whoever listed it as live looks again. */
export interface Sealed {
  readonly sealed: true;
}
export const isSealed = (answer: object): answer is Sealed => 'sealed' in answer;

/** The RPC surface that durable-objects/message-shard.ts implements. All calls are idempotent. */
export interface MessageShardApi {
  /** Makes the shard (or finds it made, with the same settings). */
  open(settings: ShardSettings): Promise<void>;
  /** Places the rows of one range of a task; a second call for the same range answers the same and changes nothing. Rows are not released before `start`. */
  acceptRange(range: number, slicesJson: readonly string[]): Promise<RangeAccepted>;
  /** Accepts API messages, all or none, and leases them at once. `repeatKey` makes a repeat answer the same. */
  acceptMessages(rowsJson: string, acceptedAt: number, repeatKey: string | null, options?: AcceptOptions): Promise<MessagesAnswer>;
  /** For the ledger alone: nothing more is spent without asking it again. */
  giveBack(): Promise<SpentByShard>;
  /** What a call with this repeat key was answered; null when there was none. */
  acceptedBefore(repeatKey: string): Promise<AcceptedBefore | null>;
  /** Cancels a message that waits for its `notBefore`; false when it does not wait (any more). */
  cancelScheduled(row: number): Promise<boolean>;
  /** Begins (or resumes) releasing rows. `at` of the first of these three calls is when a task's rows were received: they are in the log from then on. */
  start(at: number): Promise<void>;
  /** No claim succeeds after this returns. Rows already claimed finish. A shard that never started waits for its turn. */
  pause(at: number): Promise<void>;
  /** As pause, for ever: what was not claimed becomes `cancelled`, in the background. */
  stop(at: number): Promise<void>;
  /** Drops everything (a task edited or cancelled before its start). */
  discard(): Promise<void>;
  /** Settles `results` of rows of this chunk that were claimed before, and claims the next rows of the chunk. `position` = rows of the chunk claimed by this consumer so far; another delivery's position does not match and gets `none`. */
  claim(chunk: number, position: number, resultsJson: string): Promise<Claim>;
  /** Writes results of rows of this chunk without claiming more. */
  settle(chunk: number, resultsJson: string): Promise<void>;
  /** Calls of the same moment are one transaction, and its counts the answer of each. */
  applyReceipts(receiptsJson: string): Promise<{ readonly applied: number; readonly ignored: number }>;
  totals(): Promise<ShardTotals>;
  find(row: number): Promise<LogRow | Sealed | null>;
  /** Newest first: rows with a number below `before`. */
  page(filter: ShardFilter, before: number | null, limit: number): Promise<readonly LogRow[] | Sealed>;
  /** Oldest first from row number `after`, at most `maxRows` and fewer when they are long; `next` is where to go on, null when the shard ends. */
  rowsAfter(
    filter: ShardFilter,
    after: number,
    maxRows: number,
  ): Promise<{ readonly rows: readonly LogRow[]; readonly next: number | null } | Sealed>;
  /** Oldest first from row number `after`: csv lines as UTF-8 bytes (LOG_COLUMNS of rules/log-lines), how many rows they are and where to go on; null when the shard ends. */
  exportLines(
    filter: ShardFilter,
    after: number,
    maxRows: number,
    format: LineFormat,
  ): Promise<{ readonly bytes: Uint8Array; readonly rows: number; readonly next: number | null } | Sealed>;
  /** How archived rows stand that changed since, from row `fromRow` on, ascending, `PATCHES_AT_ONCE` at most; applying one twice does no harm. */
  patches(fromRow: number): Promise<readonly RowPatch[]>;
  /** Into the archive at once, however short the quiet was. @returns false when something still waits (a receipt, a report) or another shard has its turn */
  seal(): Promise<boolean>;
  /** Writes the shard's file anew with its patches. @returns false when another shard has its turn */
  fold(): Promise<boolean>;
  /** Adds finished rows in bulk; `start` then says when they were received. @throws Error unless the platform runs locally */
  fill(rowsJson: string): Promise<void>;
}

export interface LineFormat {
  readonly timeZone: string;
  readonly locale: 'zh-CN' | 'en';
  /** Users without the right to see numbers get masked ones. */
  readonly maskNumbers: boolean;
  /** The tenant masks one-time codes. */
  readonly maskBodies: boolean;
}
