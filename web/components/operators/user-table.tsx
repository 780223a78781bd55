import { _ } from 'compiled-i18n';
import type { UserId } from '../../../schema/ids';
import type { UserItem } from '../../../schema/operators';
import { switchLabel, roleLabel } from '../../lib/labels';
import { moment, momentOrDash } from '../../lib/times';
import { Badge } from '../badge';
import { Table } from '../table';

/** People of a tenant, for operators and for the owner. @param href of the page that changes one */
export const UserTable = ({ rows, timeZone, href }: { rows: readonly UserItem[]; timeZone: string; href: (user: UserId) => string }) => (
  <Table
    caption={_`Users`}
    folds
    rows={rows}
    rowKey={({ id }) => id}
    columns={[
      {
        head: _`Name`,
        wide: true,
        fold: 'lead',
        cell: ({ id, name, email }) => (
          <>
            <a href={href(id)}>
              <b>{name}</b>
            </a>
            <span class="sub">{email}</span>
          </>
        ),
      },
      { head: _`Role`, cell: ({ role }) => roleLabel(role) },
      { head: _`State`, cell: ({ enabled }) => <Badge label={switchLabel(enabled)} /> },
      { head: _`Phones`, cell: ({ phones }) => (phones.length === 0 ? '—' : phones.join(', ')) },
      { head: _`Created`, num: true, cell: ({ createdAt }) => moment(createdAt, 'minute', timeZone) },
      { head: _`Last sign-in`, num: true, cell: ({ lastSignInAt }) => momentOrDash(lastSignInAt, 'minute', timeZone) },
    ]}
  />
);
