import { component$ } from '@builder.io/qwik';
import { routeAction$, routeLoader$, useLocation, type DocumentHead } from '@builder.io/qwik-city';
import { _ } from 'compiled-i18n';
import { PAGE_ROWS } from '../../../../schema/limits';
import { MESSAGE_STATES, TRAFFIC_KINDS } from '../../../../schema/states';
import { readLogQuery } from '../../../../workers/rules/log-query';
import { Badge } from '../../../components/badge';
import { EmptyState } from '../../../components/empty-state';
import { SelectField, TextField } from '../../../components/field';
import { ExportForm } from '../../../components/export-form';
import { FilterBar, type ActiveFilter } from '../../../components/filter-bar';
import { LegacyHead } from '../../../components/legacy-head';
import { Note } from '../../../components/note';
import { Pager } from '../../../components/pager';
import { Pick } from '../../../components/pick';
import { Table } from '../../../components/table';
import { countryOptions } from '../../../lib/country-options';
import { price } from '../../../lib/amounts';
import { number, phone } from '../../../lib/numbers';
import { moment } from '../../../lib/times';
import { messageStateLabel, trafficKindLabel } from '../../../lib/labels';
import { asMessageState, filterQuery, shownMessage } from '../../../lib/log-source';
import { postedFormat } from '../../../lib/export-choice';
import { attempt } from '../../../lib/outcome';
import { actionPath, datasetOf, LEGACY, withoutValue, withQuery } from '../../../lib/paths';
import { actorOf, localeOf, servicesOf } from '../../../lib/platform';
import { userOptions } from '../../../lib/user-options';

export const useLog = routeLoader$(async (event) => {
  const actor = actorOf(event);
  const locale = localeOf(event);
  const dataset = datasetOf(event.url.pathname);
  const [tried, users] = await Promise.all([
    attempt(event, async () =>
      servicesOf(event).log(actor, readLogQuery(filterQuery(event), actor.timeZone), event.query.get('cursor'), PAGE_ROWS, dataset),
    ),
    userOptions(event),
  ]);
  const page = 'done' in tried ? tried.done : { rows: [], cursor: null };
  return {
    rows: page.rows.map((row) => shownMessage(row, locale)),
    cursor: page.cursor,
    refusal: 'refused' in tried ? tried.refused : null,
    countries: countryOptions(locale),
    users,
    isPast: dataset === 'legacy',
    locale,
    timeZone: actor.timeZone,
  };
});

/** The filter is in the address that the form posts to, so what is exported is what is seen. */
export const useExport = routeAction$(async (form, event) => {
  const actor = actorOf(event);
  const tried = await attempt(event, async () =>
    servicesOf(event).startExport(actor, {
      kind: 'log',
      format: postedFormat(form),
      filter: { ...readLogQuery(filterQuery(event), actor.timeZone), dataset: datasetOf(event.url.pathname) },
      bom: true,
    }),
  );
  if ('refused' in tried) return tried.refused;
  throw event.redirect(303, '/downloads');
});

const FURTHER = ['message', 'task', 'taskName', 'user', 'kind', 'from', 'key'] as const;
const TEXT_FILTERS = ['to', 'message', 'task', 'taskName', 'from', 'key'] as const;

export default component$(() => {
  const { rows, cursor, refusal, isPast, countries, users, locale, timeZone } = useLog().value;
  const start = useExport();
  const { url } = useLocation();
  const query = url.searchParams;
  const value = (name: string): string => query.get(name) ?? '';
  const errors = refusal?.fields ?? {};
  const labels = { to: 'To', message: 'Message Id', task: _`Task ID`, taskName: _`Task name`, from: 'From', key: _`Key` };
  const drop = (name: string): string => withQuery(url, { [name]: null, cursor: null });
  const active: ActiveFilter[] = [
    ...(value('receivedFrom') === '' ? [] : [{ text: _`from ${value('receivedFrom').replace('T', ' ')}`, without: drop('receivedFrom') }]),
    ...(value('receivedUntil') === ''
      ? []
      : [{ text: _`until ${value('receivedUntil').replace('T', ' ')}`, without: drop('receivedUntil') }]),
    ...TEXT_FILTERS.filter((name) => value(name) !== '').map((name) => ({ text: `${labels[name]}: ${value(name)}`, without: drop(name) })),
    ...users.filter((option) => option.value === value('user')).map(({ label }) => ({ text: label, without: drop('user') })),
    ...query
      .getAll('country')
      .filter((code) => code !== '')
      .map((code) => ({
        text: countries.find((option) => option.value === code)?.label ?? code,
        without: withoutValue(url, 'country', code),
      })),
    ...query.getAll('state').flatMap((text) => {
      const state = asMessageState(text);
      return state ? [{ text: messageStateLabel(state).text, without: withoutValue(url, 'state', state) }] : [];
    }),
    ...TRAFFIC_KINDS.filter((kind) => kind === value('kind')).map((kind) => ({ text: trafficKindLabel(kind), without: drop('kind') })),
  ];
  return (
    <>
      {isPast ? (
        <LegacyHead tab="log">
          <ExportForm action={actionPath(start.actionPath, url)} kinds={['log']} />
        </LegacyHead>
      ) : (
        <div class="head">
          <div class="grow">
            <h1>{_`Message log`}</h1>
            <span class="muted">{_`Every message, by console and by API, newest first.`}</span>
          </div>
          <ExportForm action={actionPath(start.actionPath, url)} kinds={['log']} />
        </div>
      )}
      {start.value && <Note tone="bad">{start.value.message}</Note>}
      {refusal && <Note tone="bad">{refusal.message}</Note>}
      <FilterBar
        action={isPast ? LEGACY : '/logs'}
        active={active}
        furtherOpen={FURTHER.some((name) => value(name) !== '')}
        further={
          <>
            <TextField name="message" label="Message Id" value={value('message')} error={errors['message']} />
            <TextField name="task" label={_`Task ID`} value={value('task')} placeholder="T-" error={errors['task']} />
            <TextField name="taskName" label={_`Task name`} value={value('taskName')} error={errors['taskName']} />
            {!isPast && (
              <SelectField name="user" label={_`User`} value={value('user')} options={[{ value: '', label: _`All` }, ...users]} />
            )}
            <SelectField
              name="kind"
              label={_`Kind`}
              value={value('kind')}
              options={[{ value: '', label: _`All` }, ...TRAFFIC_KINDS.map((kind) => ({ value: kind, label: trafficKindLabel(kind) }))]}
            />
            <TextField name="from" label="From" value={value('from')} error={errors['from']} />
            <TextField name="key" label={_`Key`} value={value('key')} error={errors['key']} />
          </>
        }
      >
        <TextField
          name="receivedFrom"
          label={_`Received from`}
          type="datetime-local"
          value={value('receivedFrom')}
          error={errors['receivedFrom']}
        />
        <TextField
          name="receivedUntil"
          label={_`Received until`}
          type="datetime-local"
          value={value('receivedUntil')}
          error={errors['receivedUntil']}
        />
        <TextField name="to" label={_`Recipient (To)`} value={value('to')} error={errors['to']} inputMode="tel" placeholder="+55 11 9…" />
        <Pick
          name="country"
          label={_`Country or region`}
          options={countries}
          chosen={query.getAll('country')}
          seek={_`Search countries`}
          error={errors['country']}
        />
        <Pick
          name="state"
          label={_`State`}
          chosen={query.getAll('state')}
          options={MESSAGE_STATES.map((state) => ({ value: state, label: messageStateLabel(state).text }))}
        />
      </FilterBar>
      <section class="card" aria-label={_`Messages`}>
        {rows.length === 0 ? (
          <EmptyState
            icon="search"
            title={cursor !== null ? _`Nothing found so far` : active.length > 0 ? _`No message matches these filters` : _`No messages yet`}
          >
            {cursor !== null && <span>{_`The log is long; the search goes on on the next page.`}</span>}
          </EmptyState>
        ) : (
          <Table
            caption={_`Message log`}
            folds
            rows={rows}
            rowKey={({ id }) => id}
            columns={[
              {
                head: _`Received`,
                fold: 'lead',
                cell: ({ receivedAt }) => (
                  <time class="mono" dateTime={new Date(receivedAt).toISOString()}>
                    {moment(receivedAt, isPast ? 'second' : 'brief', timeZone)}
                  </time>
                ),
              },
              {
                head: 'Message Id',
                cell: ({ id }) => (
                  <a class="mono" href={`${isPast ? `${LEGACY}/messages` : '/logs'}/${encodeURIComponent(id)}`}>
                    {id}
                  </a>
                ),
              },
              {
                head: _`Task`,
                fold: 'blank',
                cell: ({ task, taskName }) =>
                  task === null ? (
                    <span class="muted">{isPast ? '—' : 'API'}</span>
                  ) : (
                    <a href={isPast ? `${LEGACY}/tasks?id=${encodeURIComponent(task)}` : `/tasks/${task}`}>{taskName ?? task}</a>
                  ),
              },
              {
                head: _`Country or region`,
                cell: ({ countryName, otherName }) => (
                  <span title={otherName}>
                    {countryName} <span class="muted roomy">{otherName}</span>
                  </span>
                ),
              },
              { head: 'From', fold: 'blank', cell: ({ from }) => from },
              { head: 'To', cell: ({ to }) => <span class="mono">{phone(to)}</span> },
              {
                head: _`State and error`,
                wide: 'slim',
                cell: ({ state, errorText }) => (
                  <span>
                    <Badge label={messageStateLabel(state)} />
                    {errorText && <span class="sub">{errorText}</span>}
                  </span>
                ),
              },
              { head: _`Parts`, num: true, fold: 'blank', cell: ({ parts }) => number(parts, locale) },
              { head: _`Cost`, num: true, cell: ({ priceMicros }) => price(priceMicros, locale) },
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

export const head: DocumentHead = () => ({ title: _`Message log` });
