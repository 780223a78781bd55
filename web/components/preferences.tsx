/** Language and theme, changed by a plain form so that they work on every page and without script. */
import { _ } from 'compiled-i18n';
import type { Locale } from '../../schema/states';
import type { Theme } from '../lib/theme';
import { Icon } from './icon';

const NAMES: Readonly<Record<Locale, string>> = { 'zh-CN': '中文', en: 'English' };

/** Names the other language in that language. */
export const LanguageSwitch = ({ locale, next }: { locale: Locale; next: string }) => {
  const other: Locale = locale === 'zh-CN' ? 'en' : 'zh-CN';
  return (
    <form method="post" action="/preferences">
      <input type="hidden" name="next" value={next} />
      <button type="submit" class="chip" name="locale" value={other} lang={other} title={_`Language`}>
        <Icon name="globe" />
        {NAMES[other]}
      </button>
    </form>
  );
};

export const ThemeChoice = ({ theme, next }: { theme: Theme; next: string }) => {
  const labels: Readonly<Record<Theme, string>> = { auto: _`System`, light: _`Light`, dark: _`Dark` };
  return (
    <form method="post" action="/preferences" class="choice">
      <span id="theme-label">{_`Appearance`}</span>
      <input type="hidden" name="next" value={next} />
      <div class="segments" role="group" aria-labelledby="theme-label">
        {Object.entries(labels).map(([value, label]) => (
          <button key={value} name="theme" value={value} aria-pressed={value === theme ? 'true' : 'false'}>
            {label}
          </button>
        ))}
      </div>
    </form>
  );
};
