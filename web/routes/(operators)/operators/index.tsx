import { component$ } from '@builder.io/qwik';
import { routeLoader$, type DocumentHead } from '@builder.io/qwik-city';
import { _ } from 'compiled-i18n';
import type { Outcomes, QueueName } from '../../../../schema/operators';
import { countryName } from '../../../../workers/rules/countries';
import { EmptyState } from '../../../components/empty-state';
import { Kpi } from '../../../components/kpi';
import { Table, type Column } from '../../../components/table';
import { receiptLagText } from '../../../lib/duration';
import { number, rate, share } from '../../../lib/numbers';
import { localeOf, operatorOf, operatorServicesOf } from '../../../lib/platform';
import { moment, momentOrDash } from '../../../lib/times';

export const useHealth = routeLoader$(async (event) => {
  const operator = operatorOf(event);
  return { health: await operatorServicesOf(event).health(operator), locale: localeOf(event), timeZone: operator.timeZone };
});

const queueLabel = (name: QueueName): string =>
  ({
    transactional: _`Transactional messages`,
    marketing: _`Marketing messages`,
    receipts: _`Receipts`,
    checks: _`Checks of files`,
    exports: _`Exports`,
  })[name];

export default component$(() => {
  const { health, locale, timeZone } = useHealth().value;
  const columns = <Row extends Outcomes>(): readonly Column<Row>[] => [
    { head: _`Messages sent`, num: true, cell: ({ sent }) => number(sent, locale) },
    { head: _`Messages delivered`, num: true, cell: ({ delivered }) => number(delivered, locale) },
    { head: _`Messages failed`, num: true, cell: ({ missed }) => number(missed, locale) },
    { head: _`Failure rate`, num: true, cell: ({ missed, sent }) => share(missed, sent, locale) },
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
        <Kpi label={_`Sent a second`} value={rate(health.sendsPerSecond, locale)}>
          {_`during the last minute`}
        </Kpi>
        <Kpi label={_`Waiting to be sent`} value={number(health.waiting.transactional + health.waiting.marketing, locale)}>
          {_`transactional: ${number(health.waiting.transactional, locale)}`}
        </Kpi>
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
            folds
            rows={health.carriers}
            rowKey={({ id }) => id}
            columns={[
              {
                head: _`Carrier account`,
                wide: true,
                fold: 'lead',
                cell: ({ id, name }) => <a href={`/operators/carriers/${id}`}>{name}</a>,
              },
              {
                head: _`Sent a second`,
                num: true,
                cell: ({ sendsPerSecond, perSecond }) => `${rate(sendsPerSecond, locale)} / ${number(perSecond, locale)}`,
              },
              ...columns(),
              { head: _`Receipts after (half · 95 %)`, num: true, cell: ({ lag }) => receiptLagText(lag) },
            ]}
          />
        )}
      </section>
      <section class="card" aria-label={_`Queues`}>
        <Table
          caption={_`Queues`}
          folds
          rows={health.queues}
          rowKey={({ name }) => name}
          columns={[
            { head: _`Queue`, wide: true, fold: 'lead', cell: ({ name }) => queueLabel(name) },
            { head: _`Jobs waiting`, num: true, cell: ({ messages }) => (messages === null ? '—' : number(messages, locale)) },
            { head: _`The oldest since`, num: true, cell: ({ oldestAt }) => momentOrDash(oldestAt, 'second', timeZone) },
          ]}
        />
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
