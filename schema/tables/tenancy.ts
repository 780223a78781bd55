/** D1: tenants and who acts for them. Times are ms UTC, money is micro-EUR. Every tenant table starts its indexes with the tenant. */
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import type { ApprovalId, CarrierAccountId, KeyId, NoticeId, OperatorId, SenderId, SessionId, TemplateId, TenantId, UserId } from '../ids';
import { LOCALES, TRAFFIC_KINDS, USER_ROLES } from '../states';

export const tenants = sqliteTable('tenants', {
  id: text('id').$type<TenantId>().primaryKey(),
  name: text('name').notNull(),
  enabled: integer('enabled', { mode: 'boolean' }).notNull().default(true),
  /** How far below zero the balance may go, micro-EUR; its TenantLedger holds the same and decides. */
  creditMicros: integer('credit_micros').notNull().default(0),
  /** Mainland bodies that depart from the approved template are refused, not only warned about. */
  exactTemplates: integer('exact_templates', { mode: 'boolean' }).notNull().default(false),
  /** What `/getBalance` of the original endpoints calls the currency. Its clients compare it; the amount is in EUR whatever it says. */
  currencySign: text('currency_sign').notNull().default('€'),
  createdAt: integer('created_at').notNull(),
  /** One-time codes are never shown in full, in queries and exports alike. */
  masksBodies: integer('masks_bodies', { mode: 'boolean' }).notNull().default(false),
});

export const users = sqliteTable(
  'users',
  {
    id: text('id').$type<UserId>().primaryKey(),
    tenantId: text('tenant_id')
      .$type<TenantId>()
      .notNull()
      .references(() => tenants.id),
    name: text('name').notNull(),
    department: text('department').notNull().default(''),
    /** Lower case. */
    email: text('email').notNull(),
    role: text('role', { enum: USER_ROLES }).notNull(),
    /** scrypt, `N$r$p$salt$hash` base64. */
    passwordHash: text('password_hash').notNull(),
    mustChangePassword: integer('must_change_password', { mode: 'boolean' }).notNull(),
    locale: text('locale', { enum: LOCALES }).notNull().default('zh-CN'),
    timeZone: text('time_zone').notNull().default('Asia/Shanghai'),
    enabled: integer('enabled', { mode: 'boolean' }).notNull().default(true),
    createdAt: integer('created_at').notNull(),
    lastSignInAt: integer('last_sign_in_at'),
    /** When the notices were last looked at, ms UTC: younger ones are counted in the shell. */
    noticesSeenAt: integer('notices_seen_at').notNull().default(0),
  },
  (t) => [uniqueIndex('users_email').on(t.email), index('users_tenant').on(t.tenantId)],
);

/** Up to PHONES_PER_USER numbers a user; any of them logs in. E.164 digits without plus. */
export const userPhones = sqliteTable(
  'user_phones',
  {
    digits: text('digits').primaryKey(),
    userId: text('user_id')
      .$type<UserId>()
      .notNull()
      .references(() => users.id),
    createdAt: integer('created_at').notNull(),
  },
  (t) => [index('user_phones_user').on(t.userId)],
);

/** A session cookie names one of these; deleting the row ends it at once. */
export const sessions = sqliteTable(
  'sessions',
  {
    id: text('id').$type<SessionId>().primaryKey(),
    userId: text('user_id')
      .$type<UserId>()
      .notNull()
      .references(() => users.id),
    createdAt: integer('created_at').notNull(),
    expiresAt: integer('expires_at').notNull(),
    address: text('address').notNull(),
    userAgent: text('user_agent').notNull(),
  },
  (t) => [index('sessions_user').on(t.userId), index('sessions_expiry').on(t.expiresAt)],
);

/** What a key is; its secrets, switch and blacklist live in its KeyGate. */
export const keys = sqliteTable(
  'keys',
  {
    id: text('id').$type<KeyId>().primaryKey(),
    tenantId: text('tenant_id')
      .$type<TenantId>()
      .notNull()
      .references(() => tenants.id),
    name: text('name').notNull(),
    kind: text('kind', { enum: TRAFFIC_KINDS }).notNull(),
    test: integer('test', { mode: 'boolean' }).notNull().default(false),
    enabled: integer('enabled', { mode: 'boolean' }).notNull().default(true),
    carrierAccountId: text('carrier_account_id')
      .$type<CarrierAccountId>()
      .notNull()
      .references(() => carrierAccounts.id),
    createdAt: integer('created_at').notNull(),
    /** Pooled with `carrierAccountId`: messages go through all of them, in proportion to their pace. */
    furtherAccounts: text('further_accounts', { mode: 'json' }).$type<readonly CarrierAccountId[]>().notNull().default([]),
  },
  (t) => [index('keys_tenant').on(t.tenantId)],
);

/** A Vonage credential, made by operators. Secrets are AES-GCM under DATA_KEY. */
export const carrierAccounts = sqliteTable('carrier_accounts', {
  id: text('id').$type<CarrierAccountId>().primaryKey(),
  name: text('name').notNull(),
  apiKey: text('api_key').notNull(),
  apiSecretSealed: text('api_secret_sealed').notNull(),
  signatureSecretSealed: text('signature_secret_sealed').notNull(),
  signatureMethod: text('signature_method').notNull().default('sha256'),
  /** Base URL; '' = VONAGE_REST_HOST. */
  restHost: text('rest_host').notNull().default(''),
  perSecond: integer('per_second').notNull(),
  /** Off: keys that are bound to others as well send through those. */
  enabled: integer('enabled', { mode: 'boolean' }).notNull().default(true),
  createdAt: integer('created_at').notNull(),
});

/** Senders that operators bound to a tenant: offered in the task form. */
export const senders = sqliteTable(
  'senders',
  {
    id: text('id').$type<SenderId>().primaryKey(),
    tenantId: text('tenant_id')
      .$type<TenantId>()
      .notNull()
      .references(() => tenants.id),
    value: text('value').notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (t) => [uniqueIndex('senders_value').on(t.tenantId, t.value)],
);

/** International templates: offered in the task form. */
export const templates = sqliteTable(
  'templates',
  {
    id: text('id').$type<TemplateId>().primaryKey(),
    tenantId: text('tenant_id')
      .$type<TenantId>()
      .notNull()
      .references(() => tenants.id),
    name: text('name').notNull(),
    body: text('body').notNull(),
    /** A value of each variable, for the preview and for counting. */
    samples: text('samples', { mode: 'json' }).$type<Readonly<Record<string, string>>>().notNull().default({}),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
  },
  (t) => [index('templates_tenant').on(t.tenantId, t.updatedAt), uniqueIndex('templates_name').on(t.tenantId, t.name)],
);

/** Price of one part, by country; a tenant's own row goes before the row of everybody (tenantId ''). */
export const prices = sqliteTable(
  'prices',
  {
    tenantId: text('tenant_id').notNull().default(''),
    country: text('country').notNull(),
    micros: integer('micros').notNull(),
    updatedAt: integer('updated_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.country] })],
);

export const notices = sqliteTable(
  'notices',
  {
    id: text('id').$type<NoticeId>().primaryKey(),
    /** Whom it tells; null = everybody. */
    tenantId: text('tenant_id').$type<TenantId>(),
    /** Whose decision it tells; null for what operators wrote themselves. */
    approvalId: text('approval_id').$type<ApprovalId>(),
    titleZh: text('title_zh').notNull(),
    titleEn: text('title_en').notNull(),
    bodyZh: text('body_zh').notNull(),
    bodyEn: text('body_en').notNull(),
    postedAt: integer('posted_at').notNull(),
  },
  (t) => [index('notices_tenant').on(t.tenantId, t.postedAt)],
);

/** Who changed what, when, from where. Append only; never a number, a body or a secret. */
export const auditLog = sqliteTable(
  'audit_log',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    tenantId: text('tenant_id').$type<TenantId>(),
    userId: text('user_id').$type<UserId>(),
    /** Who of the service team acted; null where a tenant's user or the platform itself did. */
    operatorId: text('operator_id').$type<OperatorId>(),
    action: text('action').notNull(),
    subject: text('subject').notNull(),
    /** JSON of what was changed, as it was and as it is; null where there is nothing to compare. */
    before: text('before', { mode: 'json' }).$type<unknown>(),
    after: text('after', { mode: 'json' }).$type<unknown>(),
    address: text('address').notNull(),
    at: integer('at').notNull(),
  },
  (t) => [index('audit_log_tenant').on(t.tenantId, t.at)],
);

/** Local runs only: what production would have mailed or sent as a code. The mailbox page shows it. */
export const localMails = sqliteTable('local_mails', {
  id: integer('id').primaryKey({ autoIncrement: true }),
  channel: text('channel', { enum: ['mail', 'sms'] }).notNull(),
  recipient: text('recipient').notNull(),
  subject: text('subject').notNull(),
  body: text('body').notNull(),
  at: integer('at').notNull(),
});
