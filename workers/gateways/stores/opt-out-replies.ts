/** D1: what tenants answer to opt-outs. */
import { eq } from 'drizzle-orm';
import type { TenantId } from '../../../schema/ids';
import { optOutReplies } from '../../../schema/tables';
import type { Database } from '../database';

type Reply = Pick<typeof optOutReplies.$inferSelect, 'keyId' | 'body'>;

export async function findOptOutReply(database: Database, tenant: TenantId): Promise<Reply | null> {
  const { keyId, body } = optOutReplies;
  return (await database.select({ keyId, body }).from(optOutReplies).where(eq(optOutReplies.tenantId, tenant)).get()) ?? null;
}

/** @param reply null = none from now on */
export async function putOptOutReply(database: Database, tenant: TenantId, reply: Reply | null, now: number): Promise<void> {
  if (reply === null) {
    await database.delete(optOutReplies).where(eq(optOutReplies.tenantId, tenant));
    return;
  }
  const values = { ...reply, updatedAt: now };
  await database
    .insert(optOutReplies)
    .values({ ...values, tenantId: tenant })
    .onConflictDoUpdate({ target: optOutReplies.tenantId, set: values });
}
