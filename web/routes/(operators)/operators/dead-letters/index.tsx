import { component$ } from '@builder.io/qwik';
import { routeAction$, routeLoader$, useLocation, type DocumentHead } from '@builder.io/qwik-city';
import { _ } from 'compiled-i18n';
import { EmptyState } from '../../../../components/empty-state';
import { Note } from '../../../../components/note';
import { Saved } from '../../../../components/operators/form-card';
import { Pager } from '../../../../components/pager';
import { Table } from '../../../../components/table';
import { posted } from '../../../../lib/forms';
import { deed } from '../../../../lib/operator-form';
import { actionPath, withQuery } from '../../../../lib/paths';
import { operatorOf, operatorServicesOf } from '../../../../lib/platform';
import { moment } from '../../../../lib/times';

export const useDeadLetters = routeLoader$(async (event) => {
  const operator = operatorOf(event);
  return { ...(await operatorServicesOf(event).deadLetters(operator, event.query.get('cursor'))), timeZone: operator.timeZone };
});

export const useLetterAct = routeAction$((form, event) =>
  deed(event, (services, operator) => {
    const id = Number(posted(form, 'letter'));
    return posted(form, 'act') === 'drop' ? services.dropDeadLetter(operator, id) : services.redrive(operator, id);
  }),
);

export default component$(() => {
  const { rows, cursor, timeZone } = useDeadLetters().value;
  const act = useLetterAct();
  const { url } = useLocation();
  return (
    <>
      <div class="head">
        <div class="grow">
          <h1>{_`Dead letters`}</h1>
          <span class="muted">{_`Queue messages that failed all their tries. To queue one again is safe: what was done meanwhile is not done twice.`}</span>
        </div>
      </div>
      <Saved url={url} />
      {act.value && <Note tone="bad">{act.value.message}</Note>}
      <section class="card" aria-label={_`Dead letters`}>
        {rows.length === 0 ? (
          <EmptyState icon="check" title={_`No dead letters`} />
        ) : (
          <Table
            caption={_`Dead letters`}
            folds
            rows={rows}
            rowKey={({ id }) => String(id)}
            columns={[
              { head: _`Content`, wide: true, fold: 'lead', cell: ({ body }) => <span class="mono asis">{body}</span> },
              { head: _`Time`, num: true, cell: ({ at }) => moment(at, 'second', timeZone) },
              {
                head: _`Actions`,
                fold: 'whole',
                cell: ({ id }) => (
                  <form method="post" action={actionPath(act.actionPath, url)} class="acts">
                    <input type="hidden" name="letter" value={id} />
                    <button
                      type="submit"
                      class="btn small"
                      name="act"
                      value="redrive"
                      aria-label={_`Queue again: ${id}`}
                    >{_`Queue again`}</button>
                    <button type="submit" class="btn small danger" name="act" value="drop" aria-label={_`Drop: ${id}`}>{_`Drop`}</button>
                  </form>
                ),
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

export const head: DocumentHead = () => ({ title: _`Dead letters` });
