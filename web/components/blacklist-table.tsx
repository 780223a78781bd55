import { _ } from 'compiled-i18n';
import type { BlacklistedNumber } from '../../schema/keys';
import { phone } from '../lib/numbers';
import { moment } from '../lib/times';
import { EmptyState } from './empty-state';
import { Icon } from './icon';
import { Table } from './table';

interface BlacklistTableProps {
  readonly rows: readonly BlacklistedNumber[];
  readonly searched: boolean;
  /** Where a removal posts; null where there is none. */
  readonly remove: string | null;
  readonly timeZone: string;
}

export const BlacklistTable = ({ rows, searched, remove, timeZone }: BlacklistTableProps) =>
  rows.length === 0 ? (
    <EmptyState icon="search" title={searched ? _`This number is not on the blacklist` : _`No numbers yet`} />
  ) : (
    <Table
      caption={_`Numbers`}
      folds
      rows={rows}
      rowKey={({ digits, addedAt }) => `${digits} ${addedAt}`}
      columns={[
        { head: _`Number`, fold: 'lead', cell: ({ digits }) => <span class="mono">{phone(digits)}</span> },
        {
          head: _`Why`,
          wide: true,
          cell: ({ reason, cause }) => (
            <>
              <span class={['badge', reason === 'opt_out' ? 'warn' : 'wait']}>{reason === 'opt_out' ? _`Opt-out` : _`Added by hand`}</span>
              {cause && (
                <span class="sub">
                  <q>{cause.text}</q> · {moment(cause.receivedAt, 'minute', timeZone)}
                </span>
              )}
            </>
          ),
        },
        { head: _`Since`, num: true, cell: ({ addedAt }) => moment(addedAt, 'minute', timeZone) },
        {
          head: _`Actions`,
          fold: 'whole',
          cell: ({ digits }) =>
            remove === null ? (
              ''
            ) : (
              <form method="post" action={remove} class="acts">
                <input type="hidden" name="number" value={phone(digits)} />
                <button type="submit" class="btn small" aria-label={_`Remove ${phone(digits)}`}>
                  <Icon name="trash" />
                  {_`Remove`}
                </button>
              </form>
            ),
        },
      ]}
    />
  );
