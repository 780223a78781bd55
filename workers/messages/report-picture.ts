/** A report with what is drawn beside it: its course over time, its countries, and why messages failed. */
import type { Actor } from '../../schema/console';
import type { ReportDimension, ReportFilter, ReportPicture } from '../../schema/reports';
import type { Gateways } from '../gateways';
import { everyDay, everyHour } from '../rules/report-figures';
import { DAY_MS } from '../rules/platform-day';
import { daysOf, runsOf } from '../rules/report-period';
import { readReport } from './report';
import { readTotals } from './totals';

/** Up to here the course is shown by hour. */
const HOURLY_UP_TO_MS = 2 * DAY_MS;

/** @throws AppError invalid_request naming `receivedUntil` or `groupBy` */
export async function readReportPicture(
  gateways: Pick<Gateways, 'tenant'>,
  actor: Actor,
  filter: ReportFilter,
  groupBy: readonly ReportDimension[],
): Promise<ReportPicture> {
  const { tenant, timeZone } = actor;
  const { from, until, ...scope } = filter;
  // Refuses what cannot be reported before anything else is read.
  const report = await readReport(gateways, actor, filter, groupBy);
  const seriesOf = until - from <= HOURLY_UP_TO_MS ? 'hour' : 'day';
  const [course, byCountry, reasons] = await Promise.all([
    readTotals(gateways, tenant, filter, [seriesOf], timeZone),
    readTotals(gateways, tenant, filter, ['country'], timeZone),
    gateways.tenant(tenant).totals.reasons(runsOf(from, until), scope),
  ]);
  return {
    report,
    series:
      seriesOf === 'hour'
        ? everyHour(course, from, Math.min(until, Date.now()), timeZone)
        : everyDay(course, daysOf(from, Math.min(until, Date.now()), timeZone)).map(({ day, ...figures }) => ({ at: day, ...figures })),
    seriesOf,
    countries: byCountry.flatMap(({ country, ...figures }) => (country === null ? [] : [{ country, ...figures }])),
    reasons: addReasons(reasons),
  };
}

/** Reasons of several runs put together. */
export function addReasons(found: ReportPicture['reasons']): ReportPicture['reasons'] {
  const sums = new Map<string, ReportPicture['reasons'][number]>();
  for (const reason of found) {
    const name = `${reason.state} ${reason.error}`;
    sums.set(name, { ...reason, messages: reason.messages + (sums.get(name)?.messages ?? 0) });
  }
  return [...sums.values()]
    .filter(({ messages }) => messages > 0)
    .toSorted((a, b) => b.messages - a.messages || (a.error < b.error ? -1 : 1));
}
