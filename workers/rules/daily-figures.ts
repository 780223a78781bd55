/** Totals by UTC hour and state → what the home page shows, by the user's days. Pure. */
import type { DayTotals, HomeView } from '../../schema/console';
import type { Iso2 } from '../../schema/ids';
import { MISSED_MESSAGE_STATES, SENT_MESSAGE_STATES } from '../../schema/states';
import { formatDay, parseLocal } from './local-time';

const DAY_MS = 24 * 60 * 60 * 1000;

const includes = (states: readonly string[], state: string): boolean => states.includes(state);

interface Counts {
  submitted: number;
  delivered: number;
  failed: number;
}

function addTo(counts: Counts, state: string, messages: number): void {
  if (includes(SENT_MESSAGE_STATES, state)) counts.submitted += messages;
  if (state === 'delivered') counts.delivered += messages;
  if (includes(MISSED_MESSAGE_STATES, state)) counts.failed += messages;
}

/** The last `count` local days, today last, as YYYY-MM-DD. Days are counted at noon: none is skipped where clocks change. */
export function lastDays(now: number, zone: string, count: number): readonly string[] {
  const noon = Date.parse(`${formatDay(now, zone)}T12:00:00Z`);
  return Array.from({ length: count }, (_, index) => new Date(noon - (count - 1 - index) * DAY_MS).toISOString().slice(0, 10));
}

/** When a local day begins, ms UTC. */
export const startOfDay = (day: string, zone: string): number => parseLocal(day, zone) ?? Date.parse(`${day}T00:00:00Z`);

/**
 * Each hour counts for the local day in which it begins, so zones that are off by half an hour are exact to that half hour.
 * Days without messages are there with zeros.
 */
export function figuresByDay(
  hours: readonly { readonly hourAt: number; readonly state: string; readonly messages: number }[],
  days: readonly string[],
  zone: string,
): readonly DayTotals[] {
  const byDay = new Map(days.map((day) => [day, { day, submitted: 0, delivered: 0, failed: 0 }]));
  for (const { hourAt, state, messages } of hours) {
    const counts = byDay.get(formatDay(hourAt, zone));
    if (counts) addTo(counts, state, messages);
  }
  return [...byDay.values()];
}

/** Most messages first. Messages that never went out (blocked, cancelled) are not counted. */
export function figuresByCountry(
  totals: readonly { readonly country: string; readonly state: string; readonly messages: number }[],
): HomeView['countries'] {
  const byCountry = new Map<string, Counts>();
  for (const { country, state, messages } of totals) {
    let counts = byCountry.get(country);
    if (!counts) byCountry.set(country, (counts = { submitted: 0, delivered: 0, failed: 0 }));
    addTo(counts, state, messages);
  }
  return [...byCountry]
    .filter(([, { submitted, failed }]) => submitted + failed > 0)
    .map(([country, { submitted, delivered, failed }]) => ({ country: country as Iso2, messages: submitted, delivered, failed }))
    .toSorted((a, b) => b.messages - a.messages || (a.country < b.country ? -1 : 1));
}
