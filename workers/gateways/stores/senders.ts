/** Senders that operators bound to a tenant, the oldest first: the one that the form offers. */
import { asc, desc, eq } from 'drizzle-orm';
import type { SenderId, TenantId } from '../../../schema/ids';
import { senders } from '../../../schema/tables';
import type { Database } from '../database';

export const sendersOf = (database: Database, tenant: TenantId): Promise<{ id: SenderId; value: string }[]> =>
  database
    .select({ id: senders.id, value: senders.value })
    .from(senders)
    .where(eq(senders.tenantId, tenant))
    .orderBy(asc(senders.createdAt), desc(senders.value));
