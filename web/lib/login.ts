/** E-mail, or phone with its region: what both the sign-in and the forgotten password ask for. */
import type { JSONObject } from '@builder.io/qwik-city';
import type { Login } from '../../schema/console';
import type { FieldError } from '../../schema/errors';
import { LOGIN_REGIONS } from '../../schema/limits';
import { posted } from './forms';

export function readLogin(form: JSONObject): { login: Login } | { wrong: FieldError } {
  if (posted(form, 'by') !== 'phone') {
    const email = posted(form, 'email').trim();
    if (email === '') return { wrong: { field: 'email', code: 'required' } };
    return /^\S+@\S+$/.test(email) ? { login: { email } } : { wrong: { field: 'email', code: 'invalid' } };
  }
  const phone = posted(form, 'phone').replace(/[\s\-().]/g, '');
  const region = LOGIN_REGIONS.find((known) => known === posted(form, 'region'));
  if (phone === '') return { wrong: { field: 'phone', code: 'required' } };
  return region && /^\d{4,15}$/.test(phone) ? { login: { region, phone } } : { wrong: { field: 'phone', code: 'invalid' } };
}
