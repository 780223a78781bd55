/** D1: messages from handsets. Numbers and bodies stand here and in no log. */
import { and, asc, desc, eq, isNull, lt, sql } from 'drizzle-orm';
import type { KeyId, TenantId } from '../../../schema/ids';
import { inboundMessages, inboundParts, keys, senders } from '../../../schema/tables';
import type { InboundPart } from '../../rules/joined-parts';
import type { ListPlace } from '../../rules/list-place';
import type { Database } from '../database';
import { olderThan } from './older-than';
import { isListed } from './listed';

export type InboundRow = typeof inboundMessages.$inferSelect;
export type NewInbound = Omit<InboundRow, 'doneAt'>;

/** A message that is there already stays as it is. */
export async function addInbound(database: Database, message: NewInbound): Promise<void> {
  await database
    .insert(inboundMessages)
    .values({ ...message, doneAt: null })
    .onConflictDoNothing();
}

export async function findInbound(database: Database, id: string): Promise<InboundRow | null> {
  return (await database.select().from(inboundMessages).where(eq(inboundMessages.id, id)).get()) ?? null;
}

export async function markInboundDone(database: Database, id: string, at: number): Promise<void> {
  await database.update(inboundMessages).set({ doneAt: at }).where(eq(inboundMessages.id, id));
}

/** Not done, though they came before `before`: the Worker that took them died. Oldest first. */
export const undoneInbound = (database: Database, before: number, limit: number): Promise<InboundRow[]> =>
  database
    .select()
    .from(inboundMessages)
    .where(and(isNull(inboundMessages.doneAt), lt(inboundMessages.receivedAt, before)))
    .orderBy(asc(inboundMessages.receivedAt))
    .limit(limit);

/** Those of the tenant among these; at most a page of ids. */
export const inboundByIds = (database: Database, tenant: TenantId, ids: readonly string[]): Promise<InboundRow[]> =>
  ids.length === 0
    ? Promise.resolve([])
    : database
        .select()
        .from(inboundMessages)
        .where(and(eq(inboundMessages.tenantId, tenant), isListed(inboundMessages.id, ids)));

/** Newest first; `after` is the last of the page before. */
export const inboundPage = (database: Database, tenant: TenantId, after: ListPlace | null, limit: number): Promise<InboundRow[]> =>
  database
    .select()
    .from(inboundMessages)
    .where(and(eq(inboundMessages.tenantId, tenant), olderThan(inboundMessages.receivedAt, inboundMessages.id, after)))
    .orderBy(desc(inboundMessages.receivedAt), desc(inboundMessages.id))
    .limit(limit);

export type NewPart = Omit<typeof inboundParts.$inferSelect, 'joined'>;

/** A part that is there already stays as it is. */
export async function addPart(database: Database, part: NewPart): Promise<void> {
  await database
    .insert(inboundParts)
    .values({ ...part, joined: null })
    .onConflictDoNothing();
}

/** Parts of a thread that belong to no message yet. */
export const openParts = (database: Database, thread: string): Promise<InboundPart[]> =>
  database
    .select({ id: inboundParts.id, part: inboundParts.part, text: inboundParts.body, receivedAt: inboundParts.receivedAt })
    .from(inboundParts)
    .where(and(eq(inboundParts.thread, thread), isNull(inboundParts.joined)));

/** The message and the end of its parts' waiting, in one transaction; a second Worker that joins the same parts changes nothing. */
export async function joinInbound(database: Database, message: NewInbound, parts: readonly string[]): Promise<void> {
  await database.batch([
    database
      .insert(inboundMessages)
      .values({ ...message, doneAt: null })
      .onConflictDoNothing(),
    database
      .update(inboundParts)
      .set({ joined: message.id })
      .where(and(isNull(inboundParts.joined), isListed(inboundParts.id, parts))),
  ]);
}

/** Threads whose first open part has waited since before `before`. */
export const overdueThreads = (database: Database, before: number, limit: number) =>
  database
    .select({ thread: inboundParts.thread, from: inboundParts.from, to: inboundParts.to, total: inboundParts.total })
    .from(inboundParts)
    .where(and(isNull(inboundParts.joined), lt(inboundParts.receivedAt, before)))
    .groupBy(inboundParts.thread)
    .limit(limit);

export async function forgetParts(database: Database, before: number): Promise<void> {
  await database.delete(inboundParts).where(and(sql`joined IS NOT NULL`, lt(inboundParts.receivedAt, before)));
}

/** Tenants that operators bound this number to. */
export async function tenantsOfNumber(database: Database, number: string): Promise<readonly TenantId[]> {
  const found = await database.select({ tenant: senders.tenantId }).from(senders).where(eq(senders.value, number));
  return found.map(({ tenant }) => tenant);
}

/** Marketing keys of a tenant, those switched off too: they may come back. */
export async function marketingKeys(database: Database, tenant: TenantId): Promise<readonly KeyId[]> {
  const found = await database
    .select({ id: keys.id })
    .from(keys)
    .where(and(eq(keys.tenantId, tenant), eq(keys.kind, 'marketing')));
  return found.map(({ id }) => id);
}
