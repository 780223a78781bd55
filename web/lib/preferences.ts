/** What this browser remembers of its user's taste. */
import type { CookieOptions, RequestEventCommon } from '@builder.io/qwik-city';
import type { Locale } from '../../schema/states';
import { THEME_COOKIE, type Theme } from './theme';

/** Language while nobody is signed in; a session brings its own. Read in workers/http/context.ts. */
const LANGUAGE_COOKIE = 'lang';

const kept = (event: RequestEventCommon): CookieOptions => ({
  path: '/',
  sameSite: 'lax',
  secure: event.url.protocol === 'https:',
  maxAge: [365, 'days'],
});

export const rememberLocale = (event: RequestEventCommon, locale: Locale): void => event.cookie.set(LANGUAGE_COOKIE, locale, kept(event));
export const rememberTheme = (event: RequestEventCommon, theme: Theme): void => event.cookie.set(THEME_COOKIE, theme, kept(event));
