/** Fills a local platform with the demo's data. A repeat changes nothing but the carrier's credentials, which may have come since. */
import { AppError } from '../../schema/errors';
import { CARRIER_DEFAULT_PER_SECOND } from '../../schema/limits';
import type { Gateways } from '../gateways';
import { sealSecret } from '../gateways/sealed-secrets';
import { addApproval, findApproval, moveApproval } from '../gateways/stores/approvals';
import { addNotice, noticePage } from '../gateways/stores/notices';
import { addOperator, findOperator } from '../gateways/stores/operators';
import { addPrices, addSender, addTemplate, addTenant, putCarrierAccount } from '../gateways/stores/provisioning';
import { findUser, insertUser } from '../gateways/stores/users';
import { parsePhone } from '../rules/phone';
import { adjustKey } from './adjust-key';
import {
  DEMO_APPROVALS,
  DEMO_CARRIER,
  DEMO_KEY_PER_SECOND,
  DEMO_KEY_SIGNATURE,
  DEMO_NOTICES,
  DEMO_OPERATOR,
  DEMO_TENANT,
  EMPTY_TENANT,
  NEW_OPERATOR,
  NEWCOMER,
  OTHER_TENANT,
  SYSTEM_BALANCE,
  type DemoTenant,
  type DemoUser,
} from './demo-data';
import { DEMO_PRICES } from './demo-prices';
import { makeKey } from './make-key';
import { openAccount } from './open-account';
import { hashPassword } from './passwords';
import { makeSystemTenant, SYSTEM_TENANT } from './system-tenant';

interface SeededTenant {
  readonly logins: readonly { readonly email: string; readonly phone: string; readonly password: string }[];
  readonly keys: readonly {
    readonly name: string;
    readonly baseKey: string;
    readonly secret: string;
    readonly kind: 'marketing' | 'transactional';
    readonly test: boolean;
  }[];
}

export interface Seeded {
  readonly demo: SeededTenant;
  readonly other: SeededTenant;
  readonly operator: { readonly email: string; readonly password: string };
}

/** @throws not_found anywhere but in a local run: these passwords and secrets are public. */
export async function seedDemo(gateways: Gateways, now: number): Promise<Seeded> {
  if (gateways.env.ENVIRONMENT !== 'local') throw new AppError('not_found');
  await putDemoCarrier(gateways, now);
  if (!(await isSeeded(gateways))) await seedOnce(gateways, now);
  await seedOperators(gateways, now);
  await seedApprovals(gateways, now);
  const { email, password } = DEMO_OPERATOR;
  return { demo: described(DEMO_TENANT), other: described(OTHER_TENANT), operator: { email, password } };
}

/** The notices come last, so a seeding that was cut short begins again. */
async function isSeeded({ database }: Gateways): Promise<boolean> {
  const posted = await noticePage(database, null, null, DEMO_NOTICES.length);
  return posted.length === DEMO_NOTICES.length;
}

async function seedOnce(gateways: Gateways, now: number): Promise<void> {
  const { database, objects } = gateways;
  await addPrices(database, '', DEMO_PRICES, now);
  await makeSystemTenant(gateways, DEMO_CARRIER.id, now);
  await objects.ledger(SYSTEM_TENANT).topUp('demo', SYSTEM_BALANCE);
  for (const tenant of [DEMO_TENANT, OTHER_TENANT, EMPTY_TENANT]) await seedTenant(gateways, tenant, now);
  await openAccount(gateways, NEWCOMER, now).catch((thrown: unknown) => {
    // Opened by a seeding that was cut short after it.
    if (!(thrown instanceof AppError && thrown.code === 'conflict')) throw thrown;
  });
  for (const [index, notice] of DEMO_NOTICES.entries()) await addNotice(database, { ...notice, postedAt: now - index });
}

/** The simulator's account, or Vonage's where the run has its credentials. */
async function putDemoCarrier({ env, database }: Gateways, now: number): Promise<void> {
  const real = env.VONAGE_API_KEY;
  const apiSecret = real ? (env.VONAGE_API_SECRET ?? '') : DEMO_CARRIER.apiSecret;
  const signatureSecret = real ? (env.VONAGE_SIGNATURE_SECRET ?? '') : DEMO_CARRIER.signatureSecret;
  await putCarrierAccount(database, {
    id: DEMO_CARRIER.id,
    name: real ? 'Vonage' : DEMO_CARRIER.name,
    apiKey: real || DEMO_CARRIER.apiKey,
    apiSecretSealed: await sealSecret(env, apiSecret),
    signatureSecretSealed: await sealSecret(env, signatureSecret),
    signatureMethod: (real && env.VONAGE_SIGNATURE_METHOD) || DEMO_CARRIER.signatureMethod,
    perSecond: real ? CARRIER_DEFAULT_PER_SECOND : DEMO_CARRIER.perSecond,
    createdAt: now,
  });
}

async function seedTenant(gateways: Gateways, tenant: DemoTenant, now: number): Promise<void> {
  const { database, objects } = gateways;
  await addTenant(database, { id: tenant.id, name: tenant.name, createdAt: now });
  for (const user of tenant.users) await seedUser(gateways, tenant, user, now);
  for (const { id, name, secret, kind, test } of tenant.keys) {
    const fixed = { id, secret };
    await makeKey(
      gateways,
      { tenant: tenant.id, name, kind, test, carrierAccount: DEMO_CARRIER.id, perSecond: DEMO_KEY_PER_SECOND, fixed },
      now,
    );
    await objects.keyGate(id).addNumbers(JSON.stringify(tenant.blacklist), 'user');
    await adjustKey(gateways, id, { signature: DEMO_KEY_SIGNATURE });
  }
  for (const sender of tenant.senders) await addSender(database, { ...sender, tenantId: tenant.id, createdAt: now });
  for (const template of tenant.templates)
    await addTemplate(database, { ...template, tenantId: tenant.id, createdAt: now, updatedAt: now });
  if (tenant.balance > 0) await objects.ledger(tenant.id).topUp('demo', tenant.balance);
}

/** Also into a state folder that was seeded before there were operators. */
async function seedOperators({ database }: Gateways, now: number): Promise<void> {
  for (const { password, ...operator } of [DEMO_OPERATOR, NEW_OPERATOR]) {
    if (await findOperator(database, operator.id)) continue;
    const mustChangePassword = operator.id === NEW_OPERATOR.id;
    await addOperator(database, { ...operator, passwordHash: await hashPassword(password), mustChangePassword, createdAt: now });
  }
}

async function seedApprovals({ database }: Gateways, now: number): Promise<void> {
  const [owner] = DEMO_TENANT.users;
  if (!owner || (await findApproval(database, DEMO_TENANT.id, DEMO_APPROVALS[0].id))) return;
  for (const [at, { state, ...approval }] of DEMO_APPROVALS.entries()) {
    const times = { createdAt: now + at, updatedAt: now + at };
    const whose = { tenantId: DEMO_TENANT.id, userId: owner.id };
    await addApproval(database, { ...approval, ...whose, ...times, traffic: 'marketing', note: '', state: 'pending' }, []);
    if (state === 'approved') await moveApproval(database, approval.id, 'pending', 'approved', '', now + at);
  }
}

async function seedUser({ database }: Gateways, tenant: DemoTenant, user: DemoUser, now: number): Promise<void> {
  if (await findUser(database, user.id)) return;
  const { id, name, department, email, role, locale, password } = user;
  const phone = parsePhone(user.phone);
  if (!phone.valid) throw new Error(`the demo phone of ${id} is not valid`);
  const passwordHash = await hashPassword(password);
  await insertUser(
    database,
    { id, tenantId: tenant.id, name, department, email, role, locale, passwordHash, mustChangePassword: false, createdAt: now },
    [phone.digits],
  );
}

const described = ({ users, keys }: DemoTenant): SeededTenant => ({
  logins: users.map(({ email, phone, password }) => ({ email, phone, password })),
  keys: keys.map(({ id, name, secret, kind, test }) => ({ name, baseKey: id, secret, kind, test })),
});
