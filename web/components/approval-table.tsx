import { _ } from 'compiled-i18n';
import type { ApprovalItem } from '../../schema/approvals';
import type { ApprovalId } from '../../schema/ids';
import { approvalKindLabel, approvalStateLabel, trafficKindLabel } from '../lib/labels';
import { moment } from '../lib/times';
import { Badge } from './badge';
import { Table } from './table';

interface ApprovalTableProps<Row extends ApprovalItem> {
  readonly rows: readonly Row[];
  readonly timeZone: string;
  readonly href: (id: ApprovalId) => string;
  /** Whose it is, where several tenants are in one list. */
  readonly whose?: (row: Row) => string;
}

export const ApprovalTable = <Row extends ApprovalItem>({ rows, timeZone, href, whose }: ApprovalTableProps<Row>) => (
  <Table
    caption={_`Approvals`}
    folds
    rows={rows}
    rowKey={({ id }) => id}
    columns={[
      {
        head: _`Name of it`,
        wide: true,
        fold: 'lead',
        cell: (row) => (
          <>
            <a href={href(row.id)}>
              <b>{row.kind === 'signature' ? `【${row.name}】` : row.name}</b>
            </a>
            <span class="sub">{whose ? whose(row) : row.body}</span>
          </>
        ),
      },
      { head: _`Kind`, cell: ({ kind, traffic }) => `${approvalKindLabel(kind)} · ${trafficKindLabel(traffic)}` },
      { head: _`State`, cell: ({ state }) => <Badge label={approvalStateLabel(state)} /> },
      { head: _`Applied`, num: true, cell: ({ createdAt }) => moment(createdAt, 'minute', timeZone) },
      { head: _`Changed`, num: true, cell: ({ updatedAt }) => moment(updatedAt, 'minute', timeZone) },
    ]}
  />
);
