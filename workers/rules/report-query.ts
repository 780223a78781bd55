/** What a report is asked for as a link or a form writes it (`?receivedFrom=2026-11-01&country=SG&groupBy=country,user`). */
import type { KeyId, UserId } from '../../schema/ids';
import { REPORT_DAYS } from '../../schema/limits';
import { REPORT_DIMENSIONS, type ReportDimension, type ReportFilter } from '../../schema/reports';
import { formatDay } from './local-time';
import { QueryFields } from './query-fields';
import { lastDays, startOfDay } from './report-period';
import { DAY_MS } from './platform-day';

export interface ReportQuery {
  readonly filter: ReportFilter;
  readonly groupBy: readonly ReportDimension[];
}

/** Where nothing is said, the last days by country and user, as the original platform's report is. */
const DEFAULT_GROUPS: readonly ReportDimension[] = ['country', 'user'];

/** @throws AppError invalid_request naming every field that cannot be read */
export function readReportQuery(query: URLSearchParams, zone: string, now: number): ReportQuery {
  const fields = new QueryFields(query, zone);
  const kind = fields.kind();
  const user = fields.text('user');
  const key = fields.text('key');
  const sender = fields.text('sender');
  const countries = fields.countries();
  const from = fields.time('receivedFrom');
  const until = fields.end('receivedUntil') ?? startOfDay(formatDay(now + DAY_MS, zone), zone);
  const groupBy = fields.words('groupBy', REPORT_DIMENSIONS) ?? DEFAULT_GROUPS;
  fields.refuse();
  return {
    filter: {
      from: from ?? startOfDay(lastDays(Math.min(now, until - 1), zone, REPORT_DAYS)[0] ?? '', zone),
      until,
      ...(kind !== undefined && { kind }),
      ...(user !== undefined && { user: user as UserId }),
      ...(key !== undefined && { key: key as KeyId }),
      ...(sender !== undefined && { sender }),
      ...(countries !== undefined && { countries }),
    },
    groupBy,
  };
}
