/**
 * What the console asks of the platform: the verbs behind its pages and behind its JSON routes (`/api/…`), and the shapes they
 * answer. `ConsoleServices` is bound to real verbs in workers/http/services.ts and handed to Qwik as `platform.services`; the
 * console imports types only, so nothing is bundled twice. A verb throws AppError for named refusals.
 */
import type { ApprovalFile, ApprovalForm, ApprovalItem, ApprovalView, DomesticFacts, DomesticOptions } from './approvals';
import type {
  ApprovalId,
  ChallengeId,
  ExportId,
  Iso2,
  KeyId,
  NoticeId,
  SenderId,
  SessionId,
  TaskId,
  TenantId,
  UploadId,
  UserId,
} from './ids';
import type { ExportListFilter, ExportRequest, ExportView } from './exports';
import type { BlacklistServices, KeyServices } from './keys';
import type { NewUserForm, Operator, OperatorServices, UserForm, UserItem } from './operators';
import type { LogRow, ShardFilter } from './protocol/message-shard';
import type { TaskContent, TaskSnapshot } from './protocol/task-run';
import type { FieldError } from './errors';
import type { Report, ReportDimension, ReportFilter, ReportNames, ReportPicture, ReportReason } from './reports';
import type {
  ApprovalKind,
  ApprovalState,
  Dataset,
  Locale,
  TaskAction,
  TaskState,
  TextType,
  TrafficKind,
  UploadState,
  UserRole,
} from './states';
import type { TemplateServices, TemplateView } from './templates';
import type { WebhookServices } from './webhooks';

/** Who acts, for which tenant, from where. Made from a session cookie and from nothing else. */
export interface Actor {
  readonly tenant: TenantId;
  readonly tenantName: string;
  readonly user: UserId;
  readonly session: SessionId;
  readonly name: string;
  readonly email: string;
  readonly role: UserRole;
  readonly locale: Locale;
  readonly timeZone: string;
  readonly address: string;
  readonly mustChangePassword: boolean;
  /** The tenant never has one-time codes shown in full. */
  readonly masksBodies: boolean;
}

/** `viewer` sees masked numbers and starts nothing. */
export const seesNumbers = (actor: Actor): boolean => actor.role !== 'viewer';
export const maySend = (actor: Actor): boolean => actor.role !== 'viewer';

export interface Page<T> {
  readonly rows: readonly T[];
  /** Opaque; null on the last page. */
  readonly cursor: string | null;
}

// ── Sign-in ──
export type Login = { readonly email: string } | { readonly region: string; readonly phone: string };
export interface Visitor {
  readonly address: string;
  readonly userAgent: string;
  readonly locale: Locale;
}
export interface Challenge {
  readonly challenge: ChallengeId;
  /** Where the code went, masked: `d•••@example.com`, `+86 •••• 1234`. Computed from what was typed, so it tells nothing. */
  readonly sentTo: string;
  readonly resendAt: number;
}
export interface SignedIn {
  /** Complete `Set-Cookie` value of the session. */
  readonly cookie: string;
  readonly mustChangePassword: boolean;
}

// ── Profile ──
export interface SessionView {
  readonly id: SessionId;
  readonly current: boolean;
  readonly createdAt: number;
  readonly address: string;
  readonly userAgent: string;
}
export interface ProfileView {
  readonly name: string;
  readonly email: string;
  readonly phones: readonly string[];
  readonly department: string;
  readonly role: UserRole;
  readonly createdAt: number;
  readonly lastSignInAt: number | null;
  /** The latest, newest first: SIGN_INS_SHOWN of them. */
  readonly signIns: readonly { readonly at: number; readonly address: string }[];
  readonly sessions: readonly SessionView[];
}

/** A user of the tenant, as filters list them. */
interface ColleagueView {
  readonly id: UserId;
  readonly name: string;
}

// ── Shell and home ──
export interface NoticeView {
  readonly id: NoticeId;
  readonly title: string;
  readonly body: string;
  readonly postedAt: number;
}
export interface BalanceView {
  readonly balanceMicros: number;
  readonly reservedMicros: number;
  readonly availableMicros: number;
  readonly currency: string;
}
export interface LedgerLine {
  readonly n: number;
  readonly kind: 'top_up' | 'reserve' | 'settle';
  readonly micros: number;
  /** Of what the messages of a key cost: when that grew last. */
  readonly at: number;
  /** Of the payment, or whatever else it is about. */
  readonly reference: string;
  readonly task: TaskId | null;
  /** The messages of this key on this UTC day. */
  readonly key: KeyId | null;
  readonly day: string | null;
}
interface DayTotals {
  /** YYYY-MM-DD in the user's zone. */
  readonly day: string;
  readonly submitted: number;
  readonly delivered: number;
  readonly failed: number;
}
export interface HomeView {
  readonly today: { readonly submitted: number; readonly delivered: number; readonly failed: number; readonly costMicros: number };
  /** What was submitted yesterday by the same time, the begun hour in proportion. */
  readonly submittedYesterday: number;
  /** Why messages of today failed, most messages first. */
  readonly failures: readonly ReportReason[];
  readonly days: readonly DayTotals[];
  readonly countries: readonly { readonly country: Iso2; readonly messages: number; readonly delivered: number; readonly failed: number }[];
  readonly running: readonly TaskListItem[];
  readonly notices: readonly NoticeView[];
}

// ── Tasks ──
export interface TaskFormOptions {
  readonly senders: readonly { readonly id: SenderId; readonly value: string }[];
  /** Changed last first. */
  readonly templates: readonly Pick<TemplateView, 'id' | 'name' | 'body' | 'samples'>[];
  readonly domestic: DomesticOptions;
  /** Marketing keys that are on. */
  readonly keys: readonly { readonly id: KeyId; readonly name: string; readonly test: boolean }[];
}
export interface TaskListFilter {
  readonly state?: TaskState;
  readonly id?: string;
  readonly name?: string;
  readonly country?: Iso2;
  readonly user?: UserId;
  readonly createdFrom?: number;
  readonly createdUntil?: number;
  readonly cursor?: string;
}
export interface TaskListItem {
  readonly id: TaskId;
  readonly name: string;
  readonly state: TaskState;
  readonly userName: string;
  readonly sender: string;
  readonly createdAt: number;
  readonly startsAt: number | null;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly rows: number;
  readonly valid: number;
  readonly submitted: number;
  readonly delivered: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly costMicros: number;
  readonly countries: readonly Iso2[];
  readonly actions: readonly TaskAction[];
}
/** A task of the old platform: figures only, its state in the words of then. */
export interface LegacyTaskItem {
  readonly id: string;
  readonly name: string;
  readonly userName: string;
  readonly state: string;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly messages: number;
  readonly sent: number;
  readonly delivered: number;
  readonly failed: number;
  readonly costMicros: number;
}
/** What tasks from before July 2021 can be found by. */
export type LegacyTaskFilter = Pick<TaskListFilter, 'id' | 'name' | 'createdFrom' | 'createdUntil' | 'cursor'>;
export interface SenderWarningView {
  readonly level: 'ok' | 'warn' | 'bad' | 'unknown';
  readonly code: string;
  readonly text: string;
  readonly updated: string | null;
  readonly sourceUrl: string | null;
}
export interface CountrySummary {
  readonly country: Iso2;
  readonly name: string;
  readonly messages: number;
  readonly parts: number;
  /** Price of one part. */
  readonly unitMicros: number | null;
  readonly costMicros: number;
  readonly warnings: readonly SenderWarningView[];
}
export interface TaskView extends TaskSnapshot {
  readonly actions: readonly TaskAction[];
  readonly userName: string;
  readonly file: { readonly name: string; readonly size: number; readonly state: UploadState } | null;
  readonly countries: readonly CountrySummary[];
  /** Text of the first valid row, variables filled; null before there is one, and for those who may not see numbers. */
  readonly preview: string | null;
  /** null for international tasks, and where the approvals are gone since. */
  readonly domestic: DomesticFacts | null;
  /** Texts of `refusal` and `hindrance` in the user's language. */
  readonly refusalText: string | null;
  readonly hindranceText: string | null;
  /** Messages a second that the carrier accounts of the key take, from all its tasks together: nothing is sent faster. */
  readonly carrierPerSecond: number;
}
export interface TextMeasure {
  readonly encoding: 'GSM-7' | 'UCS-2';
  readonly characters: number;
  readonly parts: number;
}

// ── Uploads ──
export interface UploadView {
  readonly id: UploadId;
  readonly fileName: string;
  readonly size: number;
  readonly partBytes: number;
  readonly parts: number;
  /** Numbers (from 1) of the parts that are safely stored: a resumed upload sends the others. */
  readonly received: readonly number[];
  readonly state: UploadState;
}

// ── Log ──
export interface LogFilter extends ShardFilter {
  /** Whoever made the task; messages of the API are nobody's. */
  readonly user?: UserId;
  readonly kind?: TrafficKind;
  readonly task?: TaskId;
  readonly taskName?: string;
  readonly message?: string;
  readonly key?: KeyId;
}

export interface ConsoleServices {
  // Sign-in: nobody is signed in yet. Answers never say whether an account exists.
  signIn(visitor: Visitor, login: Login, password: string): Promise<Challenge>;
  signInCode(visitor: Visitor, challenge: ChallengeId, code: string): Promise<SignedIn>;
  resendCode(visitor: Visitor, challenge: ChallengeId): Promise<Challenge>;
  forgotPassword(visitor: Visitor, login: Login): Promise<Challenge>;
  resetPassword(visitor: Visitor, challenge: ChallengeId, code: string, password: string): Promise<void>;
  // With a session.
  /** `Set-Cookie` value that forgets the session. */
  signOut(actor: Actor): Promise<string>;
  changePassword(actor: Actor, oldPassword: string | null, password: string): Promise<void>;
  setPreferences(actor: Actor, preferences: { locale?: Locale; timeZone?: string }): Promise<void>;
  profile(actor: Actor): Promise<ProfileView>;
  revokeSession(actor: Actor, session: SessionId): Promise<void>;
  /** Users of the tenant by name, also those that were switched off: their tasks are still there. */
  colleagues(actor: Actor): Promise<readonly ColleagueView[]>;
  balance(actor: Actor): Promise<BalanceView>;
  /** Newest first. */
  ledger(actor: Actor, cursor: string | null): Promise<Page<LedgerLine>>;
  home(actor: Actor): Promise<HomeView>;
  /** Newest first; with the first page they count as seen. */
  notices(actor: Actor, cursor: string | null): Promise<Page<NoticeView>>;
  /** How many were posted since the user last looked. */
  newNotices(actor: Actor): Promise<number>;
  // Users of the tenant, for its owners
  users(actor: Actor): Promise<readonly UserItem[]>;
  inviteUser(actor: Actor, form: NewUserForm): Promise<UserId>;
  changeUser(actor: Actor, id: UserId, form: UserForm): Promise<void>;
  /** A new first password by mail; every session of the user ends. */
  renewPassword(actor: Actor, id: UserId): Promise<void>;
  // Approvals for the mainland
  approvals(actor: Actor, wish: { kind?: ApprovalKind; state?: ApprovalState }, cursor: string | null): Promise<Page<ApprovalItem>>;
  approval(actor: Actor, id: ApprovalId): Promise<ApprovalView>;
  applyForApproval(actor: Actor, form: ApprovalForm): Promise<ApprovalId>;
  withdrawApproval(actor: Actor, id: ApprovalId): Promise<void>;
  approvalFile(actor: Actor, id: ApprovalId, n: number): Promise<ApprovalFile>;
  // Tasks
  taskFormOptions(actor: Actor): Promise<TaskFormOptions>;
  createUpload(actor: Actor, file: { fileName: string; size: number }): Promise<UploadView>;
  upload(actor: Actor, id: UploadId): Promise<UploadView>;
  uploadPart(actor: Actor, id: UploadId, part: number, body: ReadableStream | ArrayBuffer, length: number): Promise<UploadView>;
  completeUpload(actor: Actor, id: UploadId): Promise<UploadView>;
  /** Validates and saves; starts the check when the upload is complete. */
  /** What is wrong with it so far, without making anything of it. */
  taskFaults(actor: Actor, content: TaskContent): Promise<readonly FieldError[]>;
  createTask(actor: Actor, content: TaskContent): Promise<TaskId>;
  editTask(actor: Actor, id: TaskId, content: TaskContent): Promise<void>;
  task(actor: Actor, id: TaskId): Promise<TaskView>;
  tasks(actor: Actor, filter: TaskListFilter): Promise<Page<TaskListItem>>;
  /** Of before July 2021, newest first. */
  legacyTasks(actor: Actor, filter: LegacyTaskFilter): Promise<Page<LegacyTaskItem>>;
  /** @param startsAt ms UTC; null = now. Reserves the cost. */
  confirmTask(actor: Actor, id: TaskId, startsAt: number | null): Promise<void>;
  actOnTask(actor: Actor, id: TaskId, action: 'pause' | 'resume' | 'stop' | 'cancel'): Promise<void>;
  /** 异常数据.xlsx, streamed. */
  taskExceptions(actor: Actor, id: TaskId): Promise<{ fileName: string; body: ReadableStream }>;
  /** Why messages of it failed or were held back, most messages first. */
  taskReasons(actor: Actor, id: TaskId): Promise<readonly ReportReason[]>;
  /** One page of bad rows, for the screen. */
  taskExceptionRows(actor: Actor, id: TaskId, limit: number): Promise<readonly { row: number; value: string; reason: string }[]>;
  /** Template file to fill in. */
  uploadTemplate(
    format: 'csv' | 'txt' | 'xlsx',
    locale: Locale,
  ): Promise<{ fileName: string; contentType: string; body: ReadableStream | Uint8Array }>;
  measure(text: string, type: TextType): TextMeasure;
  // Log
  /** @param dataset the log of today when it is not given */
  log(actor: Actor, filter: LogFilter, cursor: string | null, limit: number, dataset?: Dataset): Promise<Page<LogRow>>;
  message(actor: Actor, id: string): Promise<LogRow>;
  // Reports
  report(actor: Actor, filter: ReportFilter, groupBy: readonly ReportDimension[]): Promise<Report>;
  reportPicture(actor: Actor, filter: ReportFilter, groupBy: readonly ReportDimension[]): Promise<ReportPicture>;
  reportNames(actor: Actor): Promise<ReportNames>;
  // Exports
  startExport(actor: Actor, request: ExportRequest): Promise<ExportView>;
  exports(actor: Actor, filter: ExportListFilter, cursor: string | null): Promise<Page<ExportView>>;
  /** Who has started exports, for the filter of the list. */
  exportUsers(actor: Actor): Promise<readonly { readonly id: UserId; readonly name: string }[]>;
  export(actor: Actor, id: ExportId): Promise<ExportView>;
  cancelExport(actor: Actor, id: ExportId): Promise<void>;
  /** Runs a failed or cancelled export again, as a new one. */
  repeatExport(actor: Actor, id: ExportId): Promise<ExportView>;
  /** The file, or the part that the `Range` header names (unless `If-Range` names another file). */
  exportFile(actor: Actor, id: ExportId, range: string | null, ifRange?: string | null): Promise<Response>;
  // Modules with verbs of their own
  readonly webhooks: WebhookServices;
  readonly templates: TemplateServices;
  readonly keys: KeyServices;
  readonly blacklist: BlacklistServices;
}

/** What pages see as `platform`. No bindings: a page reaches data only through the services and only as its actor. */
export interface ConsolePlatform {
  readonly services: ConsoleServices;
  readonly actor: Actor | null;
  readonly operatorServices: OperatorServices;
  /** On the operators' own paths only. */
  readonly operator: Operator | null;
  /** Signed in, but at the other of the two doors. */
  readonly isStranger: boolean;
  readonly locale: Locale;
  readonly address: string;
  readonly userAgent: string;
  readonly local: boolean;
  /** Of this request: what an error page shows, so that it can be quoted, and what the log carries. */
  readonly requestId: string;
}

/** What web/entry.worker.tsx exports. */
export interface BuiltConsole {
  answerPage(request: Request, platform: ConsolePlatform, waitUntil: (work: Promise<unknown>) => void): Promise<Response>;
}
