/** Counts by state → the figures of a report, group by group. Pure. */
import type { ReportDimension, ReportFigures, ReportGroup } from '../../schema/reports';
import { COUNTED_MESSAGE_STATES, MISSED_MESSAGE_STATES, SENT_MESSAGE_STATES, type MessageState } from '../../schema/states';
import { formatDay, formatLocal } from './local-time';
import { HOUR_MS, hourStart } from './platform-day';

/** A group as the totals hold it: `at` is an hour or a day. */
interface Counted extends Omit<ReportGroup, 'day' | 'hour'> {
  readonly at: number | null;
  readonly messages: readonly number[];
  readonly parts: number;
  readonly costMicros: number;
}
export type GroupFigures = ReportGroup & ReportFigures;

const NOTHING: ReportFigures = { total: 0, sent: 0, delivered: 0, failed: 0, pending: 0, held: 0, parts: 0, costMicros: 0 };

const adder = (states: readonly MessageState[]): ((messages: readonly number[]) => number) => {
  const columns = COUNTED_MESSAGE_STATES.flatMap((state, column) => (states.includes(state) ? [column] : []));
  return (messages) => columns.reduce((sum, column) => sum + (messages[column] ?? 0), 0);
};
const sentOf = adder(SENT_MESSAGE_STATES);
const deliveredOf = adder(['delivered']);
const failedOf = adder(MISSED_MESSAGE_STATES);
const pendingOf = adder(['accepted', 'submitted']);
const heldOf = adder(['blocked', 'cancelled']);
const totalOf = adder(COUNTED_MESSAGE_STATES);

const figuresOf = ({ messages, parts, costMicros }: Counted): ReportFigures => ({
  total: totalOf(messages),
  sent: sentOf(messages),
  delivered: deliveredOf(messages),
  failed: failedOf(messages),
  pending: pendingOf(messages),
  held: heldOf(messages),
  parts,
  costMicros,
});

const add = (a: ReportFigures, b: ReportFigures): ReportFigures => ({
  total: a.total + b.total,
  sent: a.sent + b.sent,
  delivered: a.delivered + b.delivered,
  failed: a.failed + b.failed,
  pending: a.pending + b.pending,
  held: a.held + b.held,
  parts: a.parts + b.parts,
  costMicros: a.costMicros + b.costMicros,
});

/** What all rows make together. */
export const sumOf = (rows: readonly ReportFigures[]): ReportFigures => rows.reduce(add, NOTHING);

/** Groups of several runs put together, `at` read as day or hour of the zone. Groups in which nothing is are left out. */
export function foldGroups(counted: readonly Counted[], by: readonly ReportDimension[], zone: string): readonly GroupFigures[] {
  const groups = new Map<string, GroupFigures>();
  for (const one of counted) {
    const { at, country, key, user, sender } = one;
    const group: ReportGroup = {
      country,
      day: at !== null && by.includes('day') ? formatDay(at, zone) : null,
      hour: at !== null && by.includes('hour') ? at : null,
      key,
      user,
      sender,
    };
    const figures = figuresOf(one);
    if (figures.total === 0) continue;
    const name = JSON.stringify([group.country, group.day, group.hour, key, user, sender]);
    const known = groups.get(name);
    groups.set(name, { ...group, ...(known ? add(known, figures) : figures) });
  }
  return sorted([...groups.values()], by);
}

/** In order of time where there is one, else the largest first; ties by name, so that an order is always the same. */
function sorted(groups: readonly GroupFigures[], by: readonly ReportDimension[]): readonly GroupFigures[] {
  const names = new Map(groups.map((group) => [group, by.map((dimension) => String(group[dimension])).join(' ')]));
  const timeOf = ({ day, hour }: GroupFigures): string | number => day ?? hour ?? 0;
  return groups.toSorted((a, b) => compare(timeOf(a), timeOf(b)) || b.total - a.total || compare(names.get(a) ?? '', names.get(b) ?? ''));
}

const compare = <T extends string | number>(a: T, b: T): number => (a < b ? -1 : a > b ? 1 : 0);

/** One group a day of the period, zeros where nothing was. */
export function everyDay(groups: readonly GroupFigures[], days: readonly string[]): readonly (ReportFigures & { readonly day: string })[] {
  const byDay = new Map(groups.map((group) => [group.day, group]));
  return days.map((day) => ({ ...figuresAlone(byDay.get(day)), day }));
}

/** The same by hour, named as the zone's clock has it. */
export function everyHour(
  groups: readonly GroupFigures[],
  from: number,
  until: number,
  zone: string,
): readonly (ReportFigures & { readonly at: string })[] {
  const byHour = new Map(groups.map((group) => [group.hour, group]));
  const hours: (ReportFigures & { at: string })[] = [];
  for (let hour = hourStart(from + HOUR_MS - 1); hour < until; hour += HOUR_MS) {
    hours.push({ ...figuresAlone(byHour.get(hour)), at: formatLocal(hour, zone).slice(0, 16) });
  }
  return hours;
}

/** What was sent by a time, from figures by hour: of the hour that it falls in, as much as had passed of it. */
export const sentUntil = (hours: readonly GroupFigures[], at: number): number =>
  Math.round(hours.reduce((sum, { hour, sent }) => sum + sent * Math.min(1, Math.max(0, (at - (hour ?? at)) / HOUR_MS)), 0));

function figuresAlone(group: GroupFigures | undefined): ReportFigures {
  const { total, sent, delivered, failed, pending, held, parts, costMicros } = group ?? NOTHING;
  return { total, sent, delivered, failed, pending, held, parts, costMicros };
}
