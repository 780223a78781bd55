import { component$ } from '@builder.io/qwik';
import { routeLoader$, type DocumentHead } from '@builder.io/qwik-city';
import { _ } from 'compiled-i18n';
import type { Outcomes } from '../../../../schema/operators';
import { countryName } from '../../../../workers/rules/countries';
import { EmptyState } from '../../../components/empty-state';
import { Kpi } from '../../../components/kpi';
import { Table, type Column } from '../../../components/table';
import { number } from '../../../lib/numbers';
import { localeOf, operatorOf, operatorServicesOf } from '../../../lib/platform';
import { moment, momentOrDash } from '../../../lib/times';

export const useHealth = routeLoader$(async (event) => {
  const operator = operatorOf(event);
  return { health: await operatorServicesOf(event).health(operator), locale: localeOf(event), timeZone: operator.timeZone };
});

const share = ({ missed, sent }: Outcomes): string => (sent === 0 ? '—' : `${((100 * missed) / sent).toFixed(1)} %`);

export default component$(() => {
  const { health, locale, timeZone } = useHealth().value;
  const columns = <Row extends Outcomes>(): readonly Column<Row>[] => [
    { head: _`Messages sent`, num: true, cell: ({ sent }) => number(sent, locale) },
    { head: _`Messages delivered`, num: true, cell: ({ delivered }) => number(delivered, locale) },
    { head: _`Messages failed`, num: true, cell: ({ missed }) => number(missed, locale) },
    { head: _`Failure rate`, num: true, cell: share },
  ];
  return (
    <>
      <div class="head">
        <div class="grow">
          <h1>{_`Platform health`}</h1>
          <span class="muted">{_`Last 24 hours, all tenants, as of ${moment(health.now, 'second', timeZone)}.`}</span>
        </div>
      </div>
      <div class="kpis">
        <Kpi label={_`Sent a second, this hour`} value={health.sendsPerSecond.toFixed(2)} />
        <Kpi label={_`Waiting to be sent`} value={number(health.waiting, locale)} />
        <Kpi label={_`Without a receipt yet`} value={number(health.unreceipted, locale)}>
          {_`oldest: ${momentOrDash(health.oldestUnreceiptedAt, 'minute', timeZone)}`}
        </Kpi>
        <Kpi label={_`Dead letters`} value={number(health.deadLetters, locale)}>
          <a href="/operators/dead-letters">{_`Look at them`}</a>
        </Kpi>
        <Kpi label={_`Running tasks`} value={number(health.runningTasks, locale)} />
        <Kpi label={_`Exports being made`} value={number(health.waitingExports, locale)} />
      </div>
      <section class="card" aria-label={_`By carrier account`}>
        {health.carriers.length === 0 ? (
          <EmptyState title={_`Nothing was sent in this time`} />
        ) : (
          <Table
            caption={_`By carrier account`}
            rows={health.carriers}
            rowKey={({ id }) => id}
            columns={[
              { head: _`Carrier account`, wide: true, cell: ({ id, name }) => <a href={`/operators/carriers/${id}`}>{name}</a> },
              ...columns(),
            ]}
          />
        )}
      </section>
      {health.countries.length > 0 && (
        <section class="card" aria-label={_`By country`}>
          <Table
            caption={_`By country`}
            rows={health.countries}
            rowKey={({ country }) => country}
            columns={[{ head: _`Country or region`, wide: true, cell: ({ country }) => countryName(country, locale) }, ...columns()]}
          />
        </section>
      )}
    </>
  );
});

export const head: DocumentHead = () => ({ title: _`Platform health` });
