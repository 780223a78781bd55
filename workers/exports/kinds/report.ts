/** A report as a file: a line for each group, under the columns of what it was grouped by. */
import type { RequestOf } from '../../../schema/exports';
import type { LineFormat } from '../../../schema/protocol/message-shard';
import type { ReportDimension, ReportRow } from '../../../schema/reports';
import { reportRows } from '../../messages/report';
import { countryName } from '../../rules/countries';
import type { FileColumn } from '../../rules/file-columns';
import { formatLocal } from '../../rules/local-time';
import { decimalMoney } from '../../rules/money';
import { csvBatch } from '../csv-batch';
import type { Kind } from '../kind';

type Column = FileColumn & { readonly of: (row: ReportRow, format: LineFormat) => string };

const GROUPS: Readonly<Record<ReportDimension, readonly Column[]>> = {
  country: [
    { 'zh-CN': 'Country / Region', en: 'Country / Region', of: ({ country }) => (country === null ? '' : countryName(country, 'en')) },
    { 'zh-CN': '国家/地区', en: '国家/地区', of: ({ country }) => (country === null ? '' : countryName(country, 'zh-CN')) },
  ],
  day: [{ 'zh-CN': '日期', en: 'Day', of: ({ day }) => day ?? '' }],
  hour: [{ 'zh-CN': '小时', en: 'Hour', of: ({ hour }, { timeZone }) => (hour === null ? '' : formatLocal(hour, timeZone)) }],
  key: [{ 'zh-CN': '锦木Key', en: 'Key', of: ({ keyName }) => keyName ?? '' }],
  user: [{ 'zh-CN': '用户名', en: 'User', of: ({ userName }) => userName ?? '' }],
  sender: [{ 'zh-CN': 'FROM', en: 'From', of: ({ sender }) => sender ?? '' }],
};

const number = (zh: string, en: string, of: (row: ReportRow) => number): Column => ({
  'zh-CN': zh,
  en,
  cells: 'number',
  of: (row) => String(of(row)),
});

const FIGURES: readonly Column[] = [
  {
    'zh-CN': '成功率',
    en: 'Delivery rate',
    of: ({ delivered, sent }) => (sent === 0 ? '' : `${((delivered / sent) * 100).toFixed(2)}%`),
  },
  number('总计/条', 'Total', ({ total }) => total),
  number('成功/条', 'Delivered', ({ delivered }) => delivered),
  number('失败/条', 'Failed', ({ failed }) => failed),
  number('已发送/条', 'Sent', ({ sent }) => sent),
  number('待回执/条', 'Pending', ({ pending }) => pending),
  number('未发送/条', 'Held back', ({ held }) => held),
  number('计费条数', 'Parts', ({ parts }) => parts),
  { 'zh-CN': '费用', en: 'Cost', cells: 'number', of: ({ costMicros }) => decimalMoney(costMicros) },
];

const columnsOf = ({ filter }: RequestOf<'report'>): readonly Column[] => [
  ...filter.groupBy.flatMap((dimension) => GROUPS[dimension]),
  ...FIGURES,
];

export const report: Kind<RequestOf<'report'>> = {
  name: { 'zh-CN': '报告', en: 'report' },
  columnsOf,
  open(gateways, tenant, request, format) {
    const { groupBy, ...filter } = request.filter;
    const rows = () => reportRows(gateways, { tenant, timeZone: format.timeZone }, filter, groupBy);
    return {
      rowsAtMost: async () => (await rows()).length,
      // In one piece: totals go on changing, and a file must not be one half of before and one of after.
      async *batches(from) {
        if (from !== null) return;
        const columns = columnsOf(request);
        const cells = (await rows()).map((row) => columns.map((column) => column.of(row, format)));
        yield csvBatch(cells, true);
      },
    };
  },
};
