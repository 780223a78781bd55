/** Light, dark or as the system says; a choice of this browser, so it rests in a cookie. */
export const THEMES = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];
export const THEME_COOKIE = 'theme';

const asTheme = (text: string | null | undefined): Theme => THEMES.find((theme) => theme === text) ?? 'auto';
export const themeOfCookies = (cookies: string | null): Theme => asTheme(/(?:^|;\s*)theme=(\w+)/.exec(cookies ?? '')?.[1]);
