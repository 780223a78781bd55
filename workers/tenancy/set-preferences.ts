import type { Actor } from '../../schema/console';
import { AppError } from '../../schema/errors';
import { LOCALES, type Locale } from '../../schema/states';
import type { Gateways } from '../gateways';
import { savePreferences } from '../gateways/stores/users';
import { isTimeZone } from '../rules/local-time';

/** Language and time zone of the actor; what is absent stays. @throws invalid_request on `locale` or `timeZone` */
export async function setPreferences(
  { database }: Pick<Gateways, 'database'>,
  actor: Actor,
  { locale, timeZone }: { readonly locale?: Locale; readonly timeZone?: string },
): Promise<void> {
  if (locale !== undefined && !LOCALES.includes(locale))
    throw new AppError('invalid_request', { fields: [{ field: 'locale', code: 'invalid' }] });
  if (timeZone !== undefined && !isTimeZone(timeZone))
    throw new AppError('invalid_request', { fields: [{ field: 'timeZone', code: 'invalid' }] });
  const changes = { ...(locale === undefined ? {} : { locale }), ...(timeZone === undefined ? {} : { timeZone }) };
  if (Object.keys(changes).length > 0) await savePreferences(database, actor.user, changes);
}
