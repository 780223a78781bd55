/** Times as the user reads them, in their own time zone. */
import type { Locale } from '../../schema/states';
import { formatLocal } from '../../workers/rules/local-time';

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
