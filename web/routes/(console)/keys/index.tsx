import { component$ } from '@builder.io/qwik';
import { routeLoader$, type DocumentHead } from '@builder.io/qwik-city';
import { _ } from 'compiled-i18n';
import { Badge } from '../../../components/badge';
import { EmptyState } from '../../../components/empty-state';
import { Table } from '../../../components/table';
import { switchLabel, trafficKindLabel } from '../../../lib/labels';
import { number } from '../../../lib/numbers';
import { actorOf, localeOf, servicesOf } from '../../../lib/platform';
import { momentOrDash } from '../../../lib/times';

export const useKeys = routeLoader$(async (event) => {
  const actor = actorOf(event);
  return { rows: await servicesOf(event).keys.list(actor), locale: localeOf(event), timeZone: actor.timeZone };
});

export default component$(() => {
  const { rows, locale, timeZone } = useKeys().value;
  return (
    <>
      <div class="head">
        <div class="grow">
          <h1>{_`Keys`}</h1>
          <span class="muted">{_`What your servers sign in with. Our service team opens new ones for you.`}</span>
        </div>
        <a class="btn" href="/docs/api" target="_blank">
          {_`API reference`}
          <span class="unseen">{_`(opens in a new tab)`}</span>
        </a>
      </div>
      <section class="card" aria-label={_`Keys`}>
        {rows.length === 0 ? (
          <EmptyState icon="key" title={_`No keys yet`} />
        ) : (
          <Table
            caption={_`Keys`}
            folds
            rows={rows}
            rowKey={({ id }) => id}
            columns={[
              {
                head: _`Key`,
                wide: true,
                fold: 'lead',
                cell: ({ id, name }) => (
                  <>
                    <a href={`/keys/${id}`}>
                      <b>{name}</b>
                    </a>
                    <span class="sub mono">{id}</span>
                  </>
                ),
              },
              {
                head: _`Kind`,
                cell: ({ kind, test }) => (
                  <span class="bar">
                    {trafficKindLabel(kind)}
                    {test && <span class="badge wait">{_`Test key`}</span>}
                  </span>
                ),
              },
              { head: _`State`, cell: ({ enabled }) => <Badge label={switchLabel(enabled)} /> },
              { head: _`Requests a second`, num: true, cell: ({ perSecond }) => number(perSecond, locale) },
              { head: _`Secrets`, num: true, cell: ({ secrets }) => number(secrets.length, locale) },
              { head: _`Last use`, num: true, cell: ({ usedAt }) => momentOrDash(usedAt, 'minute', timeZone) },
            ]}
          />
        )}
      </section>
      <section class="card" aria-labelledby="get-title">
        <div class="title">
          <h2 id="get-title">{_`How to get a key`}</h2>
        </div>
        <div class="in stack">
          <p>{_`Our service team opens keys. Tell them what it is for:`}</p>
          <ul class="points">
            <li>{_`marketing: campaigns, by task or by API; opt-outs go on its blacklist`}</li>
            <li>{_`transactional: one-time codes and notices, by API only, sent before all marketing`}</li>
            <li>{_`the countries it sends to, the messages a second and a day, and the IP addresses of your servers`}</li>
          </ul>
          <p class="muted">
            {_`The first secret comes from them; here an owner makes further ones and ends old ones.`}{' '}
            {_`A test key goes the whole way, costs nothing and reaches nobody.`}
          </p>
        </div>
      </section>
    </>
  );
});

export const head: DocumentHead = () => ({ title: _`Keys` });
