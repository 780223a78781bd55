/** What the service team asks of the platform: the verbs behind `/operators` and `/api/operators/…`. Apart from the console's on purpose. */
import type { ApprovalFile, ApprovalQueueItem, ApprovalView } from './approvals';
import type { Challenge, LedgerLine, Login, Page, SessionView, SignedIn, Visitor } from './console';
import type {
  ApprovalId,
  CarrierAccountId,
  ChallengeId,
  Iso2,
  KeyId,
  NoticeId,
  OperatorId,
  SenderId,
  SessionId,
  TenantId,
  UserId,
} from './ids';
import type {
  ApprovalKind,
  ApprovalState,
  ImportState,
  LegacyFileKind,
  LegacyRefusalReason,
  Locale,
  TrafficKind,
  UserRole,
} from './states';

/** Who acts, from where. Made from an operator's cookie and from nothing else. */
export interface Operator {
  readonly operator: OperatorId;
  readonly session: SessionId;
  readonly name: string;
  readonly email: string;
  readonly timeZone: string;
  readonly address: string;
  readonly mustChangePassword: boolean;
}

export interface OperatorProfile {
  readonly sessions: readonly SessionView[];
}

// ── Tenants and their people ──
export interface TenantItem {
  readonly id: TenantId;
  readonly name: string;
  readonly enabled: boolean;
  readonly createdAt: number;
}
export interface TenantSettings {
  readonly name: string;
  readonly enabled: boolean;
  /** How far below zero the balance may go. */
  readonly creditMicros: number;
  /** Mainland bodies that depart from the approved template are refused, not only warned about. */
  readonly exactTemplates: boolean;
  /** One-time codes are never shown in full, to nobody. */
  readonly masksBodies: boolean;
  /** What `/getBalance` calls the currency. */
  readonly currencySign: string;
}
export interface TenantView extends TenantItem, TenantSettings {
  readonly balanceMicros: number;
  readonly reservedMicros: number;
  readonly availableMicros: number;
  readonly senders: readonly { readonly id: SenderId; readonly value: string }[];
}
export interface NewTenant {
  readonly name: string;
  readonly ownerName: string;
  readonly email: string;
  readonly phones: readonly string[];
  readonly locale: Locale;
  readonly creditMicros: number;
}
export interface UserItem {
  readonly id: UserId;
  readonly name: string;
  readonly department: string;
  readonly email: string;
  readonly phones: readonly string[];
  readonly role: UserRole;
  readonly enabled: boolean;
  readonly createdAt: number;
  readonly lastSignInAt: number | null;
}
export interface NewUserForm {
  readonly name: string;
  readonly department: string;
  readonly email: string;
  readonly role: UserRole;
  readonly phones: readonly string[];
  readonly locale: Locale;
}
export interface UserForm {
  readonly name: string;
  readonly department: string;
  readonly role: UserRole;
  readonly enabled: boolean;
  /** null = as they are. */
  readonly phones: readonly string[] | null;
  /** null = as it is. Another one ends the user's sessions and is told to both addresses. */
  readonly email: string | null;
}

// ── Keys and carriers ──
export interface KeyForm {
  readonly name: string;
  readonly enabled: boolean;
  /** One at least; with several, messages go through all of them in proportion to their pace. */
  readonly carrierAccounts: readonly CarrierAccountId[];
  readonly perSecond: number;
  readonly ipAllowlist: readonly string[];
  /** null = no cap. */
  readonly dailyMessages: number | null;
  readonly dailySpendMicros: number | null;
  /** null = any. */
  readonly countries: readonly Iso2[] | null;
  readonly noSecret: boolean;
}
export interface KeyItem extends KeyForm {
  readonly id: KeyId;
  readonly kind: TrafficKind;
  readonly test: boolean;
  readonly createdAt: number;
}
export interface NewKeyForm {
  readonly name: string;
  readonly kind: TrafficKind;
  readonly test: boolean;
  readonly carrierAccounts: readonly CarrierAccountId[];
  readonly perSecond: number;
}
export interface CarrierItem {
  readonly id: CarrierAccountId;
  readonly name: string;
  readonly apiKey: string;
  readonly signatureMethod: string;
  readonly restHost: string;
  readonly perSecond: number;
  readonly enabled: boolean;
  readonly createdAt: number;
}
export interface CarrierForm {
  readonly name: string;
  readonly apiKey: string;
  /** '' = as it is. */
  readonly apiSecret: string;
  readonly signatureSecret: string;
  readonly signatureMethod: string;
  readonly restHost: string;
  readonly perSecond: number;
  /** Off: nothing is sent through it while a key has another one; receipts are still taken. */
  readonly enabled: boolean;
}
/** What the carrier said to a question that sends nothing: its balance. */
export type CarrierTest = { readonly ok: true; readonly balance: string } | { readonly ok: false; readonly status: number | null };

// ── Prices and notices ──
export interface PriceItem {
  readonly country: Iso2;
  readonly micros: number;
  readonly updatedAt: number;
}
export interface PricePreview {
  readonly changes: readonly { readonly country: Iso2; readonly before: number | null; readonly after: number }[];
  readonly unchanged: number;
  /** Lines that say nothing usable; with any of them nothing is imported. */
  readonly wrong: readonly { readonly line: number; readonly text: string; readonly reason: 'country' | 'price' | 'repeated' }[];
}
export interface NoticeForm {
  /** null = everybody. */
  readonly tenant: TenantId | null;
  readonly titleZh: string;
  readonly titleEn: string;
  readonly bodyZh: string;
  readonly bodyEn: string;
}
export interface PostedNotice extends NoticeForm {
  readonly id: NoticeId;
  readonly postedAt: number;
}

// ── Watching ──
export interface AuditItem {
  readonly id: number;
  readonly at: number;
  readonly action: string;
  /** Name of the operator or user, or the id of the key that acted by API; null where the platform itself acted. */
  readonly who: string | null;
  readonly byOperator: boolean;
  readonly tenant: TenantId | null;
  readonly subject: string;
  readonly address: string;
  readonly before: unknown;
  readonly after: unknown;
}
export interface AuditWish {
  readonly tenant?: TenantId;
  readonly action?: string;
  /** Part of a name, whatever its case, or an id. */
  readonly who?: string;
  /** ms UTC; `until` is outside. */
  readonly from?: number;
  readonly until?: number;
}
export interface DeadLetter {
  readonly id: number;
  /** JSON text; ids and codes only. */
  readonly body: string;
  readonly at: number;
}
export interface LegacyRefusedRow {
  /** From 1; the titles are row 1. */
  readonly row: number;
  readonly column: string;
  readonly reason: LegacyRefusalReason;
}
export interface LegacyImportItem {
  readonly id: number;
  readonly tenant: TenantId;
  readonly tenantName: string;
  readonly kind: LegacyFileKind;
  readonly fileName: string;
  readonly state: ImportState;
  readonly accepted: number;
  readonly known: number;
  readonly refused: number;
  /** The first of the refused. */
  readonly named: readonly LegacyRefusedRow[];
  readonly startedAt: number;
  readonly finishedAt: number | null;
}
/** Counts of what was accepted during the last 24 hours. */
export interface Outcomes {
  readonly sent: number;
  readonly delivered: number;
  readonly missed: number;
}
export const QUEUE_NAMES = ['transactional', 'marketing', 'receipts', 'checks', 'exports'] as const;
export type QueueName = (typeof QUEUE_NAMES)[number];
export interface QueueDepth {
  readonly name: QueueName;
  /** null = the platform under us does not say. */
  readonly messages: number | null;
  readonly oldestAt: number | null;
}
/** Within how many ms half of so many receipts came, and 95 of 100; null = without any, or longer than the longest step of rules/receipt-lag. */
export interface ReceiptLag {
  readonly receipts: number;
  readonly half: number | null;
  readonly most: number | null;
}
export interface CarrierHour extends Outcomes {
  /** When the UTC hour began in which the messages were accepted, ms. */
  readonly at: number;
  readonly lag: ReceiptLag;
}
interface CarrierHealth extends Outcomes {
  readonly id: CarrierAccountId;
  readonly name: string;
  /** What it may send a second, and what it let out a second during the last minute. */
  readonly perSecond: number;
  readonly sendsPerSecond: number;
  readonly lag: ReceiptLag;
}
export interface HealthView {
  readonly now: number;
  readonly queues: readonly QueueDepth[];
  /** Accepted, not with the carrier yet. */
  readonly waiting: Readonly<Record<TrafficKind, number>>;
  /** With the carrier, without a receipt. */
  readonly unreceipted: number;
  /** UTC hour in which the oldest of those was accepted, ms; null when there is none. */
  readonly oldestUnreceiptedAt: number | null;
  /** Of all carrier accounts, during the last minute. */
  readonly sendsPerSecond: number;
  readonly runningTasks: number;
  readonly waitingExports: number;
  readonly deadLetters: number;
  /** Every account, the one that sent most first. */
  readonly carriers: readonly CarrierHealth[];
  /** Most sent first. */
  readonly countries: readonly (Outcomes & { readonly country: Iso2 })[];
}
interface OperatorWatch {
  health(operator: Operator): Promise<HealthView>;
  /** The last day of one carrier account, the newest hour first. */
  carrierHours(operator: Operator, id: CarrierAccountId): Promise<readonly CarrierHour[]>;
  /** Newest first. */
  audit(operator: Operator, wish: AuditWish, cursor: string | null): Promise<Page<AuditItem>>;
  /** Files of data from before July 2021, newest first. */
  legacyImports(operator: Operator, cursor: string | null): Promise<Page<LegacyImportItem>>;
  deadLetters(operator: Operator, cursor: string | null): Promise<Page<DeadLetter>>;
  /** Queues it once more; a job that was done meanwhile changes nothing. */
  redrive(operator: Operator, id: number): Promise<void>;
  dropDeadLetter(operator: Operator, id: number): Promise<void>;
}

interface OperatorApprovals {
  /** How many wait for a decision. */
  waitingApprovals(operator: Operator): Promise<number>;
  /** Those that wait oldest first, all others newest first. */
  approvals(
    operator: Operator,
    wish: { readonly state?: ApprovalState; readonly kind?: ApprovalKind; readonly tenant?: TenantId },
    cursor: string | null,
  ): Promise<Page<ApprovalQueueItem>>;
  approval(operator: Operator, id: ApprovalId): Promise<ApprovalView>;
  approvalFile(operator: Operator, id: ApprovalId, n: number): Promise<ApprovalFile>;
  /** The tenant is told by mail and notice. @param reason needed for a refusal */
  decideApproval(operator: Operator, id: ApprovalId, decision: 'approved' | 'refused', reason: string): Promise<void>;
}

export interface OperatorServices extends OperatorApprovals, OperatorWatch {
  signIn(visitor: Visitor, login: Login, password: string): Promise<Challenge>;
  signInCode(visitor: Visitor, challenge: ChallengeId, code: string): Promise<SignedIn>;
  resendCode(visitor: Visitor, challenge: ChallengeId): Promise<Challenge>;
  /** Says the same whether there is such an operator or not. */
  forgotPassword(visitor: Visitor, login: Login): Promise<Challenge>;
  /** Every session of the operator ends. */
  resetPassword(visitor: Visitor, challenge: ChallengeId, code: string, password: string): Promise<void>;
  /** `Set-Cookie` value that forgets the session. */
  signOut(operator: Operator): Promise<string>;
  changePassword(operator: Operator, oldPassword: string | null, password: string): Promise<void>;
  profile(operator: Operator): Promise<OperatorProfile>;
  /** The language is that of mails; pages speak that of the browser. @throws invalid_request on `timeZone` */
  setPreferences(operator: Operator, wanted: { readonly locale: Locale; readonly timeZone: string }): Promise<void>;
  /** @throws not_found for a session that is not the operator's own */
  revokeSession(operator: Operator, session: SessionId): Promise<void>;
  // Tenants
  tenants(operator: Operator, name: string, cursor: string | null): Promise<Page<TenantItem>>;
  tenant(operator: Operator, id: TenantId): Promise<TenantView>;
  /** Newest first. */
  ledger(operator: Operator, id: TenantId, cursor: string | null): Promise<Page<LedgerLine>>;
  /** The owner's first password goes out by mail. */
  openTenant(operator: Operator, form: NewTenant): Promise<TenantId>;
  changeTenant(operator: Operator, id: TenantId, settings: TenantSettings): Promise<void>;
  /** Less than zero corrects an entry. @param reference of the payment; the same one twice is refused */
  topUp(operator: Operator, id: TenantId, micros: number, reference: string): Promise<void>;
  bindSender(operator: Operator, id: TenantId, value: string): Promise<void>;
  unbindSender(operator: Operator, id: TenantId, sender: SenderId): Promise<void>;
  users(operator: Operator, id: TenantId): Promise<readonly UserItem[]>;
  addUser(operator: Operator, id: TenantId, form: NewUserForm): Promise<UserId>;
  changeUser(operator: Operator, id: TenantId, user: UserId, form: UserForm): Promise<void>;
  /** A new first password by mail; every session of the user ends. */
  renewPassword(operator: Operator, id: TenantId, user: UserId): Promise<void>;
  // Keys and carriers
  keys(operator: Operator, id: TenantId): Promise<readonly KeyItem[]>;
  /** The secret in the clear, this once. */
  makeKey(operator: Operator, id: TenantId, form: NewKeyForm): Promise<{ readonly baseKey: KeyId; readonly secret: string }>;
  changeKey(operator: Operator, id: TenantId, key: KeyId, form: KeyForm): Promise<void>;
  carriers(operator: Operator): Promise<readonly CarrierItem[]>;
  /** @param id null = a new one */
  saveCarrier(operator: Operator, id: CarrierAccountId | null, form: CarrierForm): Promise<CarrierAccountId>;
  testCarrier(operator: Operator, id: CarrierAccountId): Promise<CarrierTest>;
  // Prices and notices
  prices(operator: Operator, tenant: TenantId | null): Promise<readonly PriceItem[]>;
  previewPrices(operator: Operator, tenant: TenantId | null, csv: string): Promise<PricePreview>;
  /** All of it or, with a wrong line, nothing. */
  importPrices(operator: Operator, tenant: TenantId | null, csv: string): Promise<PricePreview>;
  /** Of the tenant's own. @throws not_found */
  removePrice(operator: Operator, tenant: TenantId, country: Iso2): Promise<void>;
  /** Newest first, without those that tell of an approval. */
  notices(operator: Operator, cursor: string | null): Promise<Page<PostedNotice>>;
  postNotice(operator: Operator, form: NoticeForm): Promise<NoticeId>;
  removeNotice(operator: Operator, id: NoticeId): Promise<void>;
}
