/** Countries for a select, by name in the reader's language. Server only: the names are many. */
import type { Locale } from '../../schema/states';
import { COUNTRIES } from '../../workers/rules/countries';
import type { Option } from '../components/field';

const sorted = new Map<Locale, readonly Option[]>();

export function countryOptions(locale: Locale): readonly Option[] {
  let options = sorted.get(locale);
  if (!options) {
    const { compare } = new Intl.Collator(locale);
    options = COUNTRIES.map(({ iso2, nameEn, nameZh, dial }) => ({
      value: iso2,
      label: `${locale === 'zh-CN' ? nameZh : nameEn} +${dial}`,
    })).toSorted((a, b) => compare(a.label, b.label));
    sorted.set(locale, options);
  }
  return options;
}
