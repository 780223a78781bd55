/** Keys of a tenant. What they are lives in D1; their secrets and their switch live in KeyGate. */
import { and, asc, eq } from 'drizzle-orm';
import type { KeyId, TenantId } from '../../../schema/ids';
import { keys } from '../../../schema/tables';
import type { Database } from '../database';

export type KeyRow = typeof keys.$inferSelect;

export interface KeyStore {
  find(id: KeyId): Promise<KeyRow | null>;
  /** By name; those that are off as well. */
  names(): Promise<{ id: KeyId; name: string }[]>;
  /** By name. */
  all(): Promise<KeyRow[]>;
  setEnabled(id: KeyId, enabled: boolean): Promise<void>;
  /** Keys that may send tasks: marketing, switched on; by name. */
  marketing(): Promise<KeyRow[]>;
}

export const keysOf = (database: Database, tenant: TenantId): KeyStore => ({
  async find(id) {
    return (
      (await database
        .select()
        .from(keys)
        .where(and(eq(keys.tenantId, tenant), eq(keys.id, id)))
        .get()) ?? null
    );
  },
  names: () =>
    database.select({ id: keys.id, name: keys.name }).from(keys).where(eq(keys.tenantId, tenant)).orderBy(asc(keys.name), asc(keys.id)),
  all: () => database.select().from(keys).where(eq(keys.tenantId, tenant)).orderBy(asc(keys.name), asc(keys.id)),
  async setEnabled(id, enabled) {
    await database
      .update(keys)
      .set({ enabled })
      .where(and(eq(keys.tenantId, tenant), eq(keys.id, id)));
  },
  marketing: () =>
    database
      .select()
      .from(keys)
      .where(and(eq(keys.tenantId, tenant), eq(keys.kind, 'marketing'), eq(keys.enabled, true)))
      .orderBy(asc(keys.name)),
});
