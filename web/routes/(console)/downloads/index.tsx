import { component$ } from '@builder.io/qwik';
import { routeAction$, routeLoader$, useLocation, type DocumentHead } from '@builder.io/qwik-city';
import { _ } from 'compiled-i18n';
import { mayCancelExport, type ExportView } from '../../../../schema/exports';
import { ERRORS, errorText, type ErrorCode } from '../../../../schema/errors';
import type { ExportId } from '../../../../schema/ids';
import { EXPORT_KINDS, type Locale } from '../../../../schema/states';
import { readExportQuery } from '../../../../workers/rules/export-query';
import { Badge } from '../../../components/badge';
import { EmptyState } from '../../../components/empty-state';
import { ExportProgress } from '../../../components/export-progress';
import { SelectField, type Option } from '../../../components/field';
import { FilterBar } from '../../../components/filter-bar';
import { Icon } from '../../../components/icon';
import { Note } from '../../../components/note';
import { Pager } from '../../../components/pager';
import { PeriodPicker } from '../../../components/period-picker';
import { Table } from '../../../components/table';
import { bytes, number } from '../../../lib/numbers';
import { moment } from '../../../lib/times';
import { posted } from '../../../lib/forms';
import { exportKindLabel, exportStateLabel } from '../../../lib/labels';
import { attempt } from '../../../lib/outcome';
import { namedPeriods } from '../../../lib/periods';
import { actionPath, withQuery } from '../../../lib/paths';
import { actorOf, localeOf, servicesOf } from '../../../lib/platform';

export const useExports = routeLoader$(async (event) => {
  const actor = actorOf(event);
  const locale = localeOf(event);
  const services = servicesOf(event);
  const [tried, users] = await Promise.all([
    attempt(event, async () => services.exports(actor, readExportQuery(event.query, actor.timeZone), event.query.get('cursor'))),
    services.exportUsers(actor),
  ]);
  const { rows, cursor } = 'done' in tried ? tried.done : { rows: [], cursor: null };
  return {
    rows: rows.map((row) => ({ ...row, error: reason(row.error, locale), mayCancel: mayCancelExport(actor, row.user) })),
    cursor,
    refused: 'refused' in tried ? tried.refused.message : null,
    periods: namedPeriods(Date.now(), actor.timeZone),
    users: users.map(({ id, name }) => ({ value: id as string, label: name })),
    locale,
    timeZone: actor.timeZone,
  };
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
  const { rows, cursor, refused, users, periods, locale, timeZone } = useExports().value;
  const act = useExportAction();
  const { url } = useLocation();
  const query = url.searchParams;
  const value = (name: string): string => query.get(name) ?? '';
  const kinds = EXPORT_KINDS.map((kind) => ({ value: kind as string, label: exportKindLabel(kind) }));
  const named = (options: readonly Option[], wanted: string): string => options.find((option) => option.value === wanted)?.label ?? wanted;
  const labels: Readonly<Record<string, (text: string) => string>> = {
    kind: (text) => named(kinds, text),
    user: (text) => named(users, text),
    from: (text) => _`from ${text}`,
    until: (text) => _`until ${text}`,
  };
  const active = Object.entries(labels)
    .filter(([name]) => value(name) !== '')
    .map(([name, label]) => ({ text: label(value(name)), without: withQuery(url, { [name]: null, cursor: null }) }));
  const all = { value: '', label: _`All` };
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
      {refused !== null && <Note tone="bad">{refused}</Note>}
      <FilterBar action="/downloads" active={active}>
        <PeriodPicker
          url={url}
          periods={periods}
          from={{ name: 'from', label: _`Started from` }}
          until={{ name: 'until', label: _`Started until` }}
        />
        <SelectField name="kind" label={_`Kind`} value={value('kind')} options={[all, ...kinds]} />
        <SelectField name="user" label={_`User`} value={value('user')} options={[all, ...users]} />
      </FilterBar>
      {moving && <noscript>{<meta http-equiv="refresh" content="5" />}</noscript>}
      <section class="card" aria-label={_`Downloads`}>
        {rows.length === 0 ? (
          <EmptyState icon="download" title={active.length > 0 ? _`No file matches these filters` : _`No files yet`}>
            {active.length === 0 && <span>{_`Whatever you export appears here.`}</span>}
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
                    <span class="sub">{`${exportKindLabel(kind)} · ${format.toUpperCase()}`}</span>
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
  if (state === 'cancelled') return <span class="muted">{_`Cancelled by a user`}</span>;
  if (state === 'expired') return <span class="muted">{_`Deleted after 30 days`}</span>;
  if (state === 'queued' || state === 'running')
    return <ExportProgress first={{ id, state, rows, rowsExpected, fileName }} locale={locale} />;
  return <span class="num">{_`${number(rows, locale)} rows`}</span>;
};

const Actions = ({ row, action }: { row: ExportView & { readonly mayCancel: boolean }; action: string }) => {
  const { id, state, mayCancel } = row;
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
  if (cancels && !mayCancel) return null;
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
