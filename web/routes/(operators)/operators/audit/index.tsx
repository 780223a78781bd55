import { component$ } from '@builder.io/qwik';
import { routeLoader$, useLocation, type DocumentHead } from '@builder.io/qwik-city';
import { _ } from 'compiled-i18n';
import type { TenantId } from '../../../../../schema/ids';
import { EmptyState } from '../../../../components/empty-state';
import { TextField } from '../../../../components/field';
import { FilterBar, filterText } from '../../../../components/filter-bar';
import { Pager } from '../../../../components/pager';
import { PeriodPicker } from '../../../../components/period-picker';
import { Table } from '../../../../components/table';
import { namedPeriods, readPeriod } from '../../../../lib/periods';
import { withQuery } from '../../../../lib/paths';
import { operatorOf, operatorServicesOf } from '../../../../lib/platform';
import { moment } from '../../../../lib/times';

export const useAudit = routeLoader$(async (event) => {
  const operator = operatorOf(event);
  const tenant = (event.query.get('tenant') ?? '').trim() as TenantId;
  const action = (event.query.get('action') ?? '').trim();
  const who = (event.query.get('who') ?? '').trim();
  const { from, until } = readPeriod(event.query, operator.timeZone);
  const wish = {
    ...(tenant && { tenant }),
    ...(action && { action }),
    ...(who && { who }),
    ...(from && { from }),
    ...(until && { until }),
  };
  const { rows, cursor } = await operatorServicesOf(event).audit(operator, wish, event.query.get('cursor'));
  const text = (value: unknown): string => (value === null || value === undefined ? '' : JSON.stringify(value));
  return {
    rows: rows.map((row) => ({ ...row, before: text(row.before), after: text(row.after) })),
    cursor,
    periods: namedPeriods(Date.now(), operator.timeZone),
    timeZone: operator.timeZone,
  };
});

export default component$(() => {
  const { rows, cursor, periods, timeZone } = useAudit().value;
  const { url } = useLocation();
  const value = (name: string): string => url.searchParams.get(name) ?? '';
  const labels: Readonly<Record<string, (text: string) => string>> = {
    tenant: (text) => text,
    action: (text) => text,
    who: (text) => filterText(_`Who`, text),
    from: (text) => _`from ${text}`,
    until: (text) => _`until ${text}`,
  };
  const active = Object.entries(labels)
    .filter(([name]) => value(name) !== '')
    .map(([name, label]) => ({ text: label(value(name)), without: withQuery(url, { [name]: null, cursor: null }) }));
  return (
    <>
      <h1>{_`Audit log`}</h1>
      <FilterBar action="/operators/audit" active={active}>
        <PeriodPicker
          url={url}
          periods={periods}
          from={{ name: 'from', label: _`From day` }}
          until={{ name: 'until', label: _`Until day` }}
        />
        <TextField name="who" label={_`Who`} value={value('who')} />
        <TextField name="tenant" label={_`Tenant`} value={value('tenant')} placeholder="tn_" />
        <TextField name="action" label={_`Action`} value={value('action')} placeholder="key_changed" />
      </FilterBar>
      <section class="card" aria-label={_`Audit log`}>
        {rows.length === 0 ? (
          <EmptyState title={active.length > 0 ? _`Nothing matches these filters` : _`Nothing was recorded yet`} />
        ) : (
          <Table
            caption={_`Audit log`}
            folds
            rows={rows}
            rowKey={({ id }) => String(id)}
            columns={[
              {
                head: _`Action`,
                fold: 'lead',
                cell: ({ action, subject }) => (
                  <>
                    <b class="mono">{action}</b>
                    <span class="sub mono">{subject}</span>
                  </>
                ),
              },
              {
                head: _`Who`,
                cell: ({ who, byOperator, tenant }) => (
                  <>
                    {`${who ?? 'JMC'}${byOperator ? ` (${_`operator`})` : ''}`}
                    {tenant !== null && <span class="sub mono">{tenant}</span>}
                  </>
                ),
              },
              {
                head: _`Before and after`,
                wide: true,
                fold: 'whole',
                cell: ({ before, after }) =>
                  before === '' && after === '' ? (
                    '—'
                  ) : (
                    <>
                      <span class="sub mono asis">{before}</span>
                      <span class="sub mono asis">{after}</span>
                    </>
                  ),
              },
              { head: _`From`, cell: ({ address }) => (address === '' ? '—' : <span class="mono">{address}</span>) },
              { head: _`Time`, num: true, cell: ({ at }) => moment(at, 'second', timeZone) },
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

export const head: DocumentHead = () => ({ title: _`Audit log` });
