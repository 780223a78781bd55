/** Numbers as the user reads them, in the language of the session. */
import type { Locale } from '../../schema/states';

const cached = <T>(make: (key: string) => T): ((key: string) => T) => {
  const known = new Map<string, T>();
  return (key) => {
    let value = known.get(key);
    if (value === undefined) known.set(key, (value = make(key)));
    return value;
  };
};

const integers = cached((locale) => new Intl.NumberFormat(locale, { maximumFractionDigits: 0 }));
const rates = cached((locale) => new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 }));
const percents = cached(
  (locale) => new Intl.NumberFormat(locale, { style: 'percent', minimumFractionDigits: 2, maximumFractionDigits: 2 }),
);
const compacts = cached((locale) => new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 }));
export const number = (value: number, locale: Locale): string => integers(locale).format(value);
/** Of something a second: with one decimal. */
export const rate = (value: number, locale: Locale): string => rates(locale).format(value);
/** In tens of thousands or in K, as the language counts: for axes, never for figures that must be exact. */
export const compact = (value: number, locale: Locale): string => compacts(locale).format(value);
/** An em dash where there is nothing to divide. */
export const share = (part: number, whole: number, locale: Locale): string => (whole > 0 ? percents(locale).format(part / whole) : '—');

const wholePercents = cached((locale) => new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 }));
const changes = cached(
  (locale) => new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1, signDisplay: 'exceptZero' }),
);
/** For parts of a whole that stand beside one another. */
export const roughShare = (part: number, whole: number, locale: Locale): string => wholePercents(locale).format(part / whole);
/** How much more or less, with its sign. @param before not 0 */
export const change = (after: number, before: number, locale: Locale): string => changes(locale).format(after / before - 1);

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB'] as const;
export function bytes(size: number, locale: Locale): string {
  let value = size;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${new Intl.NumberFormat(locale, { maximumFractionDigits: unit === 0 ? 0 : 1 }).format(value)} ${UNITS[unit] ?? 'B'}`;
}

/** E.164 with its plus; a masked number as it is. */
export const phone = (digits: string): string => `+${digits}`;

/** Whole percent of a progress, 0 to 100; 100 only when it really is all. */
export const percent = (done: number, whole: number): number =>
  whole <= 0 ? 0 : done >= whole ? 100 : Math.min(99, Math.floor((done / whole) * 100));
