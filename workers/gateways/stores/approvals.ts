/** D1: applications for the mainland. Those of a tenant are reached with its id; operators see all. */
import { and, asc, desc, eq } from 'drizzle-orm';
import type { ApprovalId, TenantId } from '../../../schema/ids';
import type { ApprovalAction, ApprovalKind, ApprovalState, TrafficKind } from '../../../schema/states';
import { approvalEvents, approvalFiles, approvals, tenants } from '../../../schema/tables';
import type { ListPlace } from '../../rules/list-place';
import type { Database } from '../database';
import { olderThan } from './older-than';

export type ApprovalRow = typeof approvals.$inferSelect;

export interface ApprovalWish {
  readonly tenant?: TenantId;
  readonly state?: ApprovalState;
  readonly kind?: ApprovalKind;
}

/** Newest first, with the tenant's name. */
export const approvalPage = (database: Database, wish: ApprovalWish, before: ListPlace | null, limit: number) =>
  database
    .select({ row: approvals, tenantName: tenants.name })
    .from(approvals)
    .innerJoin(tenants, eq(tenants.id, approvals.tenantId))
    .where(
      and(
        wish.tenant === undefined ? undefined : eq(approvals.tenantId, wish.tenant),
        wish.state === undefined ? undefined : eq(approvals.state, wish.state),
        wish.kind === undefined ? undefined : eq(approvals.kind, wish.kind),
        olderThan(approvals.createdAt, approvals.id, before),
      ),
    )
    .orderBy(desc(approvals.createdAt), desc(approvals.id))
    .limit(limit);

/** @param tenant null = whosever it is: operators only */
export async function findApproval(database: Database, tenant: TenantId | null, id: ApprovalId) {
  const [found] = await database
    .select({ row: approvals, tenantName: tenants.name })
    .from(approvals)
    .innerJoin(tenants, eq(tenants.id, approvals.tenantId))
    .where(and(eq(approvals.id, id), tenant === null ? undefined : eq(approvals.tenantId, tenant)));
  return found ?? null;
}

export const approvalHistory = (database: Database, id: ApprovalId) =>
  database
    .select({ action: approvalEvents.action, reason: approvalEvents.reason, at: approvalEvents.at })
    .from(approvalEvents)
    .where(eq(approvalEvents.approvalId, id))
    .orderBy(asc(approvalEvents.n));

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
