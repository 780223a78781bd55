import { component$ } from '@builder.io/qwik';
import { routeLoader$, useLocation, type DocumentHead } from '@builder.io/qwik-city';
import { _ } from 'compiled-i18n';
import { Badge } from '../../../../components/badge';
import { EmptyState } from '../../../../components/empty-state';
import { TextField } from '../../../../components/field';
import { FilterBar } from '../../../../components/filter-bar';
import { Icon } from '../../../../components/icon';
import { Pager } from '../../../../components/pager';
import { Table } from '../../../../components/table';
import { switchLabel } from '../../../../lib/labels';
import { withQuery } from '../../../../lib/paths';
import { operatorOf, operatorServicesOf } from '../../../../lib/platform';
import { moment } from '../../../../lib/times';

export const useTenants = routeLoader$(async (event) => {
  const operator = operatorOf(event);
  const page = await operatorServicesOf(event).tenants(operator, event.query.get('name') ?? '', event.query.get('cursor'));
  return { ...page, timeZone: operator.timeZone };
});

export default component$(() => {
  const { rows, cursor, timeZone } = useTenants().value;
  const { url } = useLocation();
  const name = url.searchParams.get('name') ?? '';
  const active = name === '' ? [] : [{ text: name, without: '/operators/tenants' }];
  return (
    <>
      <div class="head">
        <div class="grow">
          <h1>{_`Tenants`}</h1>
        </div>
        <a class="btn primary" href="/operators/tenants/new">
          <Icon name="plus" />
          {_`Open an account`}
        </a>
      </div>
      <FilterBar action="/operators/tenants" active={active}>
        <TextField name="name" label={_`Company`} value={name} />
      </FilterBar>
      <section class="card" aria-label={_`Tenants`}>
        {rows.length === 0 ? (
          <EmptyState title={active.length > 0 ? _`No tenant matches these filters` : _`No tenants yet`} />
        ) : (
          <Table
            caption={_`Tenants`}
            folds
            rows={rows}
            rowKey={({ id }) => id}
            columns={[
              {
                head: _`Company`,
                wide: true,
                fold: 'lead',
                cell: (row) => (
                  <>
                    <a href={`/operators/tenants/${row.id}`}>
                      <b>{row.name}</b>
                    </a>
                    <span class="sub mono">{row.id}</span>
                  </>
                ),
              },
              { head: _`State`, cell: ({ enabled }) => <Badge label={switchLabel(enabled)} /> },
              { head: _`Created`, num: true, cell: ({ createdAt }) => moment(createdAt, 'minute', timeZone) },
              {
                head: _`Actions`,
                fold: 'whole',
                cell: ({ id }) => (
                  <div class="acts">
                    <a class="btn small" href={`/operators/tenants/${id}/users`}>{_`Users`}</a>
                    <a class="btn small" href={`/operators/tenants/${id}/keys`}>{_`Keys`}</a>
                  </div>
                ),
              },
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

export const head: DocumentHead = () => ({ title: _`Tenants` });
