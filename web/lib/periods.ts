/** Periods that are asked for most, as the addresses of lists and reports write them. Server only. */
import { formatDay, parseLocal } from '../../workers/rules/local-time';
import { DAY_MS } from '../../workers/rules/platform-day';
import { lastDays } from '../../workers/rules/report-period';

export type PeriodName = 'today' | 'yesterday' | 'week' | 'month' | 'thisMonth' | 'lastMonth' | 'year';
export interface NamedPeriod {
  readonly name: PeriodName;
  /** Local days or times; '' = open, where the address gives times and the period goes on. */
  readonly from: string;
  readonly until: string;
}

/** By days, both included. */
export function namedPeriods(now: number, timeZone: string): readonly NamedPeriod[] {
  const today = formatDay(now, timeZone);
  const back = (days: number): string => lastDays(now, timeZone, days + 1)[0] ?? today;
  const firstOfMonth = `${today.slice(0, 7)}-01`;
  const lastOfPrevious = dayAfter(firstOfMonth, -1);
  return [
    { name: 'today', from: today, until: today },
    { name: 'yesterday', from: back(1), until: back(1) },
    { name: 'week', from: back(6), until: today },
    { name: 'month', from: back(29), until: today },
    { name: 'thisMonth', from: firstOfMonth, until: today },
    { name: 'lastMonth', from: `${lastOfPrevious.slice(0, 7)}-01`, until: lastOfPrevious },
    { name: 'year', from: back(364), until: today },
  ];
}

/** The same for fields of a day and a time, whose end is outside. */
export function timedPeriods(now: number, timeZone: string): readonly NamedPeriod[] {
  const today = formatDay(now, timeZone);
  return namedPeriods(now, timeZone).map(({ name, from, until }) => ({
    name,
    from: `${from}T00:00`,
    until: until === today ? '' : `${dayAfter(until, 1)}T00:00`,
  }));
}

/** Of the calendar, so that a day of 23 hours is one. */
const dayAfter = (day: string, days: number): string => new Date(Date.parse(`${day}T12:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);

/** `from` and `until` of an address, in days of which the last is meant whole → ms UTC, the end outside. What cannot be read limits nothing. */
export function readPeriod(query: URLSearchParams, timeZone: string): { readonly from?: number; readonly until?: number } {
  const day = (name: string): string => query.get(name)?.trim() ?? '';
  const from = parseLocal(day('from'), timeZone);
  const isDay = parseLocal(day('until'), timeZone) !== null;
  const until = isDay ? parseLocal(dayAfter(day('until').slice(0, 10), 1), timeZone) : null;
  return { ...(from !== null && { from }), ...(until !== null && { until }) };
}
