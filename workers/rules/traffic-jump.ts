/** Does the traffic of a country jump? Against stolen keys: the hours of now beside the days before. Pure. */
import type { Iso2 } from '../../schema/ids';
import { JUMP_ENDED_MIN, JUMP_FAILURE_POINTS, JUMP_MESSAGES_MIN, JUMP_VOLUME_TIMES } from '../../schema/limits';
import { MISSED_MESSAGE_STATES, type JumpKind } from '../../schema/states';

/** Absolute totals of one hour, country and state. */
export interface HourCell {
  /** UTC hour of acceptance, ms. */
  readonly hourAt: number;
  readonly country: Iso2;
  readonly state: string;
  readonly messages: number;
}

export interface TrafficJump {
  readonly country: Iso2;
  readonly kind: JumpKind;
  /** Messages of the hour, or percent that failed. */
  readonly found: number;
  /** Messages of the busiest hour before, or percent that failed before. */
  readonly usual: number;
}

interface Hour {
  messages: number;
  ended: number;
  failed: number;
}

const NEVER_SENT: ReadonlySet<string> = new Set(['blocked', 'cancelled']);
const MISSED: ReadonlySet<string> = new Set(MISSED_MESSAGE_STATES);
const percent = ({ ended, failed }: Hour): number => (ended === 0 ? 0 : Math.round((failed / ended) * 100));

/** @param cells of one tenant @param since hours from this one on are now, those before it the baseline, ms UTC */
export function trafficJumps(cells: readonly HourCell[], since: number): TrafficJump[] {
  const jumps: TrafficJump[] = [];
  for (const [country, hours] of byCountryAndHour(cells)) {
    const now = [...hours].filter(([hourAt]) => hourAt >= since).map(([, hour]) => hour);
    const before = [...hours].filter(([hourAt]) => hourAt < since).map(([, hour]) => hour);
    const found = Math.max(0, ...now.map(({ messages }) => messages));
    const usual = Math.max(0, ...before.map(({ messages }) => messages));
    if (found >= JUMP_MESSAGES_MIN && found >= usual * JUMP_VOLUME_TIMES) jumps.push({ country, kind: 'volume', found, usual });
    const failing = Math.max(0, ...now.filter(({ ended }) => ended >= JUMP_ENDED_MIN).map(percent));
    const failedBefore = percent(sum(before));
    if (failing >= failedBefore + JUMP_FAILURE_POINTS) jumps.push({ country, kind: 'failures', found: failing, usual: failedBefore });
  }
  return jumps;
}

function byCountryAndHour(cells: readonly HourCell[]): Map<Iso2, Map<number, Hour>> {
  const countries = new Map<Iso2, Map<number, Hour>>();
  for (const { country, hourAt, state, messages } of cells) {
    if (NEVER_SENT.has(state)) continue;
    let hours = countries.get(country);
    if (!hours) countries.set(country, (hours = new Map()));
    let hour = hours.get(hourAt);
    if (!hour) hours.set(hourAt, (hour = { messages: 0, ended: 0, failed: 0 }));
    hour.messages += messages;
    if (MISSED.has(state)) hour.failed += messages;
    if (MISSED.has(state) || state === 'delivered') hour.ended += messages;
  }
  return countries;
}

const sum = (hours: readonly Hour[]): Hour =>
  hours.reduce(
    (all, { messages, ended, failed }) => ({ messages: all.messages + messages, ended: all.ended + ended, failed: all.failed + failed }),
    {
      messages: 0,
      ended: 0,
      failed: 0,
    },
  );
