import { _ } from 'compiled-i18n';
import type { SessionView } from '../../schema/console';
import { moment } from '../lib/times';
import { deviceOf } from '../lib/user-agent';
import { Table } from './table';

interface SessionTableProps {
  readonly sessions: readonly SessionView[];
  /** Where the end of one posts. */
  readonly action: string;
  readonly timeZone: string;
}

/** Where one is signed in; every session but the present one can be ended. */
export const SessionTable = ({ sessions, action, timeZone }: SessionTableProps) => (
  <section class="card" aria-labelledby="sessions-title">
    <div class="title">
      <h2 id="sessions-title">{_`Where you are signed in`}</h2>
    </div>
    <Table
      caption={_`Where you are signed in`}
      folds
      rows={sessions}
      rowKey={({ id }) => id}
      columns={[
        {
          head: _`Device`,
          wide: true,
          fold: 'lead',
          cell: ({ userAgent, current }) => (
            <span class="bar">
              <b>{deviceOf(userAgent) || _`Unknown device`}</b>
              {current && <span class="badge ok">{_`this session`}</span>}
            </span>
          ),
        },
        { head: _`Address`, cell: ({ address }) => <span class="mono">{address}</span> },
        { head: _`Signed in`, num: true, cell: ({ createdAt }) => moment(createdAt, 'minute', timeZone) },
        {
          head: _`Actions`,
          fold: 'whole',
          cell: ({ id, current }) =>
            current ? (
              ''
            ) : (
              <form method="post" action={action} class="acts">
                <input type="hidden" name="session" value={id} />
                <button type="submit" class="btn small danger">{_`End session`}</button>
              </form>
            ),
        },
      ]}
    />
  </section>
);
