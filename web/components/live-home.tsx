/** What moves on the first page while tasks are under way: the figures of today and those tasks. */
import { component$, Slot } from '@builder.io/qwik';
import { _ } from 'compiled-i18n';
import type { HomeView, TaskListItem } from '../../schema/console';
import type { Locale } from '../../schema/states';
import { money, price } from '../lib/amounts';
import { taskStateLabel } from '../lib/labels';
import { isMoving } from '../lib/live-task';
import { change, number, share } from '../lib/numbers';
import { moment, momentOrDash } from '../lib/times';
import { Badge } from './badge';
import { EmptyState } from './empty-state';
import { Kpi } from './kpi';
import { PartsRenewed } from './parts-renewed';
import { Table } from './table';
import { TaskProgress } from './task-progress';

interface LiveHomeProps extends Pick<HomeView, 'today' | 'running'> {
  /** Submitted yesterday by this time. */
  readonly yesterday: number;
  /** Why messages of today failed; null where none did. */
  readonly failures: string | null;
  /** When this was so, ms UTC. */
  readonly at: number;
  /** Messages a day of the days before. */
  readonly average: number;
  readonly locale: Locale;
  readonly timeZone: string;
}

/** The slot is what stands between the two and does not move. */
export const LiveHome = component$<LiveHomeProps>(({ today, yesterday, failures, running, at, average, locale, timeZone }) => (
  <>
    {running.some(({ state }) => isMoving(state)) && <PartsRenewed />}
    <div class="stack" data-moves="figures">
      <Figures {...{ today, yesterday, failures, average, locale }} />
    </div>
    <Slot />
    <div class="stack" data-moves="tasks">
      <RunningTasks tasks={running} now={at} locale={locale} timeZone={timeZone} />
    </div>
  </>
));

type FiguresProps = Pick<LiveHomeProps, 'today' | 'yesterday' | 'failures' | 'average' | 'locale'>;

const Figures = ({ today, yesterday, failures, average, locale }: FiguresProps) => {
  const { submitted, delivered, failed, costMicros } = today;
  return (
    <div class="kpis">
      <Kpi label={_`Submitted`} value={number(submitted, locale)}>
        {yesterday > 0
          ? _`${change(submitted, yesterday, locale)} on yesterday by this time`
          : _`${number(average, locale)} a day on average`}
      </Kpi>
      <Kpi label={_`Delivery rate`} value={share(delivered, submitted, locale)}>
        {_`${number(delivered, locale)} delivered`}
      </Kpi>
      <Kpi label={_`Failed`} value={number(failed, locale)}>
        {failures ?? _`${share(failed, submitted, locale)} of what was submitted`}
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
