/** Why messages failed, or were held back, as a table with bars. */
import { _ } from 'compiled-i18n';
import type { Locale } from '../../schema/states';
import type { ShownReason } from '../lib/report-source';
import { number, share } from '../lib/numbers';
import { Badge } from './badge';
import { EmptyState } from './empty-state';
import { messageStateLabel } from '../lib/labels';
import { Table } from './table';

interface FailureReasonsProps {
  /** Most messages first. */
  readonly reasons: readonly ShownReason[];
  readonly locale: Locale;
}

export const FailureReasons = ({ reasons, locale }: FailureReasonsProps) => {
  const all = reasons.reduce((sum, { messages }) => sum + messages, 0);
  return (
    <section class="card" aria-labelledby="reasons">
      <div class="title">
        <h2 id="reasons">{_`Why messages failed`}</h2>
      </div>
      {reasons.length === 0 ? (
        <EmptyState icon="check" title={_`Nothing failed in this period`} />
      ) : (
        <Table
          caption={_`Why messages failed`}
          rows={reasons}
          rowKey={({ state, error }) => `${state} ${error}`}
          columns={[
            {
              head: _`Reason`,
              wide: true,
              cell: ({ text, state, messages }) => (
                <>
                  {text} <Badge label={messageStateLabel(state)} />
                  <svg class="meter" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
                    <rect class={state === 'blocked' ? 'fill-warn' : 'fill-bad'} width={((messages / all) * 100).toFixed(2)} height="1" />
                  </svg>
                </>
              ),
            },
            {
              head: _`Messages`,
              num: true,
              cell: ({ messages }) => (
                <>
                  {number(messages, locale)} <span class="sub">{share(messages, all, locale)}</span>
                </>
              ),
            },
          ]}
        />
      )}
    </section>
  );
};
