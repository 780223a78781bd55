/** Numbers, money and times as the user reads them: language and time zone come from the session. */
import type { Locale } from '../../schema/states';
import { formatLocal } from '../../workers/rules/local-time';
import { formatMoney, MICROS_PER_UNIT, type Micros } from '../../workers/rules/money';

const MICROS_PER_CENT = MICROS_PER_UNIT / 100;

const cached = <T>(make: (key: string) => T): ((key: string) => T) => {
  const known = new Map<string, T>();
  return (key) => {
    let value = known.get(key);
    if (value === undefined) known.set(key, (value = make(key)));
    return value;
  };
};

const integers = cached((locale) => new Intl.NumberFormat(locale, { maximumFractionDigits: 0 }));
const percents = cached(
  (locale) => new Intl.NumberFormat(locale, { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 2 }),
);
const compacts = cached((locale) => new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 }));
export const number = (value: number, locale: Locale): string => integers(locale).format(value);
/** 1.2 万, 12K: for axes, never for figures that must be exact. */
export const compact = (value: number, locale: Locale): string => compacts(locale).format(value);
/** An em dash where there is nothing to divide. */
export const share = (part: number, whole: number, locale: Locale): string => (whole > 0 ? percents(locale).format(part / whole) : '—');

/** An amount: cents, except where less than one unit would lose its meaning. Rounded for the eye; files carry the exact amount. */
export const money = (micros: Micros, locale: Locale, currency?: string): string =>
  formatMoney(Math.abs(micros) < MICROS_PER_UNIT ? micros : Math.round(micros / MICROS_PER_CENT) * MICROS_PER_CENT, locale, currency);

/** A price of one part: four decimals at least, so that a column of them lines up. */
export function price(micros: Micros, locale: Locale, currency?: string): string {
  const text = formatMoney(micros, locale, currency);
  return text + '0'.repeat(Math.max(0, 4 - (text.split('.')[1]?.length ?? 0)));
}

/** `2026-11-23 10:31:04` and parts of it: one way to write a time in both languages, so that columns line up. */
const SLICES = { second: [0, 19], minute: [0, 16], brief: [5, 19], time: [11, 16] } as const;

export function moment(ms: number, shape: keyof typeof SLICES, timeZone: string): string {
  const [from, until] = SLICES[shape];
  return formatLocal(ms, timeZone).slice(from, until);
}
export const momentOrDash = (ms: number | null, shape: keyof typeof SLICES, timeZone: string): string =>
  ms === null ? '—' : moment(ms, shape, timeZone);

/** A day in words, with its weekday. */
export function longDay(ms: number, locale: Locale, timeZone: string): string {
  const part = (options: Intl.DateTimeFormatOptions): string => new Intl.DateTimeFormat(locale, { timeZone, ...options }).format(ms);
  return `${part({ year: 'numeric', month: 'long', day: 'numeric' })} ${part({ weekday: 'long' })}`;
}

/** `2026-11-23` → `11-23`, which both languages read. */
export const shortDay = (day: string): string => day.slice(5);

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
