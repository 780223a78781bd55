import { component$ } from '@builder.io/qwik';
import { routeAction$, routeLoader$, type DocumentHead } from '@builder.io/qwik-city';
import { _ } from 'compiled-i18n';
import { maySend } from '../../../../schema/console';
import { CALLBACKS } from '../../../../schema/webhooks';
import { Badge } from '../../../components/badge';
import { EmptyState } from '../../../components/empty-state';
import { Icon } from '../../../components/icon';
import { Note } from '../../../components/note';
import { SecretShown } from '../../../components/secret-shown';
import { Table } from '../../../components/table';
import { listed, endpointLabel, webhookEventLabel } from '../../../lib/labels';
import { attempt } from '../../../lib/outcome';
import { actorOf, servicesOf } from '../../../lib/platform';
import { showOnce, takeShownOnce } from '../../../lib/shown-once';
import { moment } from '../../../lib/times';

export const useEndpoints = routeLoader$(async (event) => {
  const actor = actorOf(event);
  return {
    rows: await servicesOf(event).webhooks.list(actor),
    secret: takeShownOnce(event, CALLBACKS),
    mayChange: maySend(actor),
    timeZone: actor.timeZone,
  };
});

export const useReplaceSecret = routeAction$(async (_form, event) => {
  const tried = await attempt(event, () => servicesOf(event).webhooks.replaceSecret(actorOf(event), CALLBACKS));
  if ('refused' in tried) return tried.refused;
  showOnce(event, CALLBACKS, tried.done.secret);
  throw event.redirect(303, '/webhooks');
});

export default component$(() => {
  const { rows, secret, mayChange, timeZone } = useEndpoints().value;
  const replace = useReplaceSecret();
  return (
    <>
      <div class="head">
        <div class="grow">
          <h1>Webhooks</h1>
          <span class="muted">{_`Where your servers are told of receipts and inbound messages.`}</span>
        </div>
        {mayChange && (
          <a class="btn primary" href="/webhooks/new">
            <Icon name="plus" />
            {_`New endpoint`}
          </a>
        )}
      </div>
      {replace.value && <Note tone="bad">{replace.value.message}</Note>}
      {secret !== null && <SecretShown label={_`Signing secret of callback URLs`} secret={secret} />}
      <section class="card" aria-label={_`Endpoints`}>
        {rows.length === 0 ? (
          <EmptyState icon="send" title={_`No endpoints yet`}>
            <span>{_`Without one, receipts and inbound messages are only shown here in the console.`}</span>
          </EmptyState>
        ) : (
          <Table
            caption={_`Endpoints`}
            folds
            rows={rows}
            rowKey={({ id }) => id}
            columns={[
              {
                head: _`Endpoint`,
                wide: true,
                fold: 'lead',
                cell: ({ id, name, url, kind }) => (
                  <>
                    <a href={`/webhooks/${id}`}>
                      <b>{kind === 'callback' ? _`Callback URLs at ${new URL(url).host}` : name}</b>
                    </a>
                    <span class="sub mono">{url}</span>
                  </>
                ),
              },
              {
                head: _`Events`,
                cell: ({ events, kind }) => (kind === 'callback' ? webhookEventLabel('receipt') : listed(events.map(webhookEventLabel))),
              },
              { head: _`Method`, cell: ({ method }) => method },
              { head: _`State`, cell: (row) => <Badge label={endpointLabel(row)} /> },
              { head: _`Created`, num: true, cell: ({ createdAt }) => moment(createdAt, 'minute', timeZone) },
            ]}
          />
        )}
      </section>
      {mayChange && (
        <section class="card" aria-labelledby="callbacks-title">
          <div class="title">
            <h2 id="callbacks-title">{_`Callback URLs of calls and tasks`}</h2>
          </div>
          <div class="in stack">
            <p class="muted">
              {_`A call or a task may name a URL of its own for its receipts. All of these share one signing secret; for a day after a replacement the old one signs beside the new one.`}
            </p>
            <form method="post" action={replace.actionPath}>
              <button type="submit" class="btn">
                <Icon name="refresh" />
                {_`Replace the secret`}
              </button>
            </form>
          </div>
        </section>
      )}
    </>
  );
});

export const head: DocumentHead = () => ({ title: 'Webhooks' });
