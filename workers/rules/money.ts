/**
 * Money is a whole number of millionths of the currency (EUR unless said otherwise), so sums are exact: a price of 0.0312 EUR is 31 200.
 * A number stays exact up to 2^53, nine thousand million EUR. No function here ever holds an amount as a fraction.
 */
import type { Locale } from '../../schema/states';

/** Millionths of the currency, an integer. */
export type Micros = number;

export const MICROS_PER_UNIT = 1_000_000;
const FRACTION_DIGITS = 6;
/** As CLDR writes them, so that a dollar is never taken for somebody else's. */
const SYMBOLS: Readonly<Record<Locale, Readonly<Record<string, string>>>> = {
  'zh-CN': { EUR: '€', USD: 'US$', CNY: '¥', GBP: '£' },
  en: { EUR: '€', USD: '$', CNY: 'CN¥', GBP: '£' },
};

/** Whole units and fraction as text; the fraction keeps 2 digits and as many of the other 4 as say something. */
function decimalParts(micros: Micros): { sign: string; whole: string; fraction: string } {
  if (!Number.isSafeInteger(micros)) throw new RangeError('an amount must be a whole number of micros');
  const digits = String(Math.abs(micros)).padStart(FRACTION_DIGITS + 1, '0');
  return {
    sign: micros < 0 ? '-' : '',
    whole: digits.slice(0, -FRACTION_DIGITS),
    fraction: digits.slice(-FRACTION_DIGITS).replace(/0{1,4}$/, ''),
  };
}

/** Plain decimal text for files and the API: `-1234.50`, `0.0312`. */
export function decimalMoney(micros: Micros): string {
  const { sign, whole, fraction } = decimalParts(micros);
  return `${sign}${whole}.${fraction}`;
}

/** For people: `€1,234.50`; a currency without a symbol goes by its code, `SGD 1,234.50`. */
export function formatMoney(micros: Micros, locale: Locale, currency = 'EUR'): string {
  const { sign, whole, fraction } = decimalParts(micros);
  const grouped = whole.replace(/\B(?=(?:\d{3})+$)/g, ',');
  return `${sign}${SYMBOLS[locale][currency] ?? `${currency} `}${grouped}.${fraction}`;
}

/**
 * Reads what people type: `12`, `1,234.50`, `€0.0312`, `-3`. A comma is only accepted between groups of three, so that a decimal comma
 * is refused rather than read as a thousand times as much.
 * @returns null when it is not an amount, has more than 6 decimals or is too large to stay exact.
 */
export function parseMoney(text: string): Micros | null {
  const match = /^\s*(-?)\s*[€$¥£]?\s*(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d{1,6}))?\s*$/.exec(text);
  if (match === null) return null;
  const [, sign = '', whole = '', fraction = ''] = match;
  const micros = Number(whole.replaceAll(',', '') + fraction.padEnd(FRACTION_DIGITS, '0'));
  if (!Number.isSafeInteger(micros)) return null;
  return sign === '-' && micros !== 0 ? -micros : micros;
}
