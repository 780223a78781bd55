/** Which hours and days of the totals make up a period. Pure. */
import type { TotalsSpan } from '../../schema/reports';
import { formatDay, parseLocal } from './local-time';
import { DAY_MS, HOUR_MS, hourStart, platformDayStart } from './platform-day';

interface Run {
  readonly span: TotalsSpan;
  readonly from: number;
  readonly until: number;
}

const firstHour = (at: number): number => hourStart(at + HOUR_MS - 1);
const firstDay = (at: number): number => platformDayStart(at + DAY_MS - 1);

/** As many whole days as there are, with the hours before and after them: few rows, whatever the zone. */
export function runsOf(from: number, until: number): readonly Run[] {
  const [begin, end] = [firstHour(from), firstHour(until)];
  if (begin >= end) return [];
  const [firstWhole, lastWhole] = [firstDay(begin), platformDayStart(end)];
  if (firstWhole >= lastWhole) return [{ span: 'hour', from: begin, until: end }];
  const runs: Run[] = [
    { span: 'hour', from: begin, until: firstWhole },
    { span: 'day', from: firstWhole, until: lastWhole },
    { span: 'hour', from: lastWhole, until: end },
  ];
  return runs.filter((run) => run.from < run.until);
}

export function hourRuns(from: number, until: number): readonly Run[] {
  const [begin, end] = [firstHour(from), firstHour(until)];
  return begin < end ? [{ span: 'hour', from: begin, until: end }] : [];
}

/**
 * For figures by day of a zone: the platform's days where every day of the zone begins with one, else hours. An hour counts for the day in
 * which it begins, so zones that are off by half an hour are exact to that half hour.
 */
export function dailyRuns(from: number, until: number, zone: string): readonly Run[] {
  const areSame = daysOf(from, until, zone).every((day) => {
    const begins = startOfDay(day, zone);
    return begins === platformDayStart(begins);
  });
  return areSame ? runsOf(from, until) : hourRuns(from, until);
}

/** When a local day begins, ms UTC. */
export const startOfDay = (day: string, zone: string): number => parseLocal(day, zone) ?? Date.parse(`${day}T00:00:00Z`);
const noonOf = (day: string): number => Date.parse(`${day}T12:00:00Z`);
const dayText = (noon: number): string => new Date(noon).toISOString().slice(0, 10);

/** The last `count` local days, today last, as YYYY-MM-DD. Days are counted at noon: none is skipped where clocks change. */
export function lastDays(now: number, zone: string, count: number): readonly string[] {
  const noon = noonOf(formatDay(now, zone));
  return Array.from({ length: count }, (_, index) => dayText(noon - (count - 1 - index) * DAY_MS));
}

/** Every local day of the period, in order. */
export function daysOf(from: number, until: number, zone: string): readonly string[] {
  if (from >= until) return [];
  const last = noonOf(formatDay(until - 1, zone));
  const days: string[] = [];
  for (let noon = noonOf(formatDay(from, zone)); noon <= last; noon += DAY_MS) days.push(dayText(noon));
  return days;
}
