import { component$ } from '@builder.io/qwik';
import { routeAction$, routeLoader$, useLocation, type DocumentHead } from '@builder.io/qwik-city';
import { _ } from 'compiled-i18n';
import { maySend, type TaskListItem } from '../../../../schema/console';
import type { TaskId } from '../../../../schema/ids';
import { TASK_STATES } from '../../../../schema/states';
import { countryName } from '../../../../workers/rules/countries';
import { Badge } from '../../../components/badge';
import { EmptyState } from '../../../components/empty-state';
import { SelectField, TextField } from '../../../components/field';
import { ExportForm } from '../../../components/export-form';
import { FilterBar } from '../../../components/filter-bar';
import { Icon } from '../../../components/icon';
import { Note } from '../../../components/note';
import { Pager } from '../../../components/pager';
import { PeriodPicker } from '../../../components/period-picker';
import { Table } from '../../../components/table';
import { TaskActions } from '../../../components/task-actions';
import { TaskProgress } from '../../../components/task-progress';
import { countryOptions } from '../../../lib/country-options';
import { money } from '../../../lib/amounts';
import { number } from '../../../lib/numbers';
import { moment } from '../../../lib/times';
import { posted } from '../../../lib/forms';
import { taskStateLabel } from '../../../lib/labels';
import { postedFormat } from '../../../lib/export-choice';
import { attempt, refuseFields } from '../../../lib/outcome';
import { namedPeriods } from '../../../lib/periods';
import { actionPath, withQuery } from '../../../lib/paths';
import { actorOf, localeOf, servicesOf } from '../../../lib/platform';
import { readTaskQuery } from '../../../lib/task-query';
import { userOptions } from '../../../lib/user-options';

export const useTasks = routeLoader$(async (event) => {
  const actor = actorOf(event);
  const locale = localeOf(event);
  const [tried, users] = await Promise.all([
    attempt(event, () => servicesOf(event).tasks(actor, readTaskQuery(event.query, actor))),
    userOptions(event),
  ]);
  const page = 'done' in tried ? tried.done : { rows: [], cursor: null };
  const mayAct = maySend(actor);
  return {
    rows: page.rows.map((row) => ({
      ...row,
      actions: mayAct ? row.actions : [],
      countryNames: row.countries.map((country) => countryName(country, locale)),
    })),
    cursor: page.cursor,
    refused: 'refused' in tried ? tried.refused.message : null,
    countries: countryOptions(locale),
    users,
    periods: namedPeriods(Date.now(), actor.timeZone),
    locale,
    timeZone: actor.timeZone,
    mayAct,
  };
});

/** The filter is in the address that the form posts to, so what is exported is what is seen. */
export const useExport = routeAction$(async (form, event) => {
  const actor = actorOf(event);
  const { cursor: _cursor, ...filter } = readTaskQuery(event.query, actor);
  const tried = await attempt(event, () =>
    servicesOf(event).startExport(actor, { kind: 'tasks', format: postedFormat(form), filter, bom: true }),
  );
  if ('refused' in tried) return tried.refused;
  throw event.redirect(303, '/downloads');
});

const ACTIONS = ['pause', 'resume', 'stop', 'cancel'] as const;

export const useActOnTask = routeAction$(async (form, event) => {
  const actor = actorOf(event);
  const action = ACTIONS.find((name) => name === posted(form, 'act'));
  const task = posted(form, 'task') || (event.query.get('task') ?? '');
  if (!action) return refuseFields(event, []);
  const tried = await attempt(event, () => servicesOf(event).actOnTask(actor, task as TaskId, action));
  if ('refused' in tried) return tried.refused;
  throw event.redirect(303, withQuery(event.url, { task: null }));
});

export default component$(() => {
  const { rows, cursor, refused, countries, users, periods, locale, timeZone, mayAct } = useTasks().value;
  const act = useActOnTask();
  const start = useExport();
  const { url } = useLocation();
  const query = url.searchParams;
  const value = (name: string): string => query.get(name) ?? '';
  const first = query.has('cursor') ? withQuery(url, { cursor: null }) : null;
  const labels: Readonly<Record<string, (text: string) => string>> = {
    state: (text) => TASK_STATES.filter((state) => state === text).map((state) => taskStateLabel(state).text)[0] ?? text,
    id: (text) => text,
    name: (text) => text,
    country: (text) => countries.find((option) => option.value === text)?.label ?? text,
    from: (text) => _`from ${text}`,
    until: (text) => _`until ${text}`,
    user: (text) => users.find((option) => option.value === text)?.label ?? text,
  };
  const active = Object.entries(labels)
    .filter(([name]) => value(name) !== '')
    .map(([name, label]) => ({ text: label(value(name)), without: withQuery(url, { [name]: null, cursor: null }) }));
  return (
    <>
      <div class="head">
        <div class="grow">
          <h1>{_`Task statistics`}</h1>
          <span class="muted">{_`Tasks made in the console; messages sent by API are in the log.`}</span>
        </div>
        <ExportForm action={actionPath(start.actionPath, url)} kinds={['tasks']} />
        {mayAct && (
          <a class="btn primary" href="/tasks/new">
            <Icon name="plus" />
            {_`New task`}
          </a>
        )}
      </div>
      {start.value && <Note tone="bad">{start.value.message}</Note>}
      {act.value && <Note tone="bad">{act.value.message}</Note>}
      {refused !== null && <Note tone="bad">{refused}</Note>}
      <FilterBar action="/tasks" active={active}>
        <PeriodPicker
          url={url}
          periods={periods}
          from={{ name: 'from', label: _`Created from` }}
          until={{ name: 'until', label: _`Created until` }}
        />
        <SelectField
          name="state"
          label={_`State`}
          value={value('state')}
          options={[{ value: '', label: _`All` }, ...TASK_STATES.map((state) => ({ value: state, label: taskStateLabel(state).text }))]}
        />
        <TextField name="id" label={_`Task ID`} value={value('id')} placeholder="T-" />
        <TextField name="name" label={_`Task name`} value={value('name')} />
        <SelectField
          name="country"
          label={_`Country or region`}
          value={value('country')}
          options={[{ value: '', label: _`All` }, ...countries]}
        />
        <SelectField name="user" label={_`User`} value={value('user')} options={[{ value: '', label: _`All` }, ...users]} />
      </FilterBar>
      <section class="card" aria-label={_`Tasks`}>
        {rows.length === 0 ? (
          <EmptyState title={active.length > 0 ? _`No task matches these filters` : _`No tasks yet`}>
            {mayAct && active.length === 0 && (
              <a class="btn primary" href="/tasks/new">
                {_`New task`}
              </a>
            )}
          </EmptyState>
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
                    <a href={`/tasks/${id}`}>
                      <b>{name}</b>
                    </a>
                    <span class="sub">
                      <span class="mono">{id}</span> · {userName}
                    </span>
                  </>
                ),
              },
              { head: _`Task state`, cell: ({ state }) => <Badge label={taskStateLabel(state)} /> },
              {
                head: _`Message statistics`,
                wide: 'slim',
                fold: 'whole',
                cell: (task) => <TaskProgress task={task} locale={locale} brief />,
              },
              { head: _`Messages sent`, num: true, cell: ({ submitted }) => number(submitted, locale) },
              { head: _`Messages delivered`, num: true, cell: ({ delivered }) => number(delivered, locale) },
              { head: _`Messages failed`, num: true, cell: ({ failed }) => number(failed, locale) },
              { head: _`Cost statistics`, num: true, cell: ({ costMicros }) => money(costMicros, locale) },
              { head: _`Created and sent at`, num: true, cell: (task) => <Times task={task} timeZone={timeZone} /> },
              {
                head: _`Actions`,
                fold: 'whole',
                cell: ({ id, actions }) => (
                  <div class="acts">
                    <TaskActions
                      id={id}
                      actions={actions.filter((name) => name === 'pause' || name === 'resume' || name === 'stop')}
                      action={actionPath(act.actionPath, url)}
                      small
                    />
                  </div>
                ),
              },
            ]}
          />
        )}
        <Pager first={first} next={cursor === null ? null : withQuery(url, { cursor })} />
      </section>
    </>
  );
});

/** When it was made, and below it when it was or will be sent. */
const Times = ({ task, timeZone }: { task: TaskListItem; timeZone: string }) => {
  const sentAt = task.startedAt ?? task.startsAt;
  return (
    <span>
      <time dateTime={new Date(task.createdAt).toISOString()}>{moment(task.createdAt, 'minute', timeZone)}</time>
      <span class="sub">
        {sentAt === null ? '—' : <time dateTime={new Date(sentAt).toISOString()}>{moment(sentAt, 'minute', timeZone)}</time>}
      </span>
    </span>
  );
};

export const head: DocumentHead = () => ({ title: _`Task statistics` });
