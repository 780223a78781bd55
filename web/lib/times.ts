/** Times as the user reads them: in their language and their own time zone. */
import { _ } from 'compiled-i18n';
import type { Locale } from '../../schema/states';

/** How the language writes a time, as BCP 47: English as most of the world does, the day before its month. */
const writing = (): string => _`en-GB`;

const CLOCK = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
const SHAPES = {
  second: { year: 'numeric', day: '2-digit', ...CLOCK, second: '2-digit' },
  minute: { year: 'numeric', day: '2-digit', ...CLOCK },
  /** Where the year goes without saying. */
  brief: { day: '2-digit', ...CLOCK, second: '2-digit' },
  time: CLOCK,
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;
type Shape = keyof typeof SHAPES;

/** Making one takes longer than all that a page formats with it. */
const made = new Map<string, Intl.DateTimeFormat>();

function formatOf(shape: Shape, timeZone: string): Intl.DateTimeFormat {
  const language = writing();
  const name = `${language} ${shape} ${timeZone}`;
  let format = made.get(name);
  if (!format) {
    const options: Intl.DateTimeFormatOptions = SHAPES[shape];
    // Digits are words enough in Chinese; in English nobody can tell 03/04 from 04/03.
    const month = language.startsWith('zh') ? '2-digit' : 'short';
    format = new Intl.DateTimeFormat(language, { ...options, ...(options.day && { month }), timeZone });
    made.set(name, format);
  }
  return format;
}

/** `2026/11/23 10:31:04`, `23 Nov 2026, 10:31:04` and parts of them. @param ms UTC */
export const moment = (ms: number, shape: Shape, timeZone: string): string => formatOf(shape, timeZone).format(ms);
export const momentOrDash = (ms: number | null, shape: Shape, timeZone: string): string =>
  ms === null ? '—' : moment(ms, shape, timeZone);

/** A day in words, with its weekday. */
export function longDay(ms: number, locale: Locale, timeZone: string): string {
  const part = (options: Intl.DateTimeFormatOptions): string => new Intl.DateTimeFormat(locale, { timeZone, ...options }).format(ms);
  return `${part({ year: 'numeric', month: 'long', day: 'numeric' })} ${part({ weekday: 'long' })}`;
}
