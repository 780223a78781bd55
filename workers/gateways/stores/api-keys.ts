/**
 * D1: whose key it is that a request of the API names. Read for every request, changed now and then: each isolate remembers what hardly
 * ever changes for a while; switch, secrets and limits are asked of the key's gate each time.
 */
import { eq } from 'drizzle-orm';
import type { Env } from '../../../schema/env';
import type { CarrierAccountId, KeyId, TenantId } from '../../../schema/ids';
import type { TrafficKind } from '../../../schema/states';
import { keys, tenants } from '../../../schema/tables';
import type { Database } from '../database';
import { pricesOf } from './prices';

export interface ApiKey {
  readonly id: KeyId;
  readonly name: string;
  readonly kind: TrafficKind;
  readonly test: boolean;
  readonly carrierAccount: CarrierAccountId;
  readonly tenant: TenantId;
  readonly tenantName: string;
  /** Mainland texts of this tenant must be approved ones. */
  readonly exact: boolean;
  readonly masksBodies: boolean;
  /** What `/getBalance` calls the currency. */
  readonly currencySign: string;
}

interface Access {
  readonly env: Env;
  readonly database: Database;
}

const REMEMBER_MS = 15_000;
const REMEMBERED_MAX = 2_000;

interface Remembered {
  readonly value: unknown;
  readonly untilAt: number;
}
/** One isolate may serve several databases (tests): each has its own memory. */
const memories = new WeakMap<object, Map<string, Remembered>>();

async function remembered<Value>(owner: object, name: string, read: () => Promise<Value | null>): Promise<Value | null> {
  let memory = memories.get(owner);
  if (!memory) memories.set(owner, (memory = new Map()));
  const now = Date.now();
  const known = memory.get(name);
  if (known && known.untilAt > now) return known.value as Value;
  const value = await read();
  if (memory.size >= REMEMBERED_MAX) memory.clear();
  // What is not there may come in a moment, and names that nobody has must not fill the memory.
  if (value !== null) memory.set(name, { value, untilAt: now + REMEMBER_MS });
  return value;
}

const KEY_ID = /^[0-9A-Za-z]{1,32}$/;

/** null for a key that does not exist, or whose tenant is switched off. */
export async function findApiKey({ env, database }: Access, id: string): Promise<ApiKey | null> {
  if (!KEY_ID.test(id)) return null;
  return await remembered(env.DB, `key ${id}`, async () => {
    const [found] = await database
      .select({
        id: keys.id,
        name: keys.name,
        kind: keys.kind,
        test: keys.test,
        carrierAccount: keys.carrierAccountId,
        tenant: keys.tenantId,
        tenantName: tenants.name,
        masksBodies: tenants.masksBodies,
        tenantEnabled: tenants.enabled,
        exact: tenants.exactTemplates,
        currencySign: tenants.currencySign,
      })
      .from(keys)
      .innerJoin(tenants, eq(tenants.id, keys.tenantId))
      .where(eq(keys.id, id as KeyId));
    if (!found?.tenantEnabled) return null;
    const { tenantEnabled: _, ...key } = found;
    return key;
  });
}

/** Micro-EUR of one part by ISO code, as the tenant pays it. */
export async function rememberedPrices({ env, database }: Access, tenant: TenantId): Promise<Readonly<Record<string, number>>> {
  return (await remembered(env.DB, `prices ${tenant}`, () => pricesOf(database, tenant))) ?? {};
}
