import { component$ } from '@builder.io/qwik';
import { routeLoader$, useLocation, type DocumentHead } from '@builder.io/qwik-city';
import { _ } from 'compiled-i18n';
import { maySend } from '../../../../schema/console';
import { parseTemplate } from '../../../../workers/rules/text-variables';
import { EmptyState } from '../../../components/empty-state';
import { TextField } from '../../../components/field';
import { FilterBar } from '../../../components/filter-bar';
import { Icon } from '../../../components/icon';
import { Note } from '../../../components/note';
import { Pager } from '../../../components/pager';
import { Table } from '../../../components/table';
import { textFacts } from '../../../lib/message-text';
import { withQuery } from '../../../lib/paths';
import { listed } from '../../../lib/labels';
import { number } from '../../../lib/numbers';
import { actorOf, localeOf, servicesOf } from '../../../lib/platform';
import { moment } from '../../../lib/times';

export const useTemplates = routeLoader$(async (event) => {
  const actor = actorOf(event);
  const search = event.query.get('search')?.trim() ?? '';
  const { rows, cursor } = await servicesOf(event).templates.list(actor, search, event.query.get('cursor'));
  return {
    rows: rows.map(({ id, name, body, samples, updatedAt }) => {
      const { encoding, characters, parts } = textFacts(body, 'auto', samples);
      return { id, name, body, updatedAt, encoding, characters, parts, variables: [...new Set(parseTemplate(body).names)] };
    }),
    cursor,
    search,
    removed: event.query.has('removed'),
    mayChange: maySend(actor),
    locale: localeOf(event),
    timeZone: actor.timeZone,
  };
});

export default component$(() => {
  const { rows, cursor, search, removed, mayChange, locale, timeZone } = useTemplates().value;
  const { url } = useLocation();
  return (
    <>
      <div class="head">
        <div class="grow">
          <h1>{_`International templates`}</h1>
          <span class="muted">{_`Texts that the task form offers, and that calls of the API name by their template_id.`}</span>
        </div>
        {mayChange && (
          <a class="btn primary" href="/templates/new">
            <Icon name="plus" />
            {_`New template`}
          </a>
        )}
      </div>
      {removed && <Note tone="ok">{_`The template was deleted.`}</Note>}
      <FilterBar
        action="/templates"
        active={search === '' ? [] : [{ text: search, without: withQuery(url, { search: null, cursor: null, removed: null }) }]}
      >
        <TextField name="search" label={_`Name or text`} value={search} maxLength={100} />
      </FilterBar>
      <section class="card" aria-label={_`International templates`}>
        {rows.length === 0 ? (
          <EmptyState icon="pen" title={search === '' ? _`No templates yet` : _`Nothing found`}>
            <span>
              {search === ''
                ? _`Keep a text here that you send again and again; its variables are filled from the file of a task.`
                : _`Search for less, or clear the search.`}
            </span>
          </EmptyState>
        ) : (
          <Table
            caption={_`International templates`}
            folds
            rows={rows}
            rowKey={({ id }) => id}
            columns={[
              {
                head: _`Template`,
                wide: true,
                fold: 'lead',
                cell: ({ id, name, body }) => (
                  <>
                    <a href={`/templates/${id}`}>
                      <b>{name}</b>
                    </a>
                    <span class="sub">{body}</span>
                  </>
                ),
              },
              { head: _`Variables`, cell: ({ variables }) => (variables.length === 0 ? '—' : listed(variables)) },
              {
                head: _`Encoding`,
                cell: ({ encoding }) => <span class={['badge', encoding === 'GSM-7' ? 'ok' : 'warn']}>{encoding}</span>,
              },
              { head: _`Characters`, num: true, cell: ({ characters }) => number(characters, locale) },
              { head: _`Parts`, num: true, cell: ({ parts }) => number(parts, locale) },
              { head: _`Changed`, num: true, cell: ({ updatedAt }) => moment(updatedAt, 'minute', timeZone) },
            ]}
          />
        )}
        <Pager
          first={url.searchParams.has('cursor') ? withQuery(url, { cursor: null }) : null}
          next={cursor === null ? null : withQuery(url, { cursor, removed: null })}
        />
      </section>
    </>
  );
});

export const head: DocumentHead = () => ({ title: _`International templates` });
