/** Every state, once, with the groups that code asks about. */

export const MESSAGE_STATES = [
  'accepted',
  'queued',
  'submitted',
  'delivered',
  'failed',
  'expired',
  'rejected',
  'unknown',
  'blocked',
  'cancelled',
] as const;
export type MessageState = (typeof MESSAGE_STATES)[number];

/** What a shard stores: the index of the state in MESSAGE_STATES. Append only. */
export const messageStateCode = (state: MessageState): number => MESSAGE_STATES.indexOf(state);
/** More than there will ever be of them: a class and a state are packed into one number, `class * STATE_CODES + state`. */
export const STATE_CODES = 16;

export const FINAL_MESSAGE_STATES = ['delivered', 'failed', 'expired', 'rejected', 'unknown', 'blocked', 'cancelled'] as const;
/** Final states that a later receipt may still correct (product "Message life"). */
export const CORRECTABLE_MESSAGE_STATES = ['unknown', 'expired'] as const;
/** What figures call sent: the carrier has taken it. */
export const SENT_MESSAGE_STATES = ['submitted', 'delivered', 'failed', 'expired', 'unknown'] as const;
/** What figures call failed: final and not delivered, other than by the user's own will. */
export const MISSED_MESSAGE_STATES = ['failed', 'expired', 'rejected', 'unknown'] as const;
/** What totals count apart, in the order of their columns; `accepted` holds what is queued as well. */
export const COUNTED_MESSAGE_STATES = [
  'accepted',
  'submitted',
  'delivered',
  'failed',
  'expired',
  'rejected',
  'unknown',
  'blocked',
  'cancelled',
] as const satisfies readonly MessageState[];
/** Final states of which totals say why: what failed, and what was never let out. */
export const REASONED_MESSAGE_STATES = ['failed', 'expired', 'rejected', 'unknown', 'blocked'] as const;
export type ReasonedState = (typeof REASONED_MESSAGE_STATES)[number];
export const asReasonedState = (state: MessageState): ReasonedState | null =>
  REASONED_MESSAGE_STATES.find((reasoned) => reasoned === state) ?? null;
/** Never reached the carrier, so it costs nothing. */
export const FREE_MESSAGE_STATES = ['blocked', 'cancelled', 'rejected'] as const;
export const isFreeState = (state: MessageState): boolean => FREE_MESSAGE_STATES.some((free) => free === state);

export const TASK_STATES = [
  'draft', // form saved, numbers still missing or uploading
  'checking', // the file is being read
  'checked', // waits for the user's confirmation
  'scheduled', // confirmed, starts later
  'running',
  'paused', // by the user: before its start or while running
  'stopping', // stop asked for; shards are cancelling what was not submitted
  'finished', // every message final (or no longer waited for)
  'stopped', // ended by the user, every message final
  'cancelled', // given up before it started
  'refused', // the file could not be read; reason in the task
] as const;
export type TaskState = (typeof TASK_STATES)[number];
export const ENDED_TASK_STATES = ['finished', 'stopped', 'cancelled', 'refused'] as const;

export const TASK_ACTIONS = ['confirm', 'edit', 'pause', 'resume', 'stop', 'cancel'] as const;
export type TaskAction = (typeof TASK_ACTIONS)[number];
/** Which actions a task allows in which state; the console shows exactly these, TaskRun refuses all others. */
const TASK_ACTIONS_IN: Record<TaskState, readonly TaskAction[]> = {
  draft: ['edit', 'cancel'],
  checking: ['edit', 'cancel'],
  checked: ['confirm', 'edit', 'cancel'],
  scheduled: ['edit', 'pause', 'cancel'],
  running: ['pause', 'stop'],
  paused: ['resume', 'stop'], // a task paused before its start also allows edit and cancel, see taskActions
  stopping: [],
  finished: [],
  stopped: [],
  cancelled: [],
  refused: ['edit', 'cancel'],
};
/** @param startedAt null while nothing was released: a task paused before its start is edited and cancelled, not stopped. */
export function taskActions(state: TaskState, startedAt: number | null): readonly TaskAction[] {
  if (state === 'paused' && startedAt === null) return ['resume', 'edit', 'cancel'];
  return TASK_ACTIONS_IN[state];
}

export const UPLOAD_STATES = ['open', 'complete', 'aborted'] as const;
export type UploadState = (typeof UPLOAD_STATES)[number];

/** Of a file that is read into a blacklist. */
export const IMPORT_STATES = ['running', 'done', 'failed'] as const;
export type ImportState = (typeof IMPORT_STATES)[number];

/** Files of data from before July 2021, and why a row of one is refused (docs/legacy-import.md). */
export const LEGACY_FILE_KINDS = ['messages', 'tasks'] as const;
export type LegacyFileKind = (typeof LEGACY_FILE_KINDS)[number];
export type LegacyRefusalReason =
  | 'missing'
  | 'invalid'
  | 'too_long'
  | 'not_before_july_2021'
  | 'not_final'
  | 'duplicate'
  | 'too_many_cells';

export const EXPORT_STATES = ['queued', 'running', 'ready', 'failed', 'cancelled', 'expired'] as const;
export type ExportState = (typeof EXPORT_STATES)[number];
/** What can be exported: the log, a task's cost statement and what of it was not delivered, the task overview, a report, a key's blacklist. */
export const EXPORT_KINDS = ['log', 'statement', 'failures', 'tasks', 'report', 'blacklist'] as const;
export type ExportKind = (typeof EXPORT_KINDS)[number];
/** As what; the word is also the end of the file's name. */
export const EXPORT_FORMATS = ['csv', 'csv.gz', 'xlsx'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export const TRAFFIC_KINDS = ['marketing', 'transactional'] as const;
export type TrafficKind = (typeof TRAFFIC_KINDS)[number];
export const TASK_KINDS = ['international', 'domestic'] as const;
export const USER_ROLES = ['owner', 'sender', 'viewer'] as const;
export type UserRole = (typeof USER_ROLES)[number];
export const LOCALES = ['zh-CN', 'en'] as const;
export type Locale = (typeof LOCALES)[number];
export const TEXT_TYPES = ['auto', 'text', 'unicode'] as const;
export type TextType = (typeof TEXT_TYPES)[number];

/** What a log belongs to: the platform's own, or the imported messages from before July 2021. */
export const DATASETS = ['current', 'legacy'] as const;
export type Dataset = (typeof DATASETS)[number];

/** What mainland sending needs an operator's word for. */
export const APPROVAL_KINDS = ['sender', 'signature', 'template'] as const;
export type ApprovalKind = (typeof APPROVAL_KINDS)[number];
export const APPROVAL_STATES = ['pending', 'approved', 'refused', 'withdrawn'] as const;
export type ApprovalState = (typeof APPROVAL_STATES)[number];
export const APPROVAL_ACTIONS = ['applied', 'approved', 'refused', 'withdrawn'] as const;
export type ApprovalAction = (typeof APPROVAL_ACTIONS)[number];

/** What an endpoint may subscribe to. */
export const WEBHOOK_EVENTS = ['receipt', 'inbound'] as const;
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number];
/** Final states that a receipt webhook tells of. `blocked` was in the answer to the request, `cancelled` is the customer's own doing. */
export const TOLD_MESSAGE_STATES = ['delivered', 'failed', 'expired', 'rejected', 'unknown'] as const;
/** What is the matter with an endpoint that the platform switched off. */
export const ENDPOINT_TROUBLES = ['failing', 'gone'] as const;
export type EndpointTrouble = (typeof ENDPOINT_TROUBLES)[number];

/** What of a country's traffic jumped: how much there is, or how much of it fails. */
export const JUMP_KINDS = ['volume', 'failures'] as const;
export type JumpKind = (typeof JUMP_KINDS)[number];
