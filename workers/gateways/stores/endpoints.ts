/** D1: customers' endpoints and their signing secrets. */
import { and, asc, desc, eq, gt, isNull, or, sql } from 'drizzle-orm';
import type { Env } from '../../../schema/env';
import { newEndpointId, type EndpointId, type TenantId } from '../../../schema/ids';
import { WEBHOOK_ENDPOINTS_KNOWN_MS, WEBHOOK_OLD_SECRET_MS, WEBHOOK_SECRETS } from '../../../schema/limits';
import type { EndpointTrouble, WebhookEvent } from '../../../schema/states';
import { endpoints, users, webhookSecrets } from '../../../schema/tables';
import { newWebhookSecret } from '../../rules/webhook-signature';
import type { Database } from '../database';
import { openSecret, sealSecret } from '../sealed-secrets';

interface Access {
  readonly env: Env;
  readonly database: Database;
}

export type EndpointRow = typeof endpoints.$inferSelect;
/** Of an endpoint as it is made or changed. */
export type EndpointFields = Pick<EndpointRow, 'name' | 'url' | 'method' | 'events' | 'batchMax' | 'enabled'> & {
  readonly headers: Readonly<Record<string, string>>;
};

const ofTenant = (tenant: TenantId, id: EndpointId) => and(eq(endpoints.tenantId, tenant), eq(endpoints.id, id));

export const listEndpoints = (database: Database, tenant: TenantId): Promise<EndpointRow[]> =>
  database.select().from(endpoints).where(eq(endpoints.tenantId, tenant)).orderBy(desc(endpoints.createdAt), asc(endpoints.id));

export async function findEndpoint(database: Database, tenant: TenantId, id: EndpointId): Promise<EndpointRow | null> {
  return (await database.select().from(endpoints).where(ofTenant(tenant, id)).get()) ?? null;
}

export async function addEndpoint(access: Access, tenant: TenantId, fields: EndpointFields, now: number): Promise<EndpointId> {
  const { env, database } = access;
  const id = newEndpointId();
  const { headers, ...row } = fields;
  const headersSealed = await sealSecret(env, JSON.stringify(headers));
  await database
    .insert(endpoints)
    .values({ ...row, id, tenantId: tenant, kind: 'endpoint', headersSealed, trouble: null, createdAt: now, updatedAt: now });
  await addSecret(access, tenant, id, now);
  forget(env, tenant);
  return id;
}

/** What is not named stays. Switching on ends a trouble. @returns false when there is no such endpoint */
export async function changeEndpoint(
  { env, database }: Access,
  tenant: TenantId,
  id: EndpointId,
  { headers, ...fields }: Partial<EndpointFields>,
  now: number,
): Promise<boolean> {
  const changed = await database
    .update(endpoints)
    .set({
      ...fields,
      ...(headers !== undefined && { headersSealed: await sealSecret(env, JSON.stringify(headers)) }),
      ...(fields.enabled === true && { trouble: null }),
      updatedAt: now,
    })
    .where(ofTenant(tenant, id))
    .returning({ id: endpoints.id });
  forget(env, tenant);
  return changed.length > 0;
}

export async function removeEndpoint({ env, database }: Access, tenant: TenantId, id: EndpointId): Promise<boolean> {
  const [removed] = await database.batch([
    database.delete(endpoints).where(ofTenant(tenant, id)).returning({ id: endpoints.id }),
    database.delete(webhookSecrets).where(and(eq(webhookSecrets.tenantId, tenant), eq(webhookSecrets.owner, id))),
  ]);
  forget(env, tenant);
  return removed.length > 0;
}

/** The platform switches an endpoint off. @returns false when it was off already: its owners know */
export async function disableEndpoint({ env, database }: Access, id: EndpointId, trouble: EndpointTrouble, now: number): Promise<boolean> {
  const [changed] = await database
    .update(endpoints)
    .set({ enabled: false, trouble, updatedAt: now })
    .where(and(eq(endpoints.id, id), eq(endpoints.enabled, true)))
    .returning({ tenant: endpoints.tenantId });
  if (changed) forget(env, changed.tenant);
  return changed !== undefined;
}

/** Who is told: owners of the tenant that can sign in. */
export const ownersOf = (database: Database, tenant: TenantId) =>
  database
    .select({ email: users.email, locale: users.locale, timeZone: users.timeZone })
    .from(users)
    .where(and(eq(users.tenantId, tenant), eq(users.role, 'owner'), eq(users.enabled, true)));

/** What a lane needs to call its customer. */
export interface WebhookTarget {
  readonly tenant: TenantId;
  readonly kind: EndpointRow['kind'];
  readonly name: string;
  readonly url: string;
  readonly method: EndpointRow['method'];
  readonly headers: Readonly<Record<string, string>>;
  readonly batchMax: number;
  readonly enabled: boolean;
  /** The newest first; at least one. */
  readonly secrets: readonly string[];
}

export async function webhookTarget(access: Access, id: EndpointId, now: number): Promise<WebhookTarget | null> {
  const row = await access.database.select().from(endpoints).where(eq(endpoints.id, id)).get();
  if (!row) return null;
  const { tenantId: tenant, kind, name, url, method, batchMax, enabled, headersSealed } = row;
  const headers = JSON.parse(await openSecret(access.env, headersSealed)) as Record<string, string>;
  const secrets = await liveSecrets(access, tenant, kind === 'callback' ? tenant : id, now);
  return { tenant, kind, name, url, method, headers, batchMax, enabled, secrets: secrets.map(({ secret }) => secret) };
}

/** Of an endpoint, or of the tenant's callbacks; the newest first. The first is made when it is first asked for. */
export async function liveSecrets(
  access: Access,
  tenant: TenantId,
  owner: EndpointId | TenantId,
  now: number,
): Promise<readonly { readonly secret: string; readonly createdAt: number; readonly expiresAt: number | null }[]> {
  const { env, database } = access;
  const read = () =>
    database
      .select()
      .from(webhookSecrets)
      .where(
        and(
          eq(webhookSecrets.tenantId, tenant),
          eq(webhookSecrets.owner, owner),
          or(isNull(webhookSecrets.expiresAt), gt(webhookSecrets.expiresAt, now)),
        ),
      )
      .orderBy(desc(webhookSecrets.n))
      .limit(WEBHOOK_SECRETS);
  let found = await read();
  if (found.length === 0) {
    await addSecret(access, tenant, owner, now);
    found = await read();
  }
  return await Promise.all(
    found.map(async ({ sealed, createdAt, expiresAt }) => ({ secret: await openSecret(env, sealed), createdAt, expiresAt })),
  );
}

/** Only where there is none: two Workers that make the first at once must not make two. */
async function addSecret({ env, database }: Access, tenant: TenantId, owner: string, now: number): Promise<void> {
  const sealed = await sealSecret(env, newWebhookSecret());
  await database.run(sql`
    INSERT INTO ${webhookSecrets} (owner, tenant_id, sealed, created_at)
    SELECT ${owner}, ${tenant}, ${sealed}, ${now} WHERE NOT EXISTS (SELECT 1 FROM ${webhookSecrets} WHERE owner = ${owner} AND expires_at IS NULL)`);
}

/** A new secret; the one before it signs beside it for a while, any older one no more. */
export async function rotateSecret(
  { env, database }: Access,
  tenant: TenantId,
  owner: EndpointId | TenantId,
  now: number,
): Promise<string> {
  const secret = newWebhookSecret();
  const sealed = await sealSecret(env, secret);
  const own = and(eq(webhookSecrets.tenantId, tenant), eq(webhookSecrets.owner, owner));
  await database.batch([
    database.delete(webhookSecrets).where(and(own, gt(webhookSecrets.expiresAt, 0))),
    database
      .update(webhookSecrets)
      .set({ expiresAt: now + WEBHOOK_OLD_SECRET_MS })
      .where(and(own, isNull(webhookSecrets.expiresAt))),
    database.insert(webhookSecrets).values({ owner, tenantId: tenant, sealed, createdAt: now }),
  ]);
  return secret;
}

/** The lane for one origin that calls and tasks of this tenant name as their callback. */
export async function callbackEndpoint(access: Access, tenant: TenantId, origin: string, now: number): Promise<EndpointId> {
  const { env, database } = access;
  const memory = memoryOf(env);
  const name = `${tenant} ${origin}`;
  const known = memory.callbacks.get(name);
  if (known) return known;
  const headersSealed = await sealSecret(env, '{}');
  const row = {
    tenantId: tenant,
    kind: 'callback',
    name: '',
    url: origin,
    method: 'POST',
    headersSealed,
    events: [],
    batchMax: 1,
  } as const;
  await database
    .insert(endpoints)
    .values({ ...row, events: [], id: newEndpointId(), enabled: true, trouble: null, createdAt: now, updatedAt: now })
    .onConflictDoNothing();
  const [found] = await database
    .select({ id: endpoints.id })
    .from(endpoints)
    .where(and(eq(endpoints.tenantId, tenant), eq(endpoints.kind, 'callback'), eq(endpoints.url, origin)));
  if (!found) throw new Error('D1 has no lane for a callback');
  if (memory.callbacks.size >= KNOWN_MAX) memory.callbacks.clear();
  memory.callbacks.set(name, found.id);
  return found.id;
}

interface Known {
  readonly ids: Readonly<Record<WebhookEvent, readonly EndpointId[]>>;
  readonly untilAt: number;
}
interface Memory {
  readonly subscribers: Map<TenantId, Known>;
  readonly callbacks: Map<string, EndpointId>;
}

/** One isolate may serve several databases (tests): each has its own memory. */
const memories = new WeakMap<object, Memory>();
const KNOWN_MAX = 2_000;

function memoryOf(env: Env): Memory {
  let memory = memories.get(env.DB);
  if (!memory) memories.set(env.DB, (memory = { subscribers: new Map(), callbacks: new Map() }));
  return memory;
}

const forget = (env: Env, tenant: TenantId): void => {
  memoryOf(env).subscribers.delete(tenant);
};

/** What this isolate knows without asking; null = it must ask. */
export function knownSubscribers(env: Env, tenant: TenantId, event: WebhookEvent): readonly EndpointId[] | null {
  const known = memoryOf(env).subscribers.get(tenant);
  return known && known.untilAt > Date.now() ? known.ids[event] : null;
}

/** Endpoints that are told of such events: switched on, the oldest first. */
export async function subscribersOf({ env, database }: Access, tenant: TenantId, event: WebhookEvent): Promise<readonly EndpointId[]> {
  const known = knownSubscribers(env, tenant, event);
  if (known) return known;
  const found = await database
    .select({ id: endpoints.id, events: endpoints.events })
    .from(endpoints)
    .where(and(eq(endpoints.tenantId, tenant), eq(endpoints.kind, 'endpoint'), eq(endpoints.enabled, true)))
    .orderBy(asc(endpoints.createdAt));
  const of = (wanted: WebhookEvent): EndpointId[] => found.filter(({ events }) => events.includes(wanted)).map(({ id }) => id);
  const ids = { receipt: of('receipt'), inbound: of('inbound') };
  const { subscribers } = memoryOf(env);
  if (subscribers.size >= KNOWN_MAX) subscribers.clear();
  subscribers.set(tenant, { ids, untilAt: Date.now() + WEBHOOK_ENDPOINTS_KNOWN_MS });
  return ids[event];
}
