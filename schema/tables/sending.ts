/** D1: what is sent and what is made of it. Rows of messages live in shards, never here. */
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { ErrorCode, RowRejection } from '../errors';
import type { BlacklistImportId, ExportId, KeyId, ShardNumber, TaskId, TenantId, UploadId, UserId } from '../ids';
import type { SourceFile } from '../protocol/task-run';
import {
  DATASETS,
  EXPORT_FORMATS,
  EXPORT_KINDS,
  EXPORT_STATES,
  IMPORT_STATES,
  TASK_KINDS,
  TASK_STATES,
  TRAFFIC_KINDS,
  UPLOAD_STATES,
} from '../states';

/** Before the first number is added all lines are counted, so that a file that cannot be read leaves the list as it was. */
export interface ImportCheckpoint {
  readonly phase: 'counting' | 'adding';
  readonly source: SourceFile;
  /** rules/line-ranges; null at the beginning of a phase. */
  readonly scan: string | null;
}
export interface RefusedLine {
  /** From 1. */
  readonly line: number;
  readonly value: string;
  readonly reason: RowRejection;
}

export const uploads = sqliteTable(
  'uploads',
  {
    id: text('id').$type<UploadId>().primaryKey(),
    tenantId: text('tenant_id').$type<TenantId>().notNull(),
    userId: text('user_id').$type<UserId>().notNull(),
    fileName: text('file_name').notNull(),
    size: integer('size').notNull(),
    partBytes: integer('part_bytes').notNull(),
    /** R2's id of the multipart upload. */
    multipartId: text('multipart_id').notNull(),
    state: text('state', { enum: UPLOAD_STATES }).notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (t) => [index('uploads_tenant').on(t.tenantId, t.createdAt)],
);

/** Parts that R2 holds: what a resumed upload skips. */
export const uploadParts = sqliteTable(
  'upload_parts',
  {
    uploadId: text('upload_id').$type<UploadId>().notNull(),
    part: integer('part').notNull(),
    etag: text('etag').notNull(),
    size: integer('size').notNull(),
  },
  (t) => [primaryKey({ columns: [t.uploadId, t.part] })],
);

/** One row a task for lists; TaskRun owns the truth and writes absolute values here. */
export const tasks = sqliteTable(
  'tasks',
  {
    id: text('id').$type<TaskId>().primaryKey(),
    tenantId: text('tenant_id').$type<TenantId>().notNull(),
    kind: text('kind', { enum: TASK_KINDS }).notNull(),
    name: text('name').notNull(),
    userId: text('user_id').$type<UserId>().notNull(),
    keyId: text('key_id').$type<KeyId>().notNull(),
    /** File of numbers; a finished upload finds the tasks that wait for it by this. */
    uploadId: text('upload_id').$type<UploadId>(),
    sender: text('sender').notNull(),
    text: text('text').notNull(),
    state: text('state', { enum: TASK_STATES }).notNull(),
    createdAt: integer('created_at').notNull(),
    startsAt: integer('starts_at'),
    startedAt: integer('started_at'),
    endedAt: integer('ended_at'),
    /** Rows of the file; 0 until checked. */
    rows: integer('rows').notNull().default(0),
    valid: integer('valid').notNull().default(0),
    submitted: integer('submitted').notNull().default(0),
    delivered: integer('delivered').notNull().default(0),
    failed: integer('failed').notNull().default(0),
    cancelled: integer('cancelled').notNull().default(0),
    /** Estimate until the end, then what it cost. */
    costMicros: integer('cost_micros').notNull().default(0),
    /** JSON array of ISO codes, most messages first. */
    countries: text('countries', { mode: 'json' }).$type<string[]>().notNull(),
    /** TaskRun's own counter: an older write never overwrites a newer one. */
    version: integer('version').notNull().default(0),
  },
  (t) => [index('tasks_tenant').on(t.tenantId, t.createdAt), index('tasks_state').on(t.state), index('tasks_upload').on(t.uploadId)],
);

/** The homes of messages. `n` is the first half of every message id. */
export const shards = sqliteTable(
  'shards',
  {
    n: integer('n').$type<ShardNumber>().primaryKey({ autoIncrement: true }),
    tenantId: text('tenant_id').$type<TenantId>().notNull(),
    keyId: text('key_id').$type<KeyId>().notNull(),
    kind: text('kind', { enum: TRAFFIC_KINDS }).notNull(),
    taskId: text('task_id').$type<TaskId>(),
    /** Revision of the task's content; older revisions are discarded. */
    revision: integer('revision').notNull().default(0),
    /** API shards: UTC day, YYYY-MM-DD. */
    day: text('day'),
    createdAt: integer('created_at').notNull(),
    /** When its first message was accepted for sending; null = not (yet) part of the log. */
    startedAt: integer('started_at'),
    /** A file of imported messages has a number as well, so that ids and cursors are the same everywhere. */
    dataset: text('dataset', { enum: DATASETS }).notNull().default('current'),
  },
  (t) => [
    index('shards_tenant').on(t.tenantId, t.startedAt),
    index('shards_task').on(t.taskId, t.revision),
    index('shards_day').on(t.keyId, t.day),
  ],
);

/** Files that are read into blacklists. Figures and checkpoint are absolute and written together: a repeated step writes the same again. */
export const blacklistImports = sqliteTable(
  'blacklist_imports',
  {
    id: text('id').$type<BlacklistImportId>().primaryKey(),
    tenantId: text('tenant_id').$type<TenantId>().notNull(),
    keyId: text('key_id').$type<KeyId>().notNull(),
    userId: text('user_id').$type<UserId>().notNull(),
    uploadId: text('upload_id').$type<UploadId>().notNull(),
    fileName: text('file_name').notNull(),
    state: text('state', { enum: IMPORT_STATES }).notNull(),
    /** How far it is; null before the file was unpacked. */
    checkpoint: text('checkpoint', { mode: 'json' }).$type<ImportCheckpoint>(),
    /** Of the phase that runs. */
    bytesDone: integer('bytes_done').notNull().default(0),
    bytesTotal: integer('bytes_total').notNull().default(0),
    /** Lines that are not blank, and what became of them; what is in neither was on the list already, or twice in the file. */
    lines: integer('lines').notNull().default(0),
    added: integer('added').notNull().default(0),
    refused: integer('refused').notNull().default(0),
    /** The first of them. */
    named: text('named', { mode: 'json' }).$type<readonly RefusedLine[]>().notNull(),
    error: text('error', { mode: 'json' }).$type<{
      readonly code: ErrorCode;
      readonly details: Readonly<Record<string, string | number>>;
    }>(),
    createdAt: integer('created_at').notNull(),
    progressAt: integer('progress_at').notNull(),
    finishedAt: integer('finished_at'),
  },
  (t) => [index('blacklist_imports_key').on(t.tenantId, t.keyId, t.createdAt), index('blacklist_imports_state').on(t.state, t.progressAt)],
);

export const exportJobs = sqliteTable(
  'exports',
  {
    id: text('id').$type<ExportId>().primaryKey(),
    tenantId: text('tenant_id').$type<TenantId>().notNull(),
    userId: text('user_id').$type<UserId>().notNull(),
    kind: text('kind', { enum: EXPORT_KINDS }).notNull(),
    format: text('format', { enum: EXPORT_FORMATS }).notNull(),
    fileName: text('file_name').notNull(),
    /** JSON: the filters, the time zone, the locale: everything needed to run it again. */
    request: text('request', { mode: 'json' }).$type<unknown>().notNull(),
    state: text('state', { enum: EXPORT_STATES }).notNull(),
    /** JSON: position, multipart id, part etags; null before the first step. */
    checkpoint: text('checkpoint', { mode: 'json' }).$type<unknown>(),
    rows: integer('rows').notNull().default(0),
    /** Upper bound for the progress bar. */
    rowsExpected: integer('rows_expected').notNull().default(0),
    bytes: integer('bytes').notNull().default(0),
    error: text('error'),
    createdAt: integer('created_at').notNull(),
    progressAt: integer('progress_at').notNull(),
    finishedAt: integer('finished_at'),
    downloads: integer('downloads').notNull().default(0),
  },
  (t) => [index('exports_tenant').on(t.tenantId, t.createdAt), index('exports_state').on(t.state, t.progressAt)],
);

/** Queue messages that no consumer could finish; operators look here. Bodies hold ids only. */
export const deadLetters = sqliteTable('dead_letters', {
  id: integer('id').primaryKey({ autoIncrement: true }),
  body: text('body').notNull(),
  at: integer('at').notNull(),
});
