import { component$ } from '@builder.io/qwik';
import { routeAction$, routeLoader$, useLocation, type DocumentHead } from '@builder.io/qwik-city';
import { _ } from 'compiled-i18n';
import { EmptyState } from '../../../../components/empty-state';
import { ExportForm } from '../../../../components/export-form';
import { TextField } from '../../../../components/field';
import { FilterBar } from '../../../../components/filter-bar';
import { LegacyHead } from '../../../../components/legacy-head';
import { Note } from '../../../../components/note';
import { Pager } from '../../../../components/pager';
import { Table } from '../../../../components/table';
import { money } from '../../../../lib/amounts';
import { postedFormat } from '../../../../lib/export-choice';
import { number } from '../../../../lib/numbers';
import { attempt } from '../../../../lib/outcome';
import { actionPath, withQuery } from '../../../../lib/paths';
import { actorOf, localeOf, servicesOf } from '../../../../lib/platform';
import { readLegacyTaskQuery } from '../../../../lib/task-query';
import { moment, momentOrDash } from '../../../../lib/times';

export const useLegacyTasks = routeLoader$(async (event) => {
  const actor = actorOf(event);
  const tried = await attempt(event, () => servicesOf(event).legacyTasks(actor, readLegacyTaskQuery(event.query, actor)));
  const page = 'done' in tried ? tried.done : { rows: [], cursor: null };
  return {
    ...page,
    refused: 'refused' in tried ? tried.refused.message : null,
    locale: localeOf(event),
    timeZone: actor.timeZone,
  };
});

/** The filter is in the address that the form posts to, so what is exported is what is seen. */
export const useExport = routeAction$(async (form, event) => {
  const actor = actorOf(event);
  const { cursor: _cursor, ...filter } = readLegacyTaskQuery(event.query, actor);
  const tried = await attempt(event, () =>
    servicesOf(event).startExport(actor, {
      kind: 'tasks',
      format: postedFormat(form),
      filter: { ...filter, dataset: 'legacy' },
      bom: true,
    }),
  );
  if ('refused' in tried) return tried.refused;
  throw event.redirect(303, '/downloads');
});

export default component$(() => {
  const { rows, cursor, refused, locale, timeZone } = useLegacyTasks().value;
  const start = useExport();
  const { url } = useLocation();
  const query = url.searchParams;
  const value = (name: string): string => query.get(name) ?? '';
  const labels: Readonly<Record<string, (text: string) => string>> = {
    id: (text) => text,
    name: (text) => text,
    from: (text) => _`from ${text}`,
    until: (text) => _`until ${text}`,
  };
  const active = Object.entries(labels)
    .filter(([name]) => value(name) !== '')
    .map(([name, label]) => ({ text: label(value(name)), without: withQuery(url, { [name]: null, cursor: null }) }));
  return (
    <>
      <LegacyHead tab="tasks">
        <ExportForm action={actionPath(start.actionPath, url)} kinds={['tasks']} />
      </LegacyHead>
      {start.value && <Note tone="bad">{start.value.message}</Note>}
      {refused !== null && <Note tone="bad">{refused}</Note>}
      <FilterBar action="/legacy/tasks" active={active}>
        <TextField name="id" label={_`Task ID`} value={value('id')} />
        <TextField name="name" label={_`Task name`} value={value('name')} />
        <TextField name="from" label={_`Created from`} type="date" value={value('from')} />
        <TextField name="until" label={_`Created until`} type="date" value={value('until')} />
      </FilterBar>
      <section class="card" aria-label={_`Tasks`}>
        {rows.length === 0 ? (
          <EmptyState title={active.length > 0 ? _`No task matches these filters` : _`No tasks of the old platform were imported`} />
        ) : (
          <Table
            caption={_`Task statistics`}
            folds
            rows={rows}
            rowKey={({ id }) => id}
            columns={[
              {
                head: _`Task, ID and user`,
                wide: true,
                fold: 'lead',
                cell: ({ id, name, userName }) => (
                  <>
                    <a href={`/legacy?task=${encodeURIComponent(id)}`}>
                      <b>{name}</b>
                    </a>
                    <span class="sub">
                      <span class="mono">{id}</span>
                      {userName !== '' && ` · ${userName}`}
                    </span>
                  </>
                ),
              },
              { head: _`Task state`, cell: ({ state }) => (state === '' ? '—' : state) },
              { head: _`Messages`, num: true, cell: ({ messages }) => number(messages, locale) },
              { head: _`Messages sent`, num: true, cell: ({ sent }) => number(sent, locale) },
              { head: _`Messages delivered`, num: true, cell: ({ delivered }) => number(delivered, locale) },
              { head: _`Messages failed`, num: true, cell: ({ failed }) => number(failed, locale) },
              { head: _`Cost statistics`, num: true, cell: ({ costMicros }) => money(costMicros, locale) },
              {
                head: _`Created and sent at`,
                num: true,
                cell: ({ createdAt, startedAt }) => (
                  <span>
                    <time dateTime={new Date(createdAt).toISOString()}>{moment(createdAt, 'minute', timeZone)}</time>
                    <span class="sub">{momentOrDash(startedAt, 'minute', timeZone)}</span>
                  </span>
                ),
              },
            ]}
          />
        )}
        <Pager
          first={query.has('cursor') ? withQuery(url, { cursor: null }) : null}
          next={cursor === null ? null : withQuery(url, { cursor })}
        />
      </section>
    </>
  );
});

export const head: DocumentHead = () => ({ title: `${_`Data before July 2021`} · ${_`Task statistics`}` });
