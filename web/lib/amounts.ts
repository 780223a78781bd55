/** Money as the user reads it. */
import type { Locale } from '../../schema/states';
import { formatMoney, MICROS_PER_UNIT, type Micros } from '../../workers/rules/money';

const MICROS_PER_CENT = MICROS_PER_UNIT / 100;

/** An amount: cents, except where less than one unit would lose its meaning. Rounded for the eye; files carry the exact amount. */
export const money = (micros: Micros, locale: Locale, currency?: string): string =>
  micros !== 0 && Math.abs(micros) < MICROS_PER_UNIT
    ? price(micros, locale, currency)
    : formatMoney(Math.round(micros / MICROS_PER_CENT) * MICROS_PER_CENT, locale, currency);

/** A price of one part: four decimals at least, so that a column of them lines up. */
export function price(micros: Micros, locale: Locale, currency?: string): string {
  const text = formatMoney(micros, locale, currency);
  return text + '0'.repeat(Math.max(0, 4 - (text.split('.')[1]?.length ?? 0)));
}
