/** How far an export has come; while it is being made it asks for news each second. */
import { component$, useStore, useVisibleTask$ } from '@builder.io/qwik';
import { _ } from 'compiled-i18n';
import type { ExportView } from '../../schema/console';
import type { ExportState, Locale } from '../../schema/states';
import { number, percent } from '../lib/format';
import { Meter } from './meter';

const EVERY_MS = 1_000;
const isMoving = (state: ExportState): boolean => state === 'queued' || state === 'running';

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
    if (!isMoving(first.state)) return;
    const look = async (): Promise<void> => {
      if (document.visibilityState !== 'visible') return;
      const response = await fetch(`/api/exports/${first.id}`).catch(() => null);
      if (!response?.ok) return;
      const next = (await response.json()) as ExportView;
      // Another state is another line: a link to the file, or why there is none.
      if (next.state !== first.state) location.reload();
      else Object.assign(now, { rows: next.rows, rowsExpected: next.rowsExpected });
    };
    let timer = 0;
    const again = (): void => {
      timer = window.setTimeout(() => void look().finally(again), EVERY_MS);
    };
    again();
    task.cleanup(() => clearTimeout(timer));
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
