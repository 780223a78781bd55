/** D1: applications for the mainland. Those of a tenant are reached with its id; operators see all. */
import { and, asc, desc, eq } from 'drizzle-orm';
import type { ApprovalId, TenantId } from '../../../schema/ids';
import type { ApprovalAction, ApprovalKind, ApprovalState, TrafficKind } from '../../../schema/states';
import { approvalEvents, approvalFiles, approvals, auditLog, operators, tenants, users } from '../../../schema/tables';
import type { ListPlace } from '../../rules/list-place';
import type { Database } from '../database';
import { newerThan, olderThan } from './older-than';

export type ApprovalRow = typeof approvals.$inferSelect;

export interface ApprovalWish {
  readonly tenant?: TenantId;
  readonly state?: ApprovalState;
  readonly kind?: ApprovalKind;
}

/** With the tenant's name. What waits for a decision is a queue, the oldest first; all else comes newest first. @param place where the page before ended */
export const approvalPage = (database: Database, wish: ApprovalWish, place: ListPlace | null, limit: number) => {
  const { createdAt, id } = approvals;
  const isQueue = wish.state === 'pending';
  return database
    .select({ row: approvals, tenantName: tenants.name })
    .from(approvals)
    .innerJoin(tenants, eq(tenants.id, approvals.tenantId))
    .where(
      and(
        wish.tenant === undefined ? undefined : eq(approvals.tenantId, wish.tenant),
        wish.state === undefined ? undefined : eq(approvals.state, wish.state),
        wish.kind === undefined ? undefined : eq(approvals.kind, wish.kind),
        isQueue ? newerThan(createdAt, id, place) : olderThan(createdAt, id, place),
      ),
    )
    .orderBy(...(isQueue ? [asc(createdAt), asc(id)] : [desc(createdAt), desc(id)]))
    .limit(limit);
};

export const countWaitingApprovals = (database: Database): Promise<number> => database.$count(approvals, eq(approvals.state, 'pending'));

/** @param tenant null = whosever it is: operators only */
export async function findApproval(database: Database, tenant: TenantId | null, id: ApprovalId) {
  const [found] = await database
    .select({ row: approvals, tenantName: tenants.name })
    .from(approvals)
    .innerJoin(tenants, eq(tenants.id, approvals.tenantId))
    .where(and(eq(approvals.id, id), tenant === null ? undefined : eq(approvals.tenantId, tenant)));
  return found ?? null;
}

/** Oldest first, with who did it, as the audit log says, which is written at the same moment. */
export const approvalHistory = (database: Database, { id, tenantId }: Pick<ApprovalRow, 'id' | 'tenantId'>) => {
  const { n, action, reason, at, approvalId } = approvalEvents;
  return database
    .select({ action, reason, at, userName: users.name, operatorName: operators.name })
    .from(approvalEvents)
    .leftJoin(auditLog, and(eq(auditLog.tenantId, tenantId), eq(auditLog.at, at), eq(auditLog.subject, approvalId)))
    .leftJoin(users, eq(users.id, auditLog.userId))
    .leftJoin(operators, eq(operators.id, auditLog.operatorId))
    .where(eq(approvalId, id))
    .groupBy(n)
    .orderBy(asc(n));
};

export const filesOfApproval = (database: Database, id: ApprovalId) =>
  database.select().from(approvalFiles).where(eq(approvalFiles.approvalId, id)).orderBy(asc(approvalFiles.n));

/** The application with its papers and the first line of its history, in one transaction. */
export async function addApproval(
  database: Database,
  row: typeof approvals.$inferInsert,
  files: readonly (typeof approvalFiles.$inferInsert)[],
): Promise<void> {
  const insert = database.insert(approvals).values(row);
  const event = database.insert(approvalEvents).values({ approvalId: row.id, action: 'applied', reason: '', at: row.createdAt });
  await (files.length === 0
    ? database.batch([insert, event])
    : database.batch([insert, event, database.insert(approvalFiles).values([...files])]));
}

/** @returns false when it was no longer in `from`: somebody was faster */
export async function moveApproval(
  database: Database,
  id: ApprovalId,
  from: ApprovalState,
  to: Exclude<ApprovalState, 'pending'>,
  reason: string,
  at: number,
): Promise<boolean> {
  const moved = await database
    .update(approvals)
    .set({ state: to, updatedAt: at })
    .where(and(eq(approvals.id, id), eq(approvals.state, from)))
    .returning({ id: approvals.id });
  if (moved.length === 0) return false;
  const action: ApprovalAction = to;
  await database.insert(approvalEvents).values({ approvalId: id, action, reason, at });
  return true;
}

/** What the tenant may use now, oldest first. */
export const approvedOf = (database: Database, tenant: TenantId, traffic: TrafficKind): Promise<ApprovalRow[]> =>
  database
    .select()
    .from(approvals)
    .where(and(eq(approvals.tenantId, tenant), eq(approvals.state, 'approved'), eq(approvals.traffic, traffic)))
    .orderBy(asc(approvals.createdAt));

export async function isExact(database: Database, tenant: TenantId): Promise<boolean> {
  const [found] = await database.select({ exact: tenants.exactTemplates }).from(tenants).where(eq(tenants.id, tenant));
  return found?.exact ?? false;
}
