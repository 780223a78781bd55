/** Reports: totals of a period by country, day, hour, key, user or sender. They hold no numbers, so every user of a tenant may read them. */
import type { Actor } from '../../schema/console';
import { AppError, type FieldError } from '../../schema/errors';
import { REPORT_DAYS_MAX, REPORT_HOURLY_DAYS_MAX, REPORT_ROWS_MAX } from '../../schema/limits';
import { API_USER, type Report, type ReportDimension, type ReportFilter, type ReportNames, type ReportRow } from '../../schema/reports';
import type { Gateways } from '../gateways';
import { DAY_MS } from '../rules/platform-day';
import { sumOf, type GroupFigures } from '../rules/report-figures';
import { readTotals } from './totals';

/** Groups by more at once are as many as there are messages. */
const REPORT_DIMENSIONS_MAX = 2;

/** @throws AppError invalid_request naming `receivedUntil` or `groupBy` */
export async function readReport(
  gateways: Pick<Gateways, 'tenant'>,
  actor: Pick<Actor, 'tenant' | 'timeZone'>,
  filter: ReportFilter,
  groupBy: readonly ReportDimension[],
): Promise<Report> {
  const rows = await reportRows(gateways, actor, filter, groupBy);
  return { rows: rows.slice(0, REPORT_ROWS_MAX), sum: sumOf(rows), leftOut: Math.max(0, rows.length - REPORT_ROWS_MAX) };
}

/** All rows of a report, as a file has them. @throws AppError as `readReport` */
export async function reportRows(
  gateways: Pick<Gateways, 'tenant'>,
  actor: Pick<Actor, 'tenant' | 'timeZone'>,
  filter: ReportFilter,
  groupBy: readonly ReportDimension[],
): Promise<readonly ReportRow[]> {
  refuseImpossible(filter, groupBy);
  const [groups, names] = await Promise.all([
    readTotals(gateways, actor.tenant, filter, groupBy, actor.timeZone),
    groupBy.includes('key') || groupBy.includes('user') ? reportNames(gateways, actor) : null,
  ]);
  return named(groups, names);
}

/** Whom a report can be about: the tenant's users and keys. */
export async function reportNames(gateways: Pick<Gateways, 'tenant'>, actor: Pick<Actor, 'tenant'>): Promise<ReportNames> {
  const { users, keys } = gateways.tenant(actor.tenant);
  const [userNames, keyNames] = await Promise.all([users(), keys.names()]);
  return { users: userNames, keys: keyNames };
}

function named(groups: readonly GroupFigures[], names: ReportNames | null): readonly ReportRow[] {
  const keyNames = new Map<string, string>(names?.keys.map(({ id, name }) => [id, name]));
  // A task that a key made has the key for its user.
  const userNames = new Map<string, string>([
    ...keyNames,
    ...(names?.users.map(({ id, name }) => [id, name] as const) ?? []),
    [API_USER, 'API'],
  ]);
  return groups.map((group) => ({
    ...group,
    keyName: group.key === null ? null : (keyNames.get(group.key) ?? group.key),
    userName: group.user === null ? null : (userNames.get(group.user) ?? group.user),
  }));
}

/** @throws AppError invalid_request naming `receivedUntil` or `groupBy` */
export function refuseImpossible({ from, until }: ReportFilter, groupBy: readonly ReportDimension[]): void {
  const wrong: FieldError[] = [];
  const days = groupBy.includes('hour') ? REPORT_HOURLY_DAYS_MAX : REPORT_DAYS_MAX;
  if (until <= from) wrong.push({ field: 'receivedUntil', code: 'invalid' });
  else if (until - from > days * DAY_MS) wrong.push({ field: 'receivedUntil', code: 'period_too_long', details: { days } });
  // A day and its hours: the hours alone say both.
  const isBoth = groupBy.includes('day') && groupBy.includes('hour');
  if (groupBy.length > REPORT_DIMENSIONS_MAX || new Set(groupBy).size < groupBy.length || isBoth) {
    wrong.push({ field: 'groupBy', code: 'invalid' });
  }
  if (wrong.length > 0) throw new AppError('invalid_request', { fields: wrong });
}
