/** D1: who changed what, when, from where. Append only; `subject` is an id, never a number, a body or a secret. */
import { and, desc, eq, gte, isNull, lt, or } from 'drizzle-orm';
import type { Actor } from '../../../schema/console';
import type { OperatorId, TenantId, UserId } from '../../../schema/ids';
import { auditLog, operators, users } from '../../../schema/tables';
import type { AuditWish } from '../../../schema/operators';
import type { Database } from '../database';
import { contains } from './contains';

export type AuditAction =
  | 'sign_in'
  | 'sign_out'
  | 'password_changed'
  | 'password_reset'
  | 'session_revoked'
  | 'operator_added'
  | 'tenant_opened'
  | 'tenant_changed'
  | 'balance_topped_up'
  | 'sender_bound'
  | 'sender_unbound'
  | 'user_added'
  | 'user_changed'
  | 'password_renewed'
  | 'key_changed'
  | 'carrier_saved'
  | 'carrier_tested'
  | 'prices_imported'
  | 'price_removed'
  | 'approval_applied'
  | 'approval_withdrawn'
  | 'approval_decided'
  | 'dead_letter_redriven'
  | 'dead_letter_dropped'
  | 'legacy_imported'
  | 'notice_posted'
  | 'notice_removed'
  | 'account_opened'
  | 'key_made'
  | 'key_secret_added'
  | 'key_signature_changed'
  | 'key_secret_removed'
  | 'endpoint_made'
  | 'endpoint_changed'
  | 'endpoint_removed'
  | 'endpoint_replayed'
  | 'endpoint_secret_replaced'
  | 'blacklist_imported'
  | 'blacklist_numbers_added'
  | 'blacklist_numbers_removed'
  | 'blacklist_countries_changed'
  | 'template_made'
  | 'template_changed'
  | 'template_removed'
  | 'opt_out_reply_changed'
  | 'traffic_jump'
  | 'task_created'
  | 'task_edited'
  | 'task_confirmed'
  | 'task_paused'
  | 'task_resumed'
  | 'task_stopped'
  | 'task_cancelled';

export interface AuditEntry {
  /** null where no tenant is concerned. */
  readonly tenantId: TenantId | null;
  /** null where an operator or the platform itself acted. */
  readonly userId: UserId | null;
  readonly operatorId?: OperatorId;
  readonly action: AuditAction;
  readonly subject: string;
  /** Of what was changed, as JSON: counts and masked numbers in place of numbers, lengths in place of texts, and no secret. */
  readonly before?: unknown;
  readonly after?: unknown;
  readonly address: string;
  readonly at: number;
}

/** As `recordAudit`, unless the same was recorded since: for what may have been done by a run that died. */
export async function recordAuditOnce(database: Database, entry: AuditEntry, since: number): Promise<void> {
  const { tenantId, action, subject } = entry;
  const [known] = await database
    .select({ id: auditLog.id })
    .from(auditLog)
    .where(
      and(
        tenantId === null ? isNull(auditLog.tenantId) : eq(auditLog.tenantId, tenantId),
        gte(auditLog.at, since),
        eq(auditLog.action, action),
        eq(auditLog.subject, subject),
      ),
    )
    .limit(1);
  if (!known) await recordAudit(database, entry);
}

export async function recordAudit(database: Database, entry: AuditEntry): Promise<void> {
  await database.insert(auditLog).values(entry);
}

/** What a user of a tenant did, or a key of it by API. */
export const recordDeed = (
  database: Database,
  { tenant: tenantId, user: userId, address }: Pick<Actor, 'tenant' | 'user' | 'address'>,
  deed: Pick<AuditEntry, 'action' | 'subject' | 'before' | 'after'>,
  at: number,
): Promise<void> => recordAudit(database, { ...deed, tenantId, userId, address, at });

/** Newest first, with the names of who acted. */
export const auditPage = (database: Database, { tenant, action, who, from, until }: AuditWish, before: number | null, limit: number) =>
  database
    .select({ entry: auditLog, userName: users.name, operatorName: operators.name })
    .from(auditLog)
    .leftJoin(users, eq(users.id, auditLog.userId))
    .leftJoin(operators, eq(operators.id, auditLog.operatorId))
    .where(
      and(
        tenant === undefined ? undefined : eq(auditLog.tenantId, tenant),
        action === undefined ? undefined : eq(auditLog.action, action),
        who === undefined
          ? undefined
          : or(
              contains(users.name, who),
              contains(operators.name, who),
              eq(auditLog.userId, who as UserId),
              eq(auditLog.operatorId, who as OperatorId),
            ),
        from === undefined ? undefined : gte(auditLog.at, from),
        until === undefined ? undefined : lt(auditLog.at, until),
        before === null ? undefined : lt(auditLog.id, before),
      ),
    )
    .orderBy(desc(auditLog.id))
    .limit(limit);

/** Of one user, newest first: what they recognise themselves by, or do not. */
export const signInsOf = (
  database: Database,
  tenant: TenantId,
  user: UserId,
  limit: number,
): Promise<{ at: number; address: string }[]> => {
  const action: AuditAction = 'sign_in';
  return database
    .select({ at: auditLog.at, address: auditLog.address })
    .from(auditLog)
    .where(and(eq(auditLog.tenantId, tenant), eq(auditLog.userId, user), eq(auditLog.action, action)))
    .orderBy(desc(auditLog.at), desc(auditLog.id))
    .limit(limit);
};
