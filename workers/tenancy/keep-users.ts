/** A tenant's people: opened, changed, given a new first password. Operators and owners both come through here; who they are is the caller's to check. */
import { AppError, type FieldError } from '../../schema/errors';
import { newUserId, type SessionId, type TenantId, type UserId } from '../../schema/ids';
import { PHONES_PER_USER } from '../../schema/limits';
import { USER_ROLES } from '../../schema/states';
import type { NewUserForm, UserForm, UserItem } from '../../schema/operators';
import type { Gateways } from '../gateways';
import { sendMail } from '../gateways/mail';
import { changeUserRow, findUserOf, otherOwners, phonesOfTenant, usersOfTenant, type UserRow } from '../gateways/stores/service-desk';
import { endSessions } from '../gateways/stores/sessions';
import { findLogin, insertUser, phonesOf, type KnownLogin } from '../gateways/stores/users';
import { formatPhone, maskPhone, parsePhone } from '../rules/phone';
import { addressChangedText, firstPasswordText } from './mail-texts';
import { hashPassword, newFirstPassword } from './passwords';
import { maskLogin } from './typed-login';

const NAME_MAX = 100;
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

type Needed = Pick<Gateways, 'env' | 'database'>;
const refuse = (fields: readonly FieldError[]): AppError => new AppError('invalid_request', { fields });

/** @throws invalid_request naming every phone that is none */
function readPhones(typed: readonly string[]): string[] {
  if (typed.length > PHONES_PER_USER) throw refuse([{ field: 'phones', code: 'too_many', details: { max: PHONES_PER_USER } }]);
  const parsed = typed.map((phone) => parsePhone(phone));
  const wrong = parsed.some((phone) => !phone.valid);
  if (wrong) throw refuse([{ field: 'phones', code: 'invalid' }]);
  return [...new Set(parsed.flatMap((phone) => (phone.valid ? [phone.digits] : [])))];
}

export function nameError(field: string, name: string): FieldError[] {
  if (name.trim() === '') return [{ field, code: 'required' }];
  return name.trim().length > NAME_MAX ? [{ field, code: 'too_long', details: { max: NAME_MAX } }] : [];
}

const emailError = (email: string): FieldError[] =>
  EMAIL.test(email) && email.length <= 254 ? [] : [{ field: 'email', code: email === '' ? 'required' : 'invalid' }];

/** @throws invalid_request on a login that signs somebody in already, here or at another tenant */
async function refuseTaken({ database }: Needed, field: 'email' | 'phones', login: KnownLogin, own?: UserId): Promise<void> {
  const holder = await findLogin(database, login);
  if (holder !== null && holder !== own) throw refuse([{ field, code: 'taken' }]);
}

/** Oldest first. */
export async function listUsers({ database }: Pick<Gateways, 'database'>, tenant: TenantId): Promise<readonly UserItem[]> {
  const [users, phones] = await Promise.all([usersOfTenant(database, tenant), phonesOfTenant(database, tenant)]);
  return users.map(({ id, name, department, email, role, enabled, createdAt, lastSignInAt }) => ({
    id,
    name,
    department,
    email,
    phones: phones.filter(({ userId }) => userId === id).map(({ digits }) => formatPhone(digits)),
    role,
    enabled,
    createdAt,
    lastSignInAt,
  }));
}

/** A first password goes out by mail. @returns the new user's id */
export async function addUser(gateways: Needed, tenant: TenantId, wanted: NewUserForm, now: number): Promise<UserId> {
  const email = wanted.email.trim().toLowerCase();
  const wrong = [...nameError('name', wanted.name), ...emailError(email)];
  if (wrong.length > 0) throw refuse(wrong);
  const phones = readPhones(wanted.phones);
  await refuseTaken(gateways, 'email', { email });
  for (const digits of phones) await refuseTaken(gateways, 'phones', { digits });
  const id = newUserId();
  const password = newFirstPassword();
  const { role, locale } = wanted;
  const [name, department] = [wanted.name.trim(), wanted.department.trim()];
  await insertUser(
    gateways.database,
    {
      id,
      tenantId: tenant,
      name,
      department,
      email,
      role,
      locale,
      passwordHash: await hashPassword(password),
      mustChangePassword: true,
      createdAt: now,
    },
    phones,
  );
  await mailFirstPassword(gateways, { name, email, locale }, password, now);
  return id;
}

/** What the audit log says of a change. */
interface UserChange {
  readonly before: UserFacts;
  readonly after: UserFacts;
}

/**
 * Another e-mail is another login: what was signed in with the old one ends, a code that was sent there finds nobody any more, and both
 * addresses are told.
 * @param keep the session in which it is done, where one changes oneself
 * @throws not_found; conflict where nobody would be left as owner
 */
export async function changeUser(
  gateways: Needed,
  tenant: TenantId,
  id: UserId,
  wanted: UserForm,
  now: number,
  keep: SessionId | null = null,
): Promise<UserChange> {
  const { database } = gateways;
  const user = await findUserOf(database, tenant, id);
  if (!user) throw new AppError('not_found');
  const email = wanted.email === null ? user.email : wanted.email.trim().toLowerCase();
  const wrong = [...nameError('name', wanted.name), ...(email === user.email ? [] : emailError(email))];
  if (!USER_ROLES.includes(wanted.role)) wrong.push({ field: 'role', code: 'invalid' });
  if (wrong.length > 0) throw refuse(wrong);
  const phones = wanted.phones === null ? null : readPhones(wanted.phones);
  await refuseTaken(gateways, 'email', { email }, id);
  for (const digits of phones ?? []) await refuseTaken(gateways, 'phones', { digits }, id);
  const stays = wanted.enabled && wanted.role === 'owner';
  if (user.role === 'owner' && user.enabled && !stays && (await otherOwners(database, tenant, id)) === 0) throw new AppError('last_owner');
  const changes = { email, name: wanted.name.trim(), department: wanted.department.trim(), role: wanted.role, enabled: wanted.enabled };
  const held = await phonesOf(database, id);
  await changeUserRow(database, id, changes, phones, now);
  if (!wanted.enabled) await endSessions(database, id, null);
  else if (email !== user.email) await endSessions(database, id, keep);
  if (email !== user.email) await mailNewAddress(gateways, user, email, now);
  return { before: userFacts(user, held), after: userFacts({ ...user, ...changes }, phones ?? held) };
}

/** The old password and every session end; the new one goes out by mail. @throws not_found */
export async function renewFirstPassword(gateways: Needed, tenant: TenantId, id: UserId, now: number): Promise<void> {
  const user = await findUserOf(gateways.database, tenant, id);
  if (!user) throw new AppError('not_found');
  const password = newFirstPassword();
  await changeUserRow(gateways.database, id, { passwordHash: await hashPassword(password), mustChangePassword: true }, null, now);
  await endSessions(gateways.database, id, null);
  await mailFirstPassword(gateways, user, password, now);
}

/** To the old address as well: its holder is the one to notice what they did not want. */
async function mailNewAddress(gateways: Needed, { name, email: before, locale }: UserRow, email: string, now: number): Promise<void> {
  const text = addressChangedText(locale, { name, email, url: gateways.env.PUBLIC_URL });
  for (const to of [before, email]) {
    try {
      await sendMail(gateways, { to, ...text }, now);
    } catch (thrown) {
      // It is changed; an address that no longer takes mail may be why.
      console.error(JSON.stringify({ mail: 'address changed', refused: thrown instanceof Error ? thrown.name : typeof thrown }));
    }
  }
}

async function mailFirstPassword(
  gateways: Needed,
  { name, email, locale }: Pick<UserRow, 'name' | 'email' | 'locale'>,
  password: string,
  now: number,
): Promise<void> {
  const text = firstPasswordText(locale, { name, email, password, url: gateways.env.PUBLIC_URL });
  await sendMail(gateways, { to: email, ...text }, now);
}

type UserFacts = ReturnType<typeof userFacts>;

/** What the audit log says of a user: logins only masked. */
const userFacts = ({ name, email, role, enabled, department }: UserRow, phones: readonly string[]) => ({
  name,
  email: maskLogin({ email }),
  role,
  enabled,
  department,
  phones: phones.map((digits) => maskPhone(digits)),
});
