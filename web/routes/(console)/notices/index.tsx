import { component$ } from '@builder.io/qwik';
import { routeLoader$, useLocation, type DocumentHead } from '@builder.io/qwik-city';
import { _ } from 'compiled-i18n';
import { Note } from '../../../components/note';
import { NoticeList } from '../../../components/notice-list';
import { Pager } from '../../../components/pager';
import { attempt } from '../../../lib/outcome';
import { withQuery } from '../../../lib/paths';
import { actorOf, servicesOf } from '../../../lib/platform';

export const useNotices = routeLoader$(async (event) => {
  const actor = actorOf(event);
  const tried = await attempt(event, () => servicesOf(event).notices(actor, event.query.get('cursor')));
  return {
    page: 'done' in tried ? tried.done : { rows: [], cursor: null },
    refused: 'refused' in tried ? tried.refused.message : null,
    timeZone: actor.timeZone,
  };
});

export default component$(() => {
  const { page, refused, timeZone } = useNotices().value;
  const { url } = useLocation();
  return (
    <>
      <div class="head">
        <div class="grow">
          <h1>{_`Notices`}</h1>
          <span class="muted">{_`What our service team tells you: prices, maintenance, approvals.`}</span>
        </div>
      </div>
      {refused !== null && <Note tone="bad">{refused}</Note>}
      <section class="card" aria-label={_`Notices`}>
        <NoticeList notices={page.rows} timeZone={timeZone} />
        <Pager
          first={url.searchParams.has('cursor') ? withQuery(url, { cursor: null }) : null}
          next={page.cursor === null ? null : withQuery(url, { cursor: page.cursor })}
        />
      </section>
    </>
  );
});

export const head: DocumentHead = () => ({ title: _`Notices` });
