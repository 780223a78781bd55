/** Opens a customer's account: the tenant and its first user, whose random password goes out by mail and must be changed at once. */
import { newTenantId, newUserId, type TenantId, type UserId } from '../../schema/ids';
import { AppError } from '../../schema/errors';
import { PHONES_PER_USER } from '../../schema/limits';
import type { Locale } from '../../schema/states';
import type { Gateways } from '../gateways';
import { sendMail } from '../gateways/mail';
import { recordAudit } from '../gateways/stores/audit';
import { addTenant } from '../gateways/stores/provisioning';
import { findAccount, insertUser } from '../gateways/stores/users';
import { parsePhone } from '../rules/phone';
import { firstPasswordText } from './mail-texts';
import { hashPassword, newFirstPassword } from './passwords';

export interface NewAccount {
  readonly tenantName: string;
  readonly name: string;
  readonly department?: string;
  readonly email: string;
  /** With their country codes; up to PHONES_PER_USER. */
  readonly phones: readonly string[];
  readonly locale: Locale;
}

/** @throws invalid_request for a phone that is none; conflict when the e-mail or a phone signs somebody in already. */
export async function openAccount(
  gateways: Pick<Gateways, 'env' | 'database'>,
  wanted: NewAccount,
  now: number,
): Promise<{ readonly tenant: TenantId; readonly user: UserId }> {
  const { database } = gateways;
  const email = wanted.email.trim().toLowerCase();
  const phones = readPhones(wanted.phones);
  const logins = [{ email }, ...phones.map((digits) => ({ digits }))];
  for (const login of logins) {
    if (await findAccount(database, login)) throw new AppError('conflict');
  }
  const tenant = newTenantId();
  const user = newUserId();
  const password = newFirstPassword();
  await addTenant(database, { id: tenant, name: wanted.tenantName, createdAt: now });
  await insertUser(
    database,
    {
      id: user,
      tenantId: tenant,
      name: wanted.name,
      department: wanted.department ?? '',
      email,
      role: 'owner',
      passwordHash: await hashPassword(password),
      mustChangePassword: true,
      locale: wanted.locale,
      createdAt: now,
    },
    phones,
  );
  await recordAudit(database, { tenantId: tenant, userId: null, action: 'account_opened', subject: user, address: '', at: now });
  const text = firstPasswordText(wanted.locale, { name: wanted.name, email, password, url: gateways.env.PUBLIC_URL });
  await sendMail(gateways, { to: email, ...text }, now);
  return { tenant, user };
}

function readPhones(typed: readonly string[]): string[] {
  if (typed.length > PHONES_PER_USER) {
    throw new AppError('invalid_request', { fields: [{ field: 'phones', code: 'too_long', details: { max: PHONES_PER_USER } }] });
  }
  return typed.map((phone, index) => {
    const parsed = parsePhone(phone);
    if (!parsed.valid) throw new AppError('invalid_request', { fields: [{ field: `phones[${index}]`, code: 'invalid' }] });
    return parsed.digits;
  });
}
