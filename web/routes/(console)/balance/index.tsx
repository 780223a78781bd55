import { component$ } from '@builder.io/qwik';
import { routeLoader$, useLocation, type DocumentHead } from '@builder.io/qwik-city';
import { _ } from 'compiled-i18n';
import { Kpi } from '../../../components/kpi';
import { LedgerTable } from '../../../components/ledger-table';
import { Note } from '../../../components/note';
import { money } from '../../../lib/amounts';
import { attempt } from '../../../lib/outcome';
import { actorOf, localeOf, servicesOf } from '../../../lib/platform';

export const useBalance = routeLoader$(async (event) => {
  const actor = actorOf(event);
  const services = servicesOf(event);
  const [balance, ledger] = await Promise.all([
    services.balance(actor),
    attempt(event, () => services.ledger(actor, event.query.get('cursor'))),
  ]);
  return {
    balance,
    page: 'done' in ledger ? ledger.done : { rows: [], cursor: null },
    refused: 'refused' in ledger ? ledger.refused.message : null,
    locale: localeOf(event),
    timeZone: actor.timeZone,
  };
});

export default component$(() => {
  const { balance, page, refused, locale, timeZone } = useBalance().value;
  const { url } = useLocation();
  return (
    <>
      <div class="head">
        <div class="grow">
          <h1>{_`Balance`}</h1>
          <span class="muted">{_`A task reserves its estimated cost when it is confirmed, and gives back what it did not spend when it ends.`}</span>
        </div>
      </div>
      {refused !== null && <Note tone="bad">{refused}</Note>}
      <div class="kpis">
        <Kpi label={_`Balance`} value={money(balance.balanceMicros, locale)} />
        <Kpi label={_`Reserved`} value={money(balance.reservedMicros, locale)} />
        <Kpi label={_`Available balance`} value={money(balance.availableMicros, locale)} />
      </div>
      <LedgerTable page={page} url={url} locale={locale} timeZone={timeZone} linksTasks />
    </>
  );
});

export const head: DocumentHead = () => ({ title: _`Balance` });
