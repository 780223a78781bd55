/** Countries to choose from, by name in the reader's language. Server only: the names are many. */
import type { Iso2 } from '../../schema/ids';
import type { Locale } from '../../schema/states';
import { COUNTRIES } from '../../workers/rules/countries';
import type { PickOption } from '../components/pick';

const sorted = new Map<Locale, readonly PickOption[]>();

/** Found by their names in both languages, their code and their prefix. */
export function countryOptions(locale: Locale): readonly PickOption[] {
  let options = sorted.get(locale);
  if (!options) {
    const { compare } = new Intl.Collator(locale);
    options = COUNTRIES.map(({ iso2, nameEn, nameZh, dial }) => ({
      value: iso2,
      label: `${locale === 'zh-CN' ? nameZh : nameEn} +${dial}`,
      find: `${nameEn} ${nameZh} ${iso2} +${dial}`.toLowerCase(),
    })).toSorted((a, b) => compare(a.label, b.label));
    sorted.set(locale, options);
  }
  return options;
}

/** Names of these, for those who may only read them. */
export const countryNames = (codes: readonly Iso2[], locale: Locale): string =>
  countryOptions(locale)
    .filter(({ value }) => codes.some((code) => code === value))
    .map(({ label }) => label)
    .join(locale === 'zh-CN' ? '、' : ', ');
