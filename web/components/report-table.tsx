/** The rows of a report, with the columns that its groups have. */
import { _ } from 'compiled-i18n';
import type { ReportDimension, ReportFigures } from '../../schema/reports';
import type { Locale } from '../../schema/states';
import { money } from '../lib/amounts';
import { number, share } from '../lib/numbers';
import type { ShownRow } from '../lib/report-source';
import { EmptyState } from './empty-state';
import { Table, type Column } from './table';

interface ReportTableProps {
  readonly rows: readonly ShownRow[];
  readonly sum: ReportFigures;
  readonly groupBy: readonly ReportDimension[];
  /** Rows that are not shown. */
  readonly hidden: number;
  readonly locale: Locale;
}

type Line = ReportFigures & { readonly row: ShownRow | null };

export const ReportTable = ({ rows, sum, groupBy, hidden, locale }: ReportTableProps) => {
  const figure = (head: string, name: 'total' | 'delivered' | 'failed' | 'pending' | 'held' | 'parts'): Column<Line> => ({
    head,
    num: true,
    cell: (line) => number(line[name], locale),
  });
  const lines: readonly Line[] = [...rows.map((row) => ({ ...row, row })), ...(rows.length > 1 ? [{ ...sum, row: null }] : [])];
  return (
    <section class="card" aria-labelledby="rows">
      <div class="title">
        <h2 id="rows">{_`Report`}</h2>
        {hidden > 0 && (
          <small class="muted">{_`The first ${number(rows.length, locale)} rows; ${number(hidden, locale)} more are counted in the total.`}</small>
        )}
      </div>
      {rows.length === 0 ? (
        <EmptyState icon="chart" title={_`No messages in this period`} />
      ) : (
        <Table
          caption={_`Report`}
          rows={lines}
          rowKey={({ row }) => (row === null ? 'sum' : groupBy.map((dimension) => String(row[dimension])).join(' '))}
          columns={[
            ...groupBy.flatMap((dimension) => groupColumns(dimension)).map((column, index) => (index === 0 ? withSum(column) : column)),
            { head: _`Success rate`, num: true, cell: ({ delivered, sent }) => share(delivered, sent, locale) },
            figure(_`Total / messages`, 'total'),
            figure(_`Delivered / messages`, 'delivered'),
            figure(_`Failed / messages`, 'failed'),
            figure(_`Pending`, 'pending'),
            figure(_`Held back`, 'held'),
            figure(_`Parts`, 'parts'),
            { head: _`Cost`, num: true, cell: ({ costMicros }) => money(costMicros, locale) },
          ]}
        />
      )}
    </section>
  );
};

/** The last line says what it is where the others have their name. */
const withSum = (column: Column<Line>): Column<Line> => ({
  ...column,
  cell: (line) => (line.row === null ? <b>{_`Total`}</b> : column.cell(line)),
});

function groupColumns(dimension: ReportDimension): Column<Line>[] {
  const column = (head: string, textOf: (row: ShownRow) => string | null, kind: Partial<Column<Line>> = {}): Column<Line> => ({
    head,
    cell: ({ row }) => (row === null ? '' : (textOf(row) ?? '')),
    ...kind,
  });
  switch (dimension) {
    case 'country':
      return [
        column(_`Country / Region`, ({ nameEn }) => nameEn, { wide: true }),
        column(_`Country / Region in Chinese`, ({ nameZh }) => nameZh),
      ];
    case 'user':
      return [column(_`User name`, ({ userName }) => userName)];
    case 'key':
      return [column(_`Key`, ({ keyName }) => keyName)];
    case 'sender':
      return [column('From', ({ sender, isOtherSenders }) => (isOtherSenders ? _`Other senders` : sender))];
    case 'day':
      return [column(_`Day`, ({ day }) => day)];
    case 'hour':
      return [column(_`Hour`, ({ hour }) => hour)];
  }
}
