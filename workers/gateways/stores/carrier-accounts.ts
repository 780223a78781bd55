/** D1: Vonage credentials. Read on every batch, changed by operators now and then: each isolate remembers them for a minute. */
import { eq } from 'drizzle-orm';
import type { Env } from '../../../schema/env';
import type { CarrierAccountId, KeyId } from '../../../schema/ids';
import { CARRIER_DEFAULT_PER_SECOND } from '../../../schema/limits';
import { carrierAccounts, keys } from '../../../schema/tables';
import type { Database } from '../database';
import { openSecret } from '../sealed-secrets';

export interface CarrierAccount {
  readonly id: CarrierAccountId;
  readonly apiKey: string;
  readonly apiSecret: string;
  /** '' where the account does not sign its webhooks. */
  readonly signatureSecret: string;
  readonly signatureMethod: string;
  /** Base URL without a slash at its end. */
  readonly restHost: string;
  readonly perSecond: number;
}

const REMEMBER_MS = 60_000;

interface Remembered<Value> {
  readonly value: Promise<Value>;
  readonly untilAt: number;
}

/** One isolate may serve several databases (tests): each has its own memory. */
const memories = new WeakMap<object, Map<string, Remembered<unknown>>>();

function remembered<Value>(owner: object, name: string, read: () => Promise<Value>): Promise<Value> {
  let memory = memories.get(owner);
  if (!memory) memories.set(owner, (memory = new Map()));
  const now = Date.now();
  const known = memory.get(name);
  if (known && known.untilAt > now) return known.value as Promise<Value>;
  const value = read();
  memory.set(name, { value, untilAt: now + REMEMBER_MS });
  // A failure is not worth remembering.
  value.catch(() => memory.delete(name));
  return value;
}

type Row = typeof carrierAccounts.$inferSelect;

async function unsealed(env: Pick<Env, 'DATA_KEY' | 'VONAGE_REST_HOST'>, row: Row): Promise<CarrierAccount> {
  const [apiSecret, signatureSecret] = await Promise.all([
    openSecret(env, row.apiSecretSealed),
    openSecret(env, row.signatureSecretSealed),
  ]);
  const { id, apiKey, signatureMethod, perSecond } = row;
  const restHost = (row.restHost || env.VONAGE_REST_HOST).replace(/\/+$/, '');
  return { id, apiKey, apiSecret, signatureSecret, signatureMethod, restHost, perSecond };
}

interface Access {
  readonly env: Env;
  readonly database: Database;
}

/** @throws when there is no such account: a key that names none was never bound. */
export function carrierAccount({ env, database }: Access, id: CarrierAccountId): Promise<CarrierAccount> {
  return remembered(env.DB, `account ${id}`, async () => {
    const [row] = await database.select().from(carrierAccounts).where(eq(carrierAccounts.id, id));
    if (!row) throw new Error('a key names a carrier account that does not exist');
    return await unsealed(env, row);
  });
}

/** All accounts with this api key, as receipts name it; [] when it is nobody's. */
export function carrierAccountsByApiKey({ env, database }: Access, apiKey: string): Promise<readonly CarrierAccount[]> {
  return remembered(env.DB, `key ${apiKey}`, async () => {
    const found = await database.select().from(carrierAccounts).where(eq(carrierAccounts.apiKey, apiKey));
    return await Promise.all(found.map((row) => unsealed(env, row)));
  });
}

/**
 * Who carries the messages of a key, and how fast each may send: those of its accounts that are on. Where none is, all of them: what was
 * accepted is sent.
 * @param otherwise where there is no such key
 */
export async function accountsOfKey(
  access: Access,
  key: KeyId,
  otherwise: CarrierAccountId,
): Promise<readonly { readonly id: CarrierAccountId; readonly perSecond: number }[]> {
  const bound = await remembered(access.env.DB, `accounts of ${key}`, async () => {
    const [row] = await access.database
      .select({ first: keys.carrierAccountId, further: keys.furtherAccounts })
      .from(keys)
      .where(eq(keys.id, key));
    return row ? [row.first, ...row.further] : [];
  });
  const accounts = bound.length > 0 ? bound : [otherwise];
  const known = await Promise.all(accounts.map(async (id) => ({ id, ...(await carrierPace(access, id)) })));
  const on = known.filter(({ enabled }) => enabled);
  return (on.length > 0 ? on : known).map(({ id, perSecond }) => ({ id, perSecond }));
}

/** Messages a second that the account may send, and whether it is on. */
function carrierPace({ env, database }: Access, id: CarrierAccountId): Promise<{ readonly perSecond: number; readonly enabled: boolean }> {
  return remembered(env.DB, `pace ${id}`, async () => {
    const { perSecond, enabled } = carrierAccounts;
    const [row] = await database.select({ perSecond, enabled }).from(carrierAccounts).where(eq(carrierAccounts.id, id));
    return row ?? { perSecond: CARRIER_DEFAULT_PER_SECOND, enabled: true };
  });
}
