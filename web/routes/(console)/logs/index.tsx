import { component$ } from '@builder.io/qwik';
import { routeAction$, routeLoader$, useLocation, type DocumentHead } from '@builder.io/qwik-city';
import { _ } from 'compiled-i18n';
import { PAGE_ROWS } from '../../../../schema/limits';
import { MESSAGE_STATES, TRAFFIC_KINDS } from '../../../../schema/states';
import { readLogQuery } from '../../../../workers/rules/log-query';
import { EmptyState } from '../../../components/empty-state';
import { SelectField, TextField } from '../../../components/field';
import { ExportForm } from '../../../components/export-form';
import { FilterBar, filterText, type ActiveFilter } from '../../../components/filter-bar';
import { LegacyHead } from '../../../components/legacy-head';
import { LogTable } from '../../../components/log-table';
import { Note } from '../../../components/note';
import { Pager } from '../../../components/pager';
import { PeriodPicker } from '../../../components/period-picker';
import { Pick } from '../../../components/pick';
import { countryOptions } from '../../../lib/country-options';
import { messageStateLabel, trafficKindLabel } from '../../../lib/labels';
import { asMessageState, filterQuery, shownMessage } from '../../../lib/log-source';
import { postedFormat } from '../../../lib/export-choice';
import { attempt } from '../../../lib/outcome';
import { timedPeriods } from '../../../lib/periods';
import { actionPath, datasetOf, LEGACY, withoutValue, withQuery } from '../../../lib/paths';
import { actorOf, localeOf, servicesOf } from '../../../lib/platform';
import { userOptions } from '../../../lib/user-options';

export const useLog = routeLoader$(async (event) => {
  const actor = actorOf(event);
  const locale = localeOf(event);
  const dataset = datasetOf(event.url.pathname);
  const [tried, users, keys] = await Promise.all([
    attempt(event, async () =>
      servicesOf(event).log(actor, readLogQuery(filterQuery(event), actor.timeZone), event.query.get('cursor'), PAGE_ROWS, dataset),
    ),
    userOptions(event),
    servicesOf(event).keys.list(actor),
  ]);
  const page = 'done' in tried ? tried.done : { rows: [], cursor: null };
  return {
    rows: page.rows.map((row) => ({ ...shownMessage(row, locale), keyName: keys.find(({ id }) => id === row.key)?.name ?? null })),
    cursor: page.cursor,
    refusal: 'refused' in tried ? tried.refused : null,
    countries: countryOptions(locale),
    users,
    keys: keys.map(({ id, name }) => ({ value: id as string, label: name })),
    // The imported past has no today.
    periods: dataset === 'legacy' ? [] : timedPeriods(Date.now(), actor.timeZone),
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

/** Of `columns` in the address. */
const WHOLE = 'all';
const FURTHER = ['message', 'task', 'taskName', 'user', 'kind', 'from', 'key'] as const;
const TEXT_FILTERS = ['to', 'message', 'task', 'taskName', 'from'] as const;

export default component$(() => {
  const { rows, cursor, refusal, isPast, countries, users, keys, periods, locale, timeZone } = useLog().value;
  const start = useExport();
  const { url } = useLocation();
  const query = url.searchParams;
  const value = (name: string): string => query.get(name) ?? '';
  const errors = refusal?.fields ?? {};
  const labels = { to: 'To', message: 'Message Id', task: _`Task ID`, taskName: _`Task name`, from: 'From' };
  const whole = value('columns') === WHOLE;
  const drop = (name: string): string => withQuery(url, { [name]: null, cursor: null });
  const active: ActiveFilter[] = [
    ...(value('receivedFrom') === '' ? [] : [{ text: _`from ${value('receivedFrom').replace('T', ' ')}`, without: drop('receivedFrom') }]),
    ...(value('receivedUntil') === ''
      ? []
      : [{ text: _`until ${value('receivedUntil').replace('T', ' ')}`, without: drop('receivedUntil') }]),
    ...TEXT_FILTERS.filter((name) => value(name) !== '').map((name) => ({
      text: filterText(labels[name], value(name)),
      without: drop(name),
    })),
    ...users
      .filter((option) => option.value === value('user'))
      .map(({ label }) => ({ text: filterText(_`User`, label), without: drop('user') })),
    ...keys
      .filter((option) => option.value === value('key'))
      .map(({ label }) => ({ text: filterText(_`Key`, label), without: drop('key') })),
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
            {!isPast && <SelectField name="key" label={_`Key`} value={value('key')} options={[{ value: '', label: _`All` }, ...keys]} />}
          </>
        }
      >
        {whole && <input type="hidden" name="columns" value={WHOLE} />}
        <PeriodPicker
          url={url}
          periods={periods}
          type="datetime-local"
          from={{ name: 'receivedFrom', label: _`Received from`, error: errors['receivedFrom'] }}
          until={{ name: 'receivedUntil', label: _`Received until`, error: errors['receivedUntil'] }}
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
      <section class="card" aria-labelledby="messages-title">
        <div class="title">
          <h2 id="messages-title">{_`Messages`}</h2>
          <a href={withQuery(url, { columns: whole ? null : WHOLE })}>{whole ? _`Fewer columns` : _`All columns`}</a>
        </div>
        {rows.length === 0 ? (
          <EmptyState
            icon="search"
            title={cursor !== null ? _`Nothing found so far` : active.length > 0 ? _`No message matches these filters` : _`No messages yet`}
          >
            {cursor !== null && <span>{_`The log is long; the search goes on on the next page.`}</span>}
          </EmptyState>
        ) : (
          <LogTable rows={rows} isPast={isPast} whole={whole} locale={locale} timeZone={timeZone} />
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
