/** Language and theme of this browser, and the language of the signed-in user; then back to where they were. */
import type { RequestHandler } from '@builder.io/qwik-city';
import { LOCALES } from '../../../schema/states';
import { posted } from '../../lib/forms';
import { safePath } from '../../lib/paths';
import { platformOf } from '../../lib/platform';
import { THEME_COOKIE, THEMES } from '../../lib/theme';

const LANGUAGE_COOKIE = 'lang';

export const onPost: RequestHandler = async (event) => {
  const form = await event.request.formData();
  const { actor, services } = platformOf(event);
  const kept = { path: '/', sameSite: 'lax', secure: event.url.protocol === 'https:', maxAge: [365, 'days'] } as const;
  const locale = LOCALES.find((known) => known === form.get('locale'));
  if (locale) {
    event.cookie.set(LANGUAGE_COOKIE, locale, kept);
    if (actor) await services.setPreferences(actor, { locale });
  }
  const theme = THEMES.find((known) => known === form.get('theme'));
  if (theme) event.cookie.set(THEME_COOKIE, theme, kept);
  throw event.redirect(303, safePath(posted(form, 'next')));
};
