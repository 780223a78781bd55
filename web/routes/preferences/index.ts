/** Language and theme of this browser, and the language of the signed-in user; then back to where they were. */
import type { RequestHandler } from '@builder.io/qwik-city';
import { LOCALES } from '../../../schema/states';
import { posted } from '../../lib/forms';
import { safePath } from '../../lib/paths';
import { platformOf } from '../../lib/platform';
import { rememberLocale, rememberTheme } from '../../lib/preferences';
import { THEMES } from '../../lib/theme';

export const onPost: RequestHandler = async (event) => {
  const form = await event.request.formData();
  const { actor, services } = platformOf(event);
  const locale = LOCALES.find((known) => known === form.get('locale'));
  if (locale) {
    rememberLocale(event, locale);
    if (actor) await services.setPreferences(actor, { locale });
  }
  const theme = THEMES.find((known) => known === form.get('theme'));
  if (theme) rememberTheme(event, theme);
  throw event.redirect(303, safePath(posted(form, 'next')));
};
