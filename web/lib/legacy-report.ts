/** Reports of the time before July 2021. */
import { LEGACY_UNTIL_AT } from '../../schema/limits';
import { formatDay } from '../../workers/rules/local-time';
import { readReportQuery, type ReportQuery } from '../../workers/rules/report-query';
import { lastDays } from '../../workers/rules/report-period';

/** Where nothing is said, the last year that there is, by country. */
const DAYS = 365;
const GROUP = 'country';

/** @throws AppError invalid_request naming every field that cannot be read */
export function readLegacyReportQuery(asked: URLSearchParams, zone: string): ReportQuery {
  const last = LEGACY_UNTIL_AT - 1;
  const query = new URLSearchParams(asked);
  if (!query.get('receivedFrom')) query.set('receivedFrom', lastDays(last, zone, DAYS)[0] ?? '');
  if (!query.get('receivedUntil')) query.set('receivedUntil', formatDay(last, zone));
  if (!query.get('groupBy')) query.set('groupBy', GROUP);
  const { filter, groupBy } = readReportQuery(query, zone, last);
  return { filter: { ...filter, dataset: 'legacy' }, groupBy };
}
