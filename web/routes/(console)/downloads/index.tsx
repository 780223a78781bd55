import { component$ } from '@builder.io/qwik';
import { routeAction$, routeLoader$, useLocation, type DocumentHead } from '@builder.io/qwik-city';
import { _ } from 'compiled-i18n';
import type { ExportView } from '../../../../schema/console';
import { ERRORS, errorText, type ErrorCode } from '../../../../schema/errors';
import type { ExportId } from '../../../../schema/ids';
import type { Locale } from '../../../../schema/states';
import { Badge } from '../../../components/badge';
import { EmptyState } from '../../../components/empty-state';
import { ExportProgress } from '../../../components/export-progress';
import { Icon } from '../../../components/icon';
import { Note } from '../../../components/note';
import { Pager } from '../../../components/pager';
import { Table } from '../../../components/table';
import { bytes, number } from '../../../lib/numbers';
import { moment } from '../../../lib/times';
import { posted } from '../../../lib/forms';
import { exportStateLabel } from '../../../lib/labels';
import { attempt } from '../../../lib/outcome';
import { actionPath, withQuery } from '../../../lib/paths';
import { actorOf, localeOf, servicesOf } from '../../../lib/platform';

export const useExports = routeLoader$(async (event) => {
  const actor = actorOf(event);
  const locale = localeOf(event);
  const { rows, cursor } = await servicesOf(event).exports(actor, event.query.get('cursor'));
  return { rows: rows.map((row) => ({ ...row, error: reason(row.error, locale) })), cursor, locale, timeZone: actor.timeZone };
});

/** Why an export failed is kept as a code. */
const reason = (error: string | null, locale: Locale): string | null =>
  error === null ? null : errorText(error in ERRORS ? (error as ErrorCode) : 'server_error', locale);

export const useExportAction = routeAction$(async (form, event) => {
  const actor = actorOf(event);
  const services = servicesOf(event);
  const id = posted(form, 'id') as ExportId;
  const tried = await attempt(event, async () => {
    if (posted(form, 'act') === 'cancel') await services.cancelExport(actor, id);
    else await services.repeatExport(actor, id);
  });
  if ('refused' in tried) return tried.refused;
  throw event.redirect(303, '/downloads');
});

export default component$(() => {
  const { rows, cursor, locale, timeZone } = useExports().value;
  const act = useExportAction();
  const { url } = useLocation();
  const kinds: Readonly<Record<string, string>> = { log: _`Message log` };
  const moving = rows.some(({ state }) => state === 'queued' || state === 'running');
  return (
    <>
      <div class="head">
        <div class="grow">
          <h1>{_`Downloads`}</h1>
          <span class="muted">{_`Files are kept for 30 days.`}</span>
        </div>
        <a class="btn" href="/logs">
          <Icon name="search" />
          {_`Message log`}
        </a>
      </div>
      {act.value && <Note tone="bad">{act.value.message}</Note>}
      {moving && <noscript>{<meta http-equiv="refresh" content="5" />}</noscript>}
      <section class="card" aria-label={_`Downloads`}>
        {rows.length === 0 ? (
          <EmptyState icon="download" title={_`No files yet`}>
            <span>{_`Exports of the message log appear here.`}</span>
          </EmptyState>
        ) : (
          <Table
            caption={_`Downloads`}
            folds
            rows={rows}
            rowKey={({ id }) => id}
            columns={[
              {
                head: _`File name and kind`,
                wide: true,
                fold: 'lead',
                cell: ({ fileName, state, id, kind, format }) => (
                  <>
                    {state === 'ready' ? (
                      <a class="asis" href={`/api/exports/${id}/file`} download>
                        <b>{fileName}</b>
                      </a>
                    ) : (
                      <b class="asis">{fileName}</b>
                    )}
                    <span class="sub">{`${kinds[kind] ?? kind} · ${format.toUpperCase()}`}</span>
                  </>
                ),
              },
              { head: _`State`, cell: ({ state }) => <Badge label={exportStateLabel(state)} /> },
              { head: _`Progress and rows`, wide: 'slim', fold: 'whole', cell: (row) => <Progress row={row} locale={locale} /> },
              { head: _`Size`, num: true, cell: (row) => (row.state === 'ready' ? bytes(row.bytes, locale) : '—') },
              {
                head: _`Started by and at`,
                num: true,
                cell: ({ createdAt, userName }) => (
                  <span>
                    <time dateTime={new Date(createdAt).toISOString()}>{moment(createdAt, 'minute', timeZone)}</time>
                    <span class="sub">{userName}</span>
                  </span>
                ),
              },
              { head: _`Times downloaded`, num: true, cell: ({ downloads }) => number(downloads, locale) },
              {
                head: _`Actions`,
                fold: 'whole',
                cell: (row) => <Actions row={row} action={actionPath(act.actionPath, url)} />,
              },
            ]}
          />
        )}
        <Pager
          first={url.searchParams.has('cursor') ? withQuery(url, { cursor: null }) : null}
          next={cursor === null ? null : withQuery(url, { cursor })}
        />
      </section>
    </>
  );
});

const Progress = ({ row, locale }: { row: ExportView; locale: Locale }) => {
  const { id, state, rows, rowsExpected, fileName } = row;
  if (row.error !== null) return <span class="text-bad">{row.error}</span>;
  if (state === 'queued' || state === 'running')
    return <ExportProgress first={{ id, state, rows, rowsExpected, fileName }} locale={locale} />;
  return <span class="num">{_`${number(rows, locale)} rows`}</span>;
};

const Actions = ({ row, action }: { row: ExportView; action: string }) => {
  const { id, state } = row;
  if (state === 'ready') {
    return (
      <div class="acts">
        <a class="btn small" href={`/api/exports/${id}/file`} download>
          <Icon name="download" />
          {_`Download`}
        </a>
      </div>
    );
  }
  const cancels = state === 'queued' || state === 'running';
  return (
    <form method="post" action={action} class="acts">
      <input type="hidden" name="id" value={id} />
      <button type="submit" class={['btn', 'small', cancels ? 'danger' : '']} name="act" value={cancels ? 'cancel' : 'repeat'}>
        <Icon name={cancels ? 'close' : 'refresh'} />
        {cancels ? _`Cancel` : _`Run again`}
      </button>
    </form>
  );
};

export const head: DocumentHead = () => ({ title: _`Downloads` });
