/** A tenant of its own for each test: with a signed-in user, keys, a carrier account, prices and money. Inside workerd, all of it real. */
import { env, exports } from 'cloudflare:workers';
import type { Actor } from '../../schema/console';
import type { Env } from '../../schema/env';
import {
  newCarrierAccountId,
  newSenderId,
  newSessionId,
  newTenantId,
  newUserId,
  type CarrierAccountId,
  type KeyId,
  type TenantId,
} from '../../schema/ids';
import { SESSION_LIFETIME_MS } from '../../schema/limits';
import type { Locale, TrafficKind, UserRole } from '../../schema/states';
import { makeGateways, type Gateways } from '../../workers/gateways';
import { sealSecret } from '../../workers/gateways/sealed-secrets';
import { addPrices, addSender, addTenant, putCarrierAccount } from '../../workers/gateways/stores/provisioning';
import { startSession } from '../../workers/gateways/stores/sessions';
import { insertUser } from '../../workers/gateways/stores/users';
import { DEMO_CARRIER } from '../../workers/tenancy/demo-data';
import { DEMO_PRICES } from '../../workers/tenancy/demo-prices';
import { makeKey } from '../../workers/tenancy/make-key';
import { hashPassword } from '../../workers/tenancy/passwords';
import { sessionCookie } from '../../workers/tenancy/session-cookie';
import { makeSystemTenant } from '../../workers/tenancy/system-tenant';

export const ORIGIN = 'http://jmc.test';
export const PASSWORD = 'Correct-Horse-2026';
const BALANCE_MICROS = 1_000_000_000;

interface WorldKey {
  readonly id: KeyId;
  readonly secret: string;
}
export interface WorldUser {
  readonly actor: Actor;
  readonly email: string;
  /** E.164 digits. */
  readonly phone: string;
  /** `Cookie` header of a live session. */
  readonly cookie: string;
}
export interface World extends WorldUser {
  readonly gateways: Gateways;
  readonly tenant: TenantId;
  readonly carrierAccount: CarrierAccountId;
  readonly marketing: WorldKey;
  readonly transactional: WorldKey;
  readonly test: WorldKey;
  readonly sender: string;
  /** A request with this user's session; a plain object as `json` becomes the body. */
  fetch(path: string, init?: RequestInit & { readonly json?: unknown }): Promise<Response>;
  /** Another user of the same tenant. */
  addUser(wanted?: UserWish): Promise<WorldUser>;
}

interface UserWish {
  readonly role?: UserRole;
  readonly locale?: Locale;
  readonly mustChangePassword?: boolean;
}
export interface WorldWish extends UserWish {
  readonly balanceMicros?: number;
  /** One-time codes are never shown in full. */
  readonly masksBodies?: boolean;
  /** Base URL of the carrier; '' = VONAGE_REST_HOST. */
  readonly restHost?: string;
  readonly perSecond?: number;
}

const worker = (exports as unknown as { default: Fetcher }).default;

/** Scrypt is slow by design: one hash does for every user of a test file. */
let passwordHash: Promise<string> | undefined;
/** Numbers that no two users share: +86 139 and eight digits. */
let lastPhone = Math.floor(Math.random() * 40_000_000);

export const worldGateways = (): Gateways => makeGateways(env as unknown as Env);

/** A request to the Worker; without a session unless the headers bring one. */
export function request(
  path: string,
  { json, ...init }: RequestInit & { readonly json?: unknown } = {},
  origin = ORIGIN,
): Promise<Response> {
  const headers = new Headers(init.headers);
  if (json === undefined) return worker.fetch(new Request(`${origin}${path}`, { redirect: 'manual', ...init, headers }));
  headers.set('content-type', 'application/json');
  return worker.fetch(
    new Request(`${origin}${path}`, { method: 'POST', redirect: 'manual', ...init, headers, body: JSON.stringify(json) }),
  );
}

export async function makeWorld(wish: WorldWish = {}): Promise<World> {
  const gateways = worldGateways();
  const { database, objects } = gateways;
  const now = Date.now();
  const tenant = newTenantId();
  const { masksBodies = false } = wish;
  await addTenant(database, { id: tenant, name: 'Test tenant', createdAt: now, masksBodies });
  const carrierAccount = await addCarrier(gateways, wish, now);
  const key = async (kind: TrafficKind, test: boolean): Promise<WorldKey> => {
    const made = await makeKey(
      gateways,
      { tenant, name: `${kind}${test ? ' test' : ''}`, kind, test, carrierAccount, perSecond: DEMO_CARRIER.perSecond },
      now,
    );
    return { id: made.baseKey, secret: made.secret };
  };
  const [marketing, transactional, test] = await Promise.all([
    key('marketing', false),
    key('transactional', false),
    key('marketing', true),
  ]);
  await addPrices(database, '', DEMO_PRICES, now);
  await addSender(database, { id: newSenderId(), tenantId: tenant, value: 'JINMU', createdAt: now });
  await objects.ledger(tenant).topUp('test', wish.balanceMicros ?? BALANCE_MICROS);
  const addUser = (wanted: UserWish = {}): Promise<WorldUser> => makeUser(gateways, tenant, masksBodies, wanted, now);
  const user = await addUser(wish);
  return {
    ...user,
    gateways,
    tenant,
    carrierAccount,
    marketing,
    transactional,
    test,
    sender: 'JINMU',
    addUser,
    fetch: (path, init = {}) => {
      const headers = new Headers(init.headers);
      headers.set('cookie', user.cookie);
      return request(path, { ...init, headers });
    },
  };
}

/** What codes to phones need: the platform's own tenant and key. @param restHost base URL of the carrier */
export async function openSystemTenant(restHost: string): Promise<void> {
  const gateways = worldGateways();
  const now = Date.now();
  await makeSystemTenant(gateways, await addCarrier(gateways, { restHost }, now), now);
}

/** The simulator's credentials, under an id of its own, so that no test shares another's pace. */
export async function addCarrier(
  { env: bindings, database }: Gateways,
  wish: Pick<WorldWish, 'restHost' | 'perSecond'> & { readonly apiSecret?: string },
  now: number,
): Promise<CarrierAccountId> {
  const id = newCarrierAccountId();
  const { name, apiKey, apiSecret, signatureSecret, signatureMethod } = DEMO_CARRIER;
  await putCarrierAccount(database, {
    id,
    name,
    apiKey,
    apiSecretSealed: await sealSecret(bindings, wish.apiSecret ?? apiSecret),
    signatureSecretSealed: await sealSecret(bindings, signatureSecret),
    signatureMethod,
    restHost: wish.restHost ?? '',
    perSecond: wish.perSecond ?? DEMO_CARRIER.perSecond,
    createdAt: now,
  });
  return id;
}

async function makeUser(gateways: Gateways, tenant: TenantId, masksBodies: boolean, wanted: UserWish, now: number): Promise<WorldUser> {
  const user = newUserId();
  const session = newSessionId();
  const email = `${user.toLowerCase()}@test.example`;
  lastPhone += 1;
  const phone = `86139${String(lastPhone).padStart(8, '0')}`;
  const { role = 'owner', locale = 'en', mustChangePassword = false } = wanted;
  passwordHash ??= hashPassword(PASSWORD);
  const profile = { name: 'Test User', role, locale, timeZone: 'Asia/Shanghai', mustChangePassword };
  await insertUser(gateways.database, { ...profile, id: user, tenantId: tenant, email, passwordHash: await passwordHash, createdAt: now }, [
    phone,
  ]);
  await startSession(gateways.database, {
    id: session,
    userId: user,
    createdAt: now,
    expiresAt: now + SESSION_LIFETIME_MS,
    address: '',
    userAgent: 'tests',
  });
  const setCookie = await sessionCookie(gateways, session, user, now);
  const actor: Actor = { ...profile, tenant, tenantName: 'Test tenant', user, session, email, address: '', masksBodies };
  return { actor, email, phone, cookie: setCookie.split(';')[0] ?? '' };
}
