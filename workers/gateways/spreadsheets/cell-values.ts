/** What a cell says, as text: numbers in full, never as 8.6138E+12; dates as dates; the result of a formula, never the formula. Pure. */

/** Days between Excel's first day and 1970-01-01; the 29th of February 1900, which Excel believes in, is behind us. */
const EPOCH_DAYS = 25_569;
/** Books made on old Macs count from 1904. */
const DAYS_1904 = 1_462;
const DAY_MS = 86_400_000;
/** 9999-12-31: a larger number is no date, whatever its format says. */
const LAST_DAY = 2_958_465;

/**
 * @param raw as XML holds it: `8613800138000`, `8.6138001380000002E+12`, `0.30000000000000004`
 * @returns decimal digits as Excel means them (15 of them count), without an exponent
 */
export function numberText(raw: string): string {
  if (raw === '' || /^-?\d{1,21}$/.test(raw)) return raw;
  const value = Number(raw);
  if (!Number.isFinite(value)) return raw;
  if (Number.isInteger(value)) return BigInt(value).toString();
  const rounded = Number(value.toPrecision(15));
  if (Number.isInteger(rounded)) return BigInt(rounded).toString();
  const text = String(rounded);
  return text.includes('e') ? rounded.toFixed(20).replace(/0+$/, '') : text;
}

/** `2026-11-23`, with ` 14:05:00` when the day is not whole; a time alone without its day. null when it is no date. */
export function dateText(raw: string, from1904: boolean): string | null {
  const days = Number(raw) + (from1904 ? DAYS_1904 : 0);
  if (raw === '' || !(days >= 0 && days < LAST_DAY + 1)) return null;
  // Excel keeps seconds as fractions that are a little off.
  const ms = Math.round(((days - EPOCH_DAYS) * DAY_MS) / 1_000) * 1_000;
  const [day = '', time = ''] = new Date(ms).toISOString().slice(0, 19).split('T');
  if (days < 1) return time;
  return time === '00:00:00' ? day : `${day} ${time}`;
}

const BUILT_IN_DATES: ReadonlySet<number> = new Set([14, 15, 16, 17, 18, 19, 20, 21, 22, 45, 46, 47, ...range(27, 36), ...range(50, 58)]);

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, at) => from + at);
}

/** @param code custom format, e.g. `yyyy"年"m"月"d"日"`; undefined for one that is built in */
export function isDateFormat(id: number, code: string | undefined): boolean {
  if (code === undefined) return BUILT_IN_DATES.has(id);
  const bare = code.replace(/"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]/gi, '');
  return /[ymdhs]/i.test(bare) && !/general/i.test(bare);
}

/** Column of a reference like `AB12`, from 0; -1 when there is none. */
export function columnOf(reference: string | undefined): number {
  if (reference === undefined) return -1;
  let column = 0;
  for (let at = 0; at < reference.length; at++) {
    const letter = reference.charCodeAt(at) & ~32;
    if (letter < 65 || letter > 90) break;
    column = column * 26 + letter - 64;
  }
  return column - 1;
}
