/** What somebody typed as their login, as it is stored and as it may be shown. Knows nothing of accounts. */
import type { Login } from '../../schema/console';
import { AppError } from '../../schema/errors';
import { LOGIN_REGIONS } from '../../schema/limits';
import type { Gateways } from '../gateways';
import type { KnownLogin } from '../gateways/stores/users';
import { keyedHash } from '../gateways/tokens';
import { maskPhone, parsePhone } from '../rules/phone';

const EMAIL_MAX = 254;
/** Enough to catch a slip of the keyboard; whether it exists only the mail knows. */
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/** @throws invalid_request for what can be nobody's login, whoever has an account here. */
export function readLogin(login: Login): KnownLogin {
  if ('email' in login) {
    const email = login.email.trim().toLowerCase();
    if (email.length > EMAIL_MAX || !EMAIL.test(email))
      throw new AppError('invalid_request', { fields: [{ field: 'email', code: 'invalid' }] });
    return { email };
  }
  const region = login.region.replace(/^\+/, '');
  if (!LOGIN_REGIONS.some((known) => known === region))
    throw new AppError('invalid_request', { fields: [{ field: 'region', code: 'invalid' }] });
  // People paste the number with its country code as well.
  const typed = login.phone.trim();
  const phone = parsePhone(/^(?:\+|00)/.test(typed) ? typed : `+${region}${typed}`);
  if (!phone.valid || !phone.digits.startsWith(region))
    throw new AppError('invalid_request', { fields: [{ field: 'phone', code: 'invalid' }] });
  return { digits: phone.digits };
}

/** `d•••@example.com`, `+86 139 •••• 9000`: made from what was typed, so it tells nothing new. */
export function maskLogin(login: KnownLogin): string {
  if ('digits' in login) return maskPhone(login.digits);
  const [name = '', host = ''] = login.email.split('@');
  return `${name.slice(0, 1)}•••@${host}`;
}

/** Name of this login where nothing may tell what it is: in names of objects. */
export const loginHash = ({ env }: Pick<Gateways, 'env'>, login: KnownLogin): Promise<string> =>
  keyedHash(env, `login:${'email' in login ? login.email : login.digits}`);
