/** Totals of a tenant's messages over a period, by any of the dimensions of a report. */
import type { TenantId } from '../../schema/ids';
import type { ReportDimension, ReportFilter } from '../../schema/reports';
import type { Gateways } from '../gateways';
import type { TotalsDimension } from '../gateways/stores/totals';
import { foldGroups, type GroupFigures } from '../rules/report-figures';
import { dailyRuns, hourRuns, runsOf } from '../rules/report-period';

const columnOf = (dimension: ReportDimension): TotalsDimension => (dimension === 'day' || dimension === 'hour' ? 'at' : dimension);

/** @param zone IANA zone of the days */
export async function readTotals(
  gateways: Pick<Gateways, 'tenant'>,
  tenant: TenantId,
  { from, until, ...scope }: ReportFilter,
  by: readonly ReportDimension[],
  zone: string,
): Promise<readonly GroupFigures[]> {
  const runs = by.includes('hour') ? hourRuns(from, until) : by.includes('day') ? dailyRuns(from, until, zone) : runsOf(from, until);
  return foldGroups(await gateways.tenant(tenant).totals.grouped(runs, scope, by.map(columnOf)), by, zone);
}
