/** What was sent to a customer, and what came back. */
import { _ } from 'compiled-i18n';
import type { LaneAttempt } from '../../schema/protocol/webhook-lane';
import type { Locale } from '../../schema/states';
import { attemptLabel, deliveryStateLabel } from '../lib/labels';
import { number } from '../lib/numbers';
import { moment } from '../lib/times';
import { Badge } from './badge';
import { EmptyState } from './empty-state';
import { Icon } from './icon';
import { Table } from './table';

interface AttemptTableProps {
  readonly rows: readonly LaneAttempt[];
  /** Where a replay posts; null where there is none. */
  readonly replay: string | null;
  readonly locale: Locale;
  readonly timeZone: string;
}

export const AttemptTable = ({ rows, replay, locale, timeZone }: AttemptTableProps) =>
  rows.length === 0 ? (
    <EmptyState icon="clock" title={_`Nothing was sent yet`} />
  ) : (
    <Table
      caption={_`Delivery log`}
      folds
      rows={rows}
      rowKey={({ n }) => String(n)}
      columns={[
        {
          head: _`Time`,
          fold: 'lead',
          cell: ({ at }) => (
            <time class="mono" dateTime={new Date(at).toISOString()}>
              {moment(at, 'brief', timeZone)}
            </time>
          ),
        },
        { head: _`Answer`, cell: (row) => <Badge label={attemptLabel(row)} /> },
        { head: _`Duration`, num: true, cell: ({ durationMs }) => `${number(durationMs, locale)} ms` },
        { head: _`Events`, num: true, cell: ({ events }) => number(events, locale) },
        {
          head: _`Delivery`,
          cell: ({ deliveryState, nextAt }) => (
            <>
              <Badge label={deliveryStateLabel(deliveryState)} />
              {nextAt !== null && <span class="sub">{_`again at ${moment(nextAt, 'second', timeZone)}`}</span>}
            </>
          ),
        },
        { head: _`Request and answer`, wide: true, fold: 'whole', cell: (row) => <Exchange attempt={row} /> },
        {
          head: _`Actions`,
          fold: 'whole',
          cell: ({ delivery, at }) =>
            replay === null ? (
              ''
            ) : (
              <form method="post" action={replay} class="acts">
                <input type="hidden" name="delivery" value={delivery} />
                <button type="submit" class="btn small" aria-label={_`Replay the delivery of ${moment(at, 'second', timeZone)}`}>
                  <Icon name="refresh" />
                  {_`Replay`}
                </button>
              </form>
            ),
        },
      ]}
    />
  );

const Exchange = ({ attempt: { method, url, delivery, body, answer } }: { attempt: LaneAttempt }) => (
  <details>
    <summary class="mono">{delivery}</summary>
    <p class="sub mono">
      {method} {url}
    </p>
    {body !== '' && <pre class="exchange">{body}</pre>}
    {answer !== '' && (
      <>
        <p class="sub">{_`Answer`}</p>
        <pre class="exchange">{answer}</pre>
      </>
    )}
    <a href={`?delivery=${encodeURIComponent(delivery)}`}>{_`All tries of this delivery`}</a>
  </details>
);
