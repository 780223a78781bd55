/** Progress of a task that moves: of its check, or of its sending. Asks again each second while the page is looked at. */
import { component$, useSignal, useVisibleTask$ } from '@builder.io/qwik';
import { _ } from 'compiled-i18n';
import type { TaskView } from '../../schema/console';
import type { Locale } from '../../schema/states';
import { duration } from '../lib/duration';
import { money } from '../lib/amounts';
import { bytes, number, percent, share } from '../lib/numbers';
import { follow } from '../lib/follow';
import { liveTask, sendingCounts, type LiveTask } from '../lib/live-task';
import { Meter } from './meter';

interface LiveTaskPanelProps {
  readonly id: string;
  readonly first: LiveTask;
  readonly locale: Locale;
}

export const LiveTaskPanel = component$<LiveTaskPanelProps>(({ id, first, locale }) => {
  const live = useSignal(first);
  useVisibleTask$((task) => {
    const end = follow<TaskView>(`/api/tasks/${id}`, (view) => {
      const next = liveTask(view);
      // Another state is another page: summary, results, other buttons.
      if (next.state !== first.state) location.replace(`/tasks/${id}`);
      else live.value = next;
    });
    task.cleanup(end);
  });
  return first.state === 'checking' ? (
    <CheckProgress live={live.value} locale={locale} />
  ) : (
    <SendingProgress live={live.value} locale={locale} />
  );
});

const CheckProgress = ({ live, locale }: { live: LiveTask; locale: Locale }) => {
  const done = percent(live.bytesDone, live.bytesTotal);
  const phases: Readonly<Record<LiveTask['phase'], string>> = {
    none: _`Waiting to begin`,
    unpacking: _`Unpacking the file`,
    splitting: _`Looking through the file`,
    reading: _`Checking each number`,
    done: _`Done`,
  };
  return (
    <div class="in stack">
      <div class="progress">
        <p class="above">
          <b role="status">{phases[live.phase]}</b>
          <span class="num muted">{`${done}% · ${bytes(live.bytesDone, locale)} / ${bytes(live.bytesTotal, locale)}`}</span>
        </p>
        <Meter label={_`Progress of the check`} tall whole={live.bytesTotal} parts={[{ fill: 'accent', value: live.bytesDone }]} />
      </div>
      <CheckFigures live={live} locale={locale} />
    </div>
  );
};

export const CheckFigures = ({ live, locale }: { live: LiveTask; locale: Locale }) => (
  <dl class="figures">
    <Figure label={_`Rows`} value={number(live.rows, locale)} />
    <Figure label={_`Valid`} value={number(live.valid, locale)} />
    <Figure label={_`Invalid`} value={number(live.invalid, locale)} bad={live.invalid > 0} />
    <Figure label={_`Duplicates`} value={number(live.duplicates, locale)} />
    <Figure label={_`Blacklisted`} value={number(live.blacklisted, locale)} />
  </dl>
);

/** @param live its last figures, where nothing moves any more */
export const SendingProgress = ({ live, locale }: { live: LiveTask; locale: Locale }) => {
  const counts = sendingCounts(live.byState);
  const left = Math.max(0, live.valid - counts.submitted - counts.cancelled - counts.blocked);
  return (
    <div class="in stack">
      <div class="progress">
        <p class="above">
          <b>{_`Submitted to the carrier`}</b>
          <span class="num muted">{`${number(counts.submitted, locale)} / ${number(live.valid, locale)} · ${percent(counts.submitted, live.valid)}%`}</span>
        </p>
        <Meter label={_`Submitted to the carrier`} tall whole={live.valid} parts={[{ fill: 'accent', value: counts.submitted }]} />
        <p class="below num">
          {live.perSecond > 0 && _`${number(live.perSecond, locale)} messages a second`}
          {live.perSecond > 0 && left > 0 && ` · ${_`about ${duration(left / live.perSecond)} left`}`}
        </p>
      </div>
      <div class="progress">
        <p class="above">
          <b>{_`Receipts`}</b>
          <span class="num muted">{`${number(counts.answered, locale)} / ${number(counts.submitted, locale)} · ${percent(counts.answered, counts.submitted)}%`}</span>
        </p>
        <Meter
          label={_`Receipts`}
          tall
          whole={counts.submitted}
          parts={[
            { fill: 'ok', value: counts.delivered },
            { fill: 'bad', value: counts.failed },
            { fill: 'warn', value: counts.undecided },
          ]}
        />
      </div>
      <dl class="figures">
        <Figure label={_`Delivered`} value={number(counts.delivered, locale)} />
        <Figure label={_`Delivery rate`} value={share(counts.delivered, counts.answered, locale)} />
        <Figure label={_`Failed`} value={number(counts.failed, locale)} bad={counts.failed > 0} />
        {counts.undecided > 0 && <Figure label={_`Unknown`} value={number(counts.undecided, locale)} />}
        {counts.blocked > 0 && <Figure label={_`Blocked`} value={number(counts.blocked, locale)} />}
        {counts.cancelled > 0 && <Figure label={_`Cancelled`} value={number(counts.cancelled, locale)} />}
        <Figure label={_`Cost`} value={money(live.costMicros, locale)} />
      </dl>
    </div>
  );
};

const Figure = ({ label, value, bad = false }: { label: string; value: string; bad?: boolean }) => (
  <div>
    <dt>{label}</dt>
    <dd class={bad ? 'text-bad' : ''}>{value}</dd>
  </div>
);
