/** D1: what tenants applied for before they may send to the mainland, what became of it, and the papers that came along (in R2). */
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { ApprovalId, TenantId, UserId } from '../ids';
import { APPROVAL_ACTIONS, APPROVAL_KINDS, APPROVAL_STATES, TRAFFIC_KINDS } from '../states';

export const approvals = sqliteTable(
  'approvals',
  {
    id: text('id').$type<ApprovalId>().primaryKey(),
    tenantId: text('tenant_id').$type<TenantId>().notNull(),
    userId: text('user_id').$type<UserId>().notNull(),
    kind: text('kind', { enum: APPROVAL_KINDS }).notNull(),
    traffic: text('traffic', { enum: TRAFFIC_KINDS }).notNull(),
    /** The sender, the signature without its brackets, or what the template is called. */
    name: text('name').notNull(),
    /** Of a template; '' for the others. */
    body: text('body').notNull(),
    /** What the tenant tells the operators. */
    note: text('note').notNull(),
    state: text('state', { enum: APPROVAL_STATES }).notNull(),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
  },
  (t) => [index('approvals_tenant').on(t.tenantId, t.createdAt), index('approvals_state').on(t.state, t.createdAt)],
);

/** Append only. */
export const approvalEvents = sqliteTable(
  'approval_events',
  {
    n: integer('n').primaryKey({ autoIncrement: true }),
    approvalId: text('approval_id').$type<ApprovalId>().notNull(),
    action: text('action', { enum: APPROVAL_ACTIONS }).notNull(),
    /** Why it was refused; '' otherwise. */
    reason: text('reason').notNull(),
    at: integer('at').notNull(),
  },
  (t) => [index('approval_events_approval').on(t.approvalId)],
);

export const approvalFiles = sqliteTable(
  'approval_files',
  {
    approvalId: text('approval_id').$type<ApprovalId>().notNull(),
    /** From 1. */
    n: integer('n').notNull(),
    fileName: text('file_name').notNull(),
    contentType: text('content_type').notNull(),
    size: integer('size').notNull(),
  },
  (t) => [primaryKey({ columns: [t.approvalId, t.n] })],
);
