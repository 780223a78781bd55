import { component$ } from '@builder.io/qwik';
import { routeAction$, routeLoader$, useLocation, type DocumentHead } from '@builder.io/qwik-city';
import { _ } from 'compiled-i18n';
import type { KeyId } from '../../../../schema/ids';
import { managesKeys } from '../../../../schema/keys';
import { EmptyState } from '../../../components/empty-state';
import { Note } from '../../../components/note';
import { OptOutReply } from '../../../components/opt-out-reply';
import { Pager } from '../../../components/pager';
import { Table } from '../../../components/table';
import { again, posted } from '../../../lib/forms';
import { textFacts } from '../../../lib/message-text';
import { number, phone } from '../../../lib/numbers';
import { attempt } from '../../../lib/outcome';
import { actionPath, withQuery } from '../../../lib/paths';
import { actorOf, localeOf, servicesOf } from '../../../lib/platform';
import { moment } from '../../../lib/times';

export const useInbound = routeLoader$(async (event) => {
  const actor = actorOf(event);
  const { webhooks, keys } = servicesOf(event);
  const [tried, reply, all] = await Promise.all([
    attempt(event, () => webhooks.inbound(actor, event.query.get('cursor'))),
    webhooks.optOutReply(actor),
    keys.list(actor),
  ]);
  return {
    reply: { text: reply.text ?? '', key: reply.key ?? '' },
    keys: all.map(({ id, name }) => ({ value: id, label: name })),
    mayChange: managesKeys(actor),
    saved: event.query.has('saved'),
    page: 'done' in tried ? tried.done : { rows: [], cursor: null },
    refused: 'refused' in tried ? tried.refused.message : null,
    locale: localeOf(event),
    timeZone: actor.timeZone,
  };
});

export const useReply = routeAction$(async (form, event) => {
  const text = posted(form, 'text').replaceAll('\r\n', '\n');
  const wanted = text.trim() === '' ? null : text;
  const tried = await attempt(event, () => servicesOf(event).webhooks.setOptOutReply(actorOf(event), posted(form, 'key') as KeyId, wanted));
  if ('refused' in tried) return tried.refused;
  throw event.redirect(303, '/inbound?saved');
});

export default component$(() => {
  const { page, refused, reply, keys, mayChange, saved, locale, timeZone } = useInbound().value;
  const set = useReply();
  const { url } = useLocation();
  const answer = again(set.formData, 'text', reply.text);
  return (
    <>
      <div class="head">
        <div class="grow">
          <h1>{_`Inbound messages`}</h1>
          <span class="muted">{_`What recipients wrote back. Opt-outs are on the blacklist already.`}</span>
        </div>
      </div>
      {saved && !set.value && <Note tone="ok">{_`The answer is saved.`}</Note>}
      {refused !== null && <Note tone="bad">{refused}</Note>}
      <section class="card" aria-label={_`Inbound messages`}>
        {page.rows.length === 0 ? (
          <EmptyState icon="device" title={_`No inbound messages yet`} />
        ) : (
          <Table
            caption={_`Inbound messages`}
            folds
            rows={page.rows}
            rowKey={({ id }) => id}
            columns={[
              {
                head: _`Received`,
                fold: 'lead',
                cell: ({ receivedAt }) => (
                  <time class="mono" dateTime={new Date(receivedAt).toISOString()}>
                    {moment(receivedAt, 'second', timeZone)}
                  </time>
                ),
              },
              { head: 'From', cell: ({ from }) => <span class="mono">{phone(from)}</span> },
              { head: 'To', cell: ({ to }) => <span class="mono">{to}</span> },
              {
                head: _`Text of the message`,
                wide: true,
                fold: 'whole',
                cell: ({ text, optOut, complete }) => (
                  <>
                    <span class="pre">{text}</span>
                    <span class="bar">
                      {optOut && <span class="badge warn">{_`Opt-out`}</span>}
                      {!complete && <span class="badge bad">{_`Parts are missing`}</span>}
                    </span>
                  </>
                ),
              },
              { head: _`Parts`, num: true, cell: ({ parts }) => number(parts, locale) },
            ]}
          />
        )}
        <Pager
          first={url.searchParams.has('cursor') ? withQuery(url, { cursor: null }) : null}
          next={page.cursor === null ? null : withQuery(url, { cursor: page.cursor })}
        />
      </section>
      <OptOutReply
        action={actionPath(set.actionPath, url)}
        text={answer}
        facts={{ ...textFacts(answer, 'auto', {}), malformed: [], variables: false }}
        key_={again(set.formData, 'key', reply.key)}
        keys={keys}
        refusal={set.value ?? null}
        mayChange={mayChange}
        locale={locale}
      />
    </>
  );
});

export const head: DocumentHead = () => ({ title: _`Inbound messages` });
