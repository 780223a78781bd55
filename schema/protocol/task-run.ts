/** What callers and a TaskRun say to each other. */
import type { ApprovalId, CarrierAccountId, Iso2, KeyId, ShardNumber, TaskId, TenantId, UploadId, UserId } from '../ids';
import type { ErrorCode, RowRejection } from '../errors';
import type { TaskState, TextType } from '../states';
import type { ShardTotals } from './message-shard';

/** What the user wrote in the form. Changing it re-checks the file: parts and prices depend on it. */
export interface TaskContent {
  readonly name: string;
  readonly sender: string;
  readonly text: string;
  readonly textType: TextType;
  readonly key: KeyId;
  readonly upload: UploadId | null;
  /** 开启手机号校验: drop numbers and countries on the key's blacklist. */
  readonly checkNumbers: boolean;
  readonly callbackUrl: string | null;
  /** Of a domestic task: what operators approved. `text` begins with the signature. Absent or null = international. */
  readonly domestic?: DomesticChoice | null;
}

export interface DomesticChoice {
  readonly signature: ApprovalId;
  readonly template: ApprovalId;
}

export interface TaskSettings extends TaskContent {
  readonly task: TaskId;
  readonly tenant: TenantId;
  readonly createdBy: UserId;
  readonly createdAt: number;
  readonly carrierAccount: CarrierAccountId;
  /** A test key's task costs nothing. */
  readonly test: boolean;
}

/** What the split found: byte ranges [start, end) with their line counts. */
export interface PlannedRange {
  readonly start: number;
  readonly end: number;
  /** Number in the file of its first row, from 1. */
  readonly firstLine: number;
  readonly lines: number;
}

/** What a consumer of a check needs to know; all but `range` is the same for every range of a revision. */
export interface CheckPlan {
  readonly settings: TaskSettings;
  readonly revision: number;
  readonly shards: readonly ShardNumber[];
  /** null until unpack found it. */
  readonly source: SourceFile | null;
  /** The range asked for; null when none was. */
  readonly range: PlannedRange | null;
  /** Columns of the file; [] before the header was read. */
  readonly columns: readonly string[];
  readonly hasHeader: boolean;
  /** Micro-EUR of one part by ISO code, as they were when the file was split: every range, and every repeat of one, sees the same. */
  readonly prices: Readonly<Record<string, number>>;
  /** Mainland numbers are for domestic tasks alone, as it was when the file was split. */
  readonly mainlandClosed: boolean;
  /** Those that the key may send to, as they were when the file was split; null = any. */
  readonly countries: readonly Iso2[] | null;
}

/** What is fixed when the file is split. */
export type CheckTerms = Pick<CheckPlan, 'prices' | 'mainlandClosed' | 'countries'>;

/** What keeps a task from sending, though its user wants it to: it pauses. */
export type TaskHindrance = Extract<ErrorCode, 'key_disabled' | 'approval_gone'>;

export interface SourceFile {
  /** R2 key of the UTF-8/GB18030 csv that the ranges cut. */
  readonly key: string;
  readonly size: number;
  readonly encoding: 'utf-8' | 'gb18030';
  readonly bomLength: number;
  readonly delimiter: string;
}

export interface RangeResult {
  readonly rows: number;
  readonly valid: number;
  readonly invalid: number;
  readonly duplicates: number;
  readonly blacklisted: number;
  readonly parts: number;
  readonly costMicros: number;
  readonly byCountry: Readonly<Record<string, { messages: number; parts: number; costMicros: number }>>;
  readonly byRejection: Readonly<Partial<Record<RowRejection, number>>>;
  readonly byEncoding: Readonly<{ gsm7: number; ucs2: number }>;
  /** Longest message of the range, in parts, and the values of its first valid row (for the preview). */
  readonly maxParts: number;
  readonly sample: readonly string[] | null;
}

export type TransitionOutcome = { readonly ok: true; readonly state: TaskState } | { readonly ok: false; readonly state: TaskState };

/** The whole truth about one task, as the console shows it. */
export interface TaskSnapshot {
  readonly settings: TaskSettings;
  readonly state: TaskState;
  readonly revision: number;
  readonly refusal: { readonly code: string; readonly details: Readonly<Record<string, string | number>> } | null;
  /** Of a paused task: why the platform paused it; null = its user did. */
  readonly hindrance: TaskHindrance | null;
  readonly startsAt: number | null;
  readonly confirmedAt: number | null;
  readonly startedAt: number | null;
  /** When the last of its messages had left, by the reports of its shards; null while some wait. */
  readonly submittedAt: number | null;
  readonly endedAt: number | null;
  readonly check: {
    readonly phase: 'none' | 'unpacking' | 'splitting' | 'reading' | 'done';
    readonly bytesDone: number;
    readonly bytesTotal: number;
    readonly startedAt: number | null;
    readonly finishedAt: number | null;
    readonly columns: readonly string[];
    readonly totals: RangeResult;
  };
  readonly sending: {
    readonly byState: ShardTotals['byState'];
    readonly costMicros: number;
    readonly shardsDone: number;
    readonly shards: number;
    /** Messages that left `accepted` during the last seconds, a second. */
    readonly perSecond: number;
  };
}

/** The RPC surface that durable-objects/task-run.ts implements. All calls are idempotent. */
export interface TaskRunApi {
  create(settings: TaskSettings): Promise<void>;
  /** New content (any number of times before the start): a new revision; shards of the old one are discarded. `check` when an upload is complete. */
  edit(content: TaskContent, carrierAccount: CarrierAccountId, test: boolean): Promise<TransitionOutcome>;
  /** Starts the check of the uploaded file: queues unpack or split. */
  check(): Promise<TransitionOutcome>;
  /** null when the revision is no longer checked, or `range` has already come back. */
  plan(revision: number, range?: number): Promise<CheckPlan | null>;
  progress(revision: number, phase: 'unpacking' | 'splitting', bytesDone: number, bytesTotal: number): Promise<void>;
  /** unpack found this csv. */
  unpacked(revision: number, source: SourceFile): Promise<void>;
  /** Checkpoint of the split, opaque to the object. */
  splitCheckpoint(revision: number): Promise<{ readonly scanner: string | null; readonly ranges: number }>;
  /** Ranges found since the checkpoint; `from` = number of the first, so that a repeat adds nothing. */
  rangesFound(revision: number, from: number, ranges: readonly PlannedRange[], scanner: string): Promise<void>;
  /** The split is over: columns known, shards allotted; ranges begin. */
  splitDone(
    revision: number,
    columns: readonly string[],
    hasHeader: boolean,
    shards: readonly ShardNumber[],
    terms: CheckTerms,
  ): Promise<void>;
  rangeDone(revision: number, range: number, result: RangeResult): Promise<void>;
  refuse(revision: number, code: string, details: Readonly<Record<string, string | number>>): Promise<void>;
  /** The cost of `revision` was reserved in the ledger under `taskReference`. Another revision than the one checked is refused: nobody saw it. */
  confirm(startsAt: number | null, revision: number): Promise<TransitionOutcome>;
  pause(): Promise<TransitionOutcome>;
  resume(): Promise<TransitionOutcome>;
  stop(): Promise<TransitionOutcome>;
  cancel(): Promise<TransitionOutcome>;
  /** A shard's absolute totals. */
  report(shard: ShardNumber, totals: ShardTotals): Promise<void>;
  snapshot(): Promise<TaskSnapshot | null>;
  shards(): Promise<readonly ShardNumber[]>;
  /** Cron repair: looks whether something is stuck and sets the alarm again. */
  wake(): Promise<void>;
  /** Makes a task that ended long ago, whose shards are filled. @throws Error unless the platform runs locally */
  fillEnded(
    settings: TaskSettings,
    startedAt: number,
    endedAt: number,
    columns: readonly string[],
    totals: RangeResult,
    shards: readonly ShardNumber[],
  ): Promise<void>;
}
