/** /v1/reports: totals of the log. */
import { Report, ReportQuery } from '../../../schema/api/reports';
import type { Iso2, KeyId, UserId } from '../../../schema/ids';
import type { ReportFigures, ReportRow } from '../../../schema/reports';
import { REPORT_DAYS } from '../../../schema/limits';
import { readReport } from '../../messages/report';
import { DAY_MS } from '../../rules/platform-day';
import { countryOf } from '../../rules/countries';
import { operation, type Operation } from './operation';
import { instant, money } from './words';

const figures = ({ total, sent, delivered, failed, pending, held, parts, costMicros }: ReportFigures) => ({
  total,
  sent,
  delivered,
  failed,
  pending,
  held,
  delivery_rate: sent > 0 ? delivered / sent : null,
  parts,
  cost: money(costMicros),
});

function view(row: ReportRow) {
  const { country, day, hour, key, keyName, user, userName, sender } = row;
  const names = country === null ? undefined : countryOf(country);
  return {
    country,
    country_name: names ? { en: names.nameEn, zh: names.nameZh } : null,
    day,
    hour: hour === null ? null : instant(hour),
    key: key === null ? null : { id: key, name: keyName ?? key },
    user: user === null ? null : { id: user, name: userName ?? user },
    from: sender,
    ...figures(row),
  };
}

const read = operation({
  method: 'GET',
  path: '/v1/reports',
  id: 'getReport',
  tag: 'Reports',
  summary: {
    en: 'Totals of a period, by country, day, hour, key, user or sender',
    zh: '按国家、日期、小时、Key、用户或 From 汇总一段时间的短信',
  },
  description: 'Exact counts of the log as it stands, late receipts included. To have all rows as a file, export them.',
  query: ReportQuery,
  answers: { 200: { text: 'The report.', shape: Report } },
  errors: [],
  async answer({ actor, context, query, now }) {
    const {
      created_from: from,
      created_until: until,
      group_by: groupBy,
      kind,
      country,
      user,
      key,
      from: sender,
      time_zone: timeZone,
    } = query;
    const end = until === undefined ? now : Date.parse(until);
    const report = await readReport(
      context.gateways,
      { tenant: actor.tenant, timeZone },
      {
        from: from === undefined ? end - REPORT_DAYS * DAY_MS : Date.parse(from),
        until: end,
        ...(kind !== undefined && { kind }),
        ...(country !== undefined && { countries: country as Iso2[] }),
        ...(user !== undefined && { user: user as UserId }),
        ...(key !== undefined && { key: key as KeyId }),
        ...(sender !== undefined && { sender }),
      },
      groupBy,
    );
    return { status: 200, body: { rows: report.rows.map(view), sum: figures(report.sum), left_out: report.leftOut } };
  },
});

export const REPORT_OPERATIONS: readonly Operation[] = [read];
