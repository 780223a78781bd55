import { component$ } from '@builder.io/qwik';
import { routeLoader$, type DocumentHead } from '@builder.io/qwik-city';
import { _ } from 'compiled-i18n';
import { Badge } from '../../../../components/badge';
import { EmptyState } from '../../../../components/empty-state';
import { Icon } from '../../../../components/icon';
import { Table } from '../../../../components/table';
import { switchLabel } from '../../../../lib/labels';
import { number } from '../../../../lib/numbers';
import { localeOf, operatorOf, operatorServicesOf } from '../../../../lib/platform';
import { moment } from '../../../../lib/times';

export const useCarriers = routeLoader$(async (event) => {
  const operator = operatorOf(event);
  return { rows: await operatorServicesOf(event).carriers(operator), locale: localeOf(event), timeZone: operator.timeZone };
});

export default component$(() => {
  const { rows, locale, timeZone } = useCarriers().value;
  return (
    <>
      <div class="head">
        <div class="grow">
          <h1>{_`Carrier accounts`}</h1>
          <span class="muted">{_`Credentials at Vonage; their secrets are stored encrypted and shown nowhere.`}</span>
        </div>
        <a class="btn primary" href="/operators/carriers/new">
          <Icon name="plus" />
          {_`New account`}
        </a>
      </div>
      <section class="card" aria-label={_`Carrier accounts`}>
        {rows.length === 0 ? (
          <EmptyState title={_`No carrier accounts yet`} />
        ) : (
          <Table
            caption={_`Carrier accounts`}
            folds
            rows={rows}
            rowKey={({ id }) => id}
            columns={[
              {
                head: _`Name of it`,
                wide: true,
                fold: 'lead',
                cell: ({ id, name, apiKey }) => (
                  <>
                    <a href={`/operators/carriers/${id}`}>
                      <b>{name}</b>
                    </a>
                    <span class="sub mono">{apiKey}</span>
                  </>
                ),
              },
              { head: _`Base URL`, wide: true, cell: ({ restHost }) => (restHost === '' ? '—' : <span class="mono">{restHost}</span>) },
              { head: _`State`, cell: ({ enabled }) => <Badge label={switchLabel(enabled)} /> },
              { head: _`Messages a second`, num: true, cell: ({ perSecond }) => number(perSecond, locale) },
              { head: _`Created`, num: true, cell: ({ createdAt }) => moment(createdAt, 'minute', timeZone) },
            ]}
          />
        )}
      </section>
    </>
  );
});

export const head: DocumentHead = () => ({ title: _`Carrier accounts` });
