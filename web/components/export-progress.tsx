/** How far an export has come; while it is being made it asks for news each second. */
import { component$, useStore, useVisibleTask$ } from '@builder.io/qwik';
import { _ } from 'compiled-i18n';
import type { ExportView } from '../../schema/exports';
import type { ExportState, Locale } from '../../schema/states';
import { number, percent } from '../lib/numbers';
import { follow } from '../lib/follow';
import { Meter } from './meter';

export interface MovingExport {
  readonly id: string;
  readonly state: ExportState;
  readonly rows: number;
  readonly rowsExpected: number;
  readonly fileName: string;
}

export const ExportProgress = component$<{ first: MovingExport; locale: Locale }>(({ first, locale }) => {
  const now = useStore({ rows: first.rows, rowsExpected: first.rowsExpected }, { deep: false });
  useVisibleTask$((task) => {
    const end = follow<ExportView>(`/api/exports/${first.id}`, (next) => {
      // Another state is another line: a link to the file, or why there is none.
      if (next.state !== first.state) location.replace('/downloads');
      else Object.assign(now, { rows: next.rows, rowsExpected: next.rowsExpected });
    });
    task.cleanup(end);
  });
  return (
    <div class="progress">
      <Meter label={_`Progress of ${first.fileName}`} whole={now.rowsExpected} parts={[{ fill: 'accent', value: now.rows }]} />
      <p class="below num">
        {now.rowsExpected > 0
          ? `${number(now.rows, locale)} / ${number(now.rowsExpected, locale)} · ${percent(now.rows, now.rowsExpected)}%`
          : _`${number(now.rows, locale)} rows`}
      </p>
    </div>
  );
});
