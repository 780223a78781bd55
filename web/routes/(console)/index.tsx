import { component$ } from '@builder.io/qwik';
import { routeLoader$, type DocumentHead } from '@builder.io/qwik-city';
import { _ } from 'compiled-i18n';
import { maySend, type HomeView, type NoticeView, type TaskListItem } from '../../../schema/console';
import type { Locale } from '../../../schema/states';
import { countryName } from '../../../workers/rules/countries';
import { Badge } from '../../components/badge';
import { CountryVolumes } from '../../components/country-volumes';
import { EmptyState } from '../../components/empty-state';
import { Icon } from '../../components/icon';
import { Kpi } from '../../components/kpi';
import { NoticeList } from '../../components/notice-list';
import { Table } from '../../components/table';
import { TaskProgress } from '../../components/task-progress';
import { TrendChart } from '../../components/trend-chart';
import { money, price } from '../../lib/amounts';
import { number, share } from '../../lib/numbers';
import { longDay, moment, momentOrDash } from '../../lib/times';
import { taskStateLabel } from '../../lib/labels';
import { actorOf, localeOf, servicesOf } from '../../lib/platform';

export const useHome = routeLoader$(async (event) => {
  const actor = actorOf(event);
  const locale = localeOf(event);
  const home = await servicesOf(event).home(actor);
  const countries = home.countries.map((row) => ({ ...row, name: countryName(row.country, locale) }));
  return { home, countries, locale, timeZone: actor.timeZone, now: Date.now(), maySend: maySend(actor) };
});

export default component$(() => {
  const { home, countries, locale, timeZone, now, maySend: sends } = useHome().value;
  return (
    <>
      <div class="head">
        <div class="grow">
          <h1>{_`Today`}</h1>
          <span class="muted">
            <time dateTime={new Date(now).toISOString()}>{longDay(now, locale, timeZone)}</time> · {timeZone}
          </span>
        </div>
        {sends && (
          <a class="btn primary" href="/tasks/new">
            <Icon name="plus" />
            {_`New task`}
          </a>
        )}
      </div>
      <Figures home={home} locale={locale} />
      <section class="card" aria-labelledby="trend">
        <div class="title">
          <h2 id="trend">{_`Sent and delivered in 30 days`}</h2>
          <a href="/reports">{_`Reports`}</a>
        </div>
        <div class="in">
          <TrendChart
            points={home.days.map(({ day, submitted, delivered, failed }) => ({ at: day, sent: submitted, delivered, failed }))}
            caption={_`Sent and delivered in the last 30 days`}
            locale={locale}
          />
        </div>
      </section>
      <CountryVolumes countries={countries} locale={locale} says={_`Last 30 days`} />
      <RunningTasks tasks={home.running} now={now} locale={locale} timeZone={timeZone} />
      <Notices notices={home.notices} timeZone={timeZone} />
    </>
  );
});

const Figures = ({ home, locale }: { home: HomeView; locale: Locale }) => {
  const { submitted, delivered, failed, costMicros } = home.today;
  const before = home.days.slice(0, -1);
  const average = before.length > 0 ? before.reduce((sum, day) => sum + day.submitted, 0) / before.length : 0;
  return (
    <div class="kpis">
      <Kpi label={_`Submitted`} value={number(submitted, locale)}>
        {_`${number(average, locale)} a day on average`}
      </Kpi>
      <Kpi label={_`Delivery rate`} value={share(delivered, submitted, locale)}>
        {_`${number(delivered, locale)} delivered`}
      </Kpi>
      <Kpi label={_`Failed`} value={number(failed, locale)}>
        {_`${share(failed, submitted, locale)} of what was submitted`}
      </Kpi>
      <Kpi label={_`Cost today`} value={money(costMicros, locale)}>
        {submitted > 0 ? _`${price(Math.round(costMicros / submitted / 100) * 100, locale)} a message` : '—'}
      </Kpi>
    </div>
  );
};

interface RunningTasksProps {
  readonly tasks: readonly TaskListItem[];
  /** ms UTC */
  readonly now: number;
  readonly locale: Locale;
  readonly timeZone: string;
}

const RunningTasks = ({ tasks, now, locale, timeZone }: RunningTasksProps) => (
  <section class="card" aria-labelledby="running">
    <div class="title">
      <h2 id="running">{_`Tasks under way`}</h2>
      <a href="/tasks">{_`All tasks`}</a>
    </div>
    {tasks.length === 0 ? (
      <EmptyState icon="send" title={_`No task is under way`} />
    ) : (
      <Table
        caption={_`Tasks under way`}
        folds
        rows={tasks}
        rowKey={({ id }) => id}
        columns={[
          {
            head: _`Task`,
            wide: true,
            fold: 'lead',
            cell: ({ id, name }) => (
              <>
                <a href={`/tasks/${id}`}>
                  <b>{name}</b>
                </a>
                <span class="sub mono">{id}</span>
              </>
            ),
          },
          { head: _`State`, cell: ({ state }) => <Badge label={taskStateLabel(state)} /> },
          { head: _`Progress`, wide: true, fold: 'whole', cell: (task) => <TaskProgress task={task} locale={locale} /> },
          { head: _`Speed`, num: true, cell: (task) => <Pace task={task} now={now} locale={locale} timeZone={timeZone} /> },
          { head: _`Started`, num: true, cell: (task) => momentOrDash(task.startedAt ?? task.startsAt, 'minute', timeZone) },
        ]}
      />
    )}
  </section>
);

/** Since its start, and when it will have sent the rest at that. */
const Pace = ({ task, now, locale, timeZone }: { task: TaskListItem; now: number; locale: Locale; timeZone: string }) => {
  const { startedAt, submitted, cancelled, valid } = task;
  const left = valid - submitted - cancelled;
  if (task.state !== 'running' || startedAt === null || submitted === 0 || left <= 0) return <span class="muted">—</span>;
  const tookMs = Math.max(1_000, now - startedAt);
  return (
    <span>
      {_`${number((submitted * 1_000) / tookMs, locale)} a second`}
      <span class="sub">{_`until about ${moment(now + (tookMs * left) / submitted, 'time', timeZone)}`}</span>
    </span>
  );
};

const Notices = ({ notices, timeZone }: { notices: readonly NoticeView[]; timeZone: string }) => (
  <section class="card" aria-labelledby="notices-title">
    <div class="title">
      <h2 id="notices-title">{_`Notices`}</h2>
      {notices.length > 0 && <a href="/notices">{_`All notices`}</a>}
    </div>
    <NoticeList notices={notices} timeZone={timeZone} />
  </section>
);

export const head: DocumentHead = () => ({ title: _`Home` });
