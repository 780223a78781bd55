import { component$ } from '@builder.io/qwik';
import { routeLoader$, useLocation, type DocumentHead } from '@builder.io/qwik-city';
import { _ } from 'compiled-i18n';
import type { LegacyImportItem } from '../../../../../schema/operators';
import { Badge } from '../../../../components/badge';
import { EmptyState } from '../../../../components/empty-state';
import { Pager } from '../../../../components/pager';
import { Table } from '../../../../components/table';
import { legacyFileLabel, legacyRefusalLabel, legacyRunLabel } from '../../../../lib/labels';
import { number } from '../../../../lib/numbers';
import { withQuery } from '../../../../lib/paths';
import { localeOf, operatorOf, operatorServicesOf } from '../../../../lib/platform';
import { moment } from '../../../../lib/times';

export const useLegacyImports = routeLoader$(async (event) => {
  const operator = operatorOf(event);
  const page = await operatorServicesOf(event).legacyImports(operator, event.query.get('cursor'));
  return { ...page, locale: localeOf(event), timeZone: operator.timeZone };
});

const COMMAND = 'npm run legacy:import -- --tenant tn_… --dry-run messages.csv tasks.csv';

const RefusedRows = ({ named, refused }: Pick<LegacyImportItem, 'named' | 'refused'>) => (
  <details>
    <summary>{_`${refused} refused`}</summary>
    <ul class="refused">
      {named.map(({ row, column, reason }) => (
        <li key={`${row} ${column}`}>
          {_`Row ${row}`} · <span class="mono">{column}</span> · {legacyRefusalLabel(reason)}
        </li>
      ))}
    </ul>
    {refused > named.length && <p class="muted">{_`The command’s own report names all of them.`}</p>}
  </details>
);

export default component$(() => {
  const { rows, cursor, locale, timeZone } = useLegacyImports().value;
  const { url } = useLocation();
  return (
    <>
      <div class="head">
        <div class="grow">
          <h1>{_`Import of data before July 2021`}</h1>
          <span class="muted">{_`Messages and tasks of the old platform, per tenant; they then stand under “Data before July 2021” of its console.`}</span>
        </div>
      </div>
      <section class="card" aria-labelledby="how-title">
        <div class="title">
          <h2 id="how-title">{_`How it is done`}</h2>
        </div>
        <div class="in fields">
          <p>{_`On a machine with the platform’s source and a Cloudflare login. A dry run first reads and judges every row and writes nothing; without --dry-run it is imported. What was imported before is passed over, so a run that broke off is simply made again.`}</p>
          <pre class="exchange">{COMMAND}</pre>
          <p class="muted">{_`Columns and rules: docs/legacy-import.md. Every refused row is written to refused.csv with its number, column and reason.`}</p>
        </div>
      </section>
      <section class="card" aria-label={_`Runs`}>
        {rows.length === 0 ? (
          <EmptyState title={_`Nothing was imported yet`} />
        ) : (
          <Table
            caption={_`Runs`}
            folds
            rows={rows}
            rowKey={({ id }) => String(id)}
            columns={[
              {
                head: _`File`,
                wide: true,
                fold: 'lead',
                cell: ({ fileName, kind }) => (
                  <>
                    <b class="asis">{fileName}</b>
                    <span class="sub">{legacyFileLabel(kind)}</span>
                  </>
                ),
              },
              { head: _`Tenant`, cell: ({ tenant, tenantName }) => <a href={`/operators/tenants/${tenant}`}>{tenantName}</a> },
              { head: _`State`, cell: ({ state }) => <Badge label={legacyRunLabel(state)} /> },
              { head: _`Imported`, num: true, cell: ({ accepted }) => number(accepted, locale) },
              { head: _`Known from before`, num: true, cell: ({ known }) => number(known, locale) },
              {
                head: _`Refused`,
                cell: ({ named, refused }) =>
                  named.length === 0 ? number(refused, locale) : <RefusedRows named={named} refused={refused} />,
              },
              { head: _`Started`, num: true, cell: ({ startedAt }) => moment(startedAt, 'minute', timeZone) },
            ]}
          />
        )}
        <Pager
          first={url.searchParams.has('cursor') ? withQuery(url, { cursor: null }) : null}
          next={cursor === null ? null : withQuery(url, { cursor })}
        />
      </section>
    </>
  );
});

export const head: DocumentHead = () => ({ title: _`Import of data before July 2021` });
