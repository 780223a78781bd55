/** How far a task has come, small: for lists. */
import { _ } from 'compiled-i18n';
import type { TaskListItem } from '../../schema/console';
import type { Locale } from '../../schema/states';
import { number, percent } from '../lib/numbers';
import { Meter } from './meter';

/** @param brief where the figures stand in columns of their own */
export const TaskProgress = ({ task, locale, brief = false }: { task: TaskListItem; locale: Locale; brief?: boolean }) => {
  const { valid, rows, submitted, delivered, failed } = task;
  if (task.state === 'checking') return <span class="muted">{_`${number(rows, locale)} rows checked`}</span>;
  // No bar before anything can move.
  if (brief && submitted === 0) return <span class="num">{valid > 0 ? _`${number(valid, locale)} valid` : '—'}</span>;
  const waiting = Math.max(0, submitted - delivered - failed);
  return (
    <div class="progress">
      <Meter
        label={_`Progress of ${task.name}`}
        whole={valid}
        parts={[
          { fill: 'ok', value: delivered },
          { fill: 'accent', value: waiting },
          { fill: 'bad', value: failed },
        ]}
        text={`${percent(submitted, valid)}%`}
      />
      <p class="below num">
        {brief
          ? _`${percent(submitted, valid)}% of ${number(valid, locale)} sent`
          : _`${number(delivered, locale)} delivered · ${number(submitted, locale)} submitted · ${number(valid, locale)} in all`}
      </p>
    </div>
  );
};
