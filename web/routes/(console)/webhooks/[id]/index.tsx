import { component$ } from '@builder.io/qwik';
import { routeAction$, routeLoader$, useLocation, type DocumentHead } from '@builder.io/qwik-city';
import { _ } from 'compiled-i18n';
import { maySend } from '../../../../../schema/console';
import type { Locale } from '../../../../../schema/states';
import type { EndpointView } from '../../../../../schema/webhooks';
import { formatLocal } from '../../../../../workers/rules/local-time';
import { AskFirst } from '../../../../components/ask-first';
import { AttemptTable } from '../../../../components/attempt-table';
import { Badge } from '../../../../components/badge';
import { TextField } from '../../../../components/field';
import { Icon } from '../../../../components/icon';
import { Note } from '../../../../components/note';
import { Pager } from '../../../../components/pager';
import { SecretShown } from '../../../../components/secret-shown';
import { endpointIdOf, readReplay } from '../../../../lib/endpoint-source';
import { again, posted } from '../../../../lib/forms';
import { listed, attemptLabel, endpointLabel, webhookEventLabel } from '../../../../lib/labels';
import { number } from '../../../../lib/numbers';
import { attempt, refuseFields, type Refusal } from '../../../../lib/outcome';
import { actionPath, withQuery } from '../../../../lib/paths';
import { actorOf, localeOf, servicesOf } from '../../../../lib/platform';
import { showOnce, takeShownOnce } from '../../../../lib/shown-once';
import { moment, momentOrDash } from '../../../../lib/times';

const DAY_MS = 24 * 60 * 60 * 1000;

export const useEndpoint = routeLoader$(async (event) => {
  const actor = actorOf(event);
  const { webhooks } = servicesOf(event);
  const id = endpointIdOf(event);
  const delivery = event.query.get('delivery') ?? '';
  const [endpoint, log] = await Promise.all([
    webhooks.find(actor, id),
    attempt(event, () => webhooks.attempts(actor, id, event.query.get('cursor'), delivery === '' ? undefined : delivery)),
  ]);
  return {
    endpoint,
    log: 'done' in log ? log.done : { rows: [], cursor: null },
    refused: 'refused' in log ? log.refused.message : null,
    delivery,
    secret: takeShownOnce(event, id),
    replayed: event.query.get('replayed'),
    mayChange: maySend(actor),
    locale: localeOf(event),
    timeZone: actor.timeZone,
    now: Date.now(),
  };
});

export const useSwitch = routeAction$(async (form, event) => {
  const id = endpointIdOf(event);
  const { webhooks } = servicesOf(event);
  const tried = await attempt(event, () => webhooks.edit(actorOf(event), id, { enabled: posted(form, 'enabled') === 'yes' }));
  if ('refused' in tried) return tried.refused;
  throw event.redirect(303, `/webhooks/${id}`);
});

export const useRemove = routeAction$(async (_form, event) => {
  const tried = await attempt(event, () => servicesOf(event).webhooks.remove(actorOf(event), endpointIdOf(event)));
  if ('refused' in tried) return tried.refused;
  throw event.redirect(303, '/webhooks');
});

export const useReplaceSecret = routeAction$(async (_form, event) => {
  const id = endpointIdOf(event);
  const tried = await attempt(event, () => servicesOf(event).webhooks.replaceSecret(actorOf(event), id));
  if ('refused' in tried) return tried.refused;
  showOnce(event, id, tried.done.secret);
  throw event.redirect(303, `/webhooks/${id}`);
});

export const useSendTest = routeAction$(async (_form, event) => {
  const tried = await attempt(event, () => servicesOf(event).webhooks.sendTest(actorOf(event), endpointIdOf(event)));
  return 'refused' in tried ? tried.refused : { failed: false as const, attempt: tried.done };
});

export const useReplay = routeAction$(async (form, event) => {
  const actor = actorOf(event);
  const id = endpointIdOf(event);
  const read = readReplay(form, actor.timeZone);
  if ('wrong' in read) return refuseFields(event, read.wrong);
  const tried = await attempt(event, () => servicesOf(event).webhooks.replay(actor, id, read.wish));
  if ('refused' in tried) return tried.refused;
  throw event.redirect(303, `/webhooks/${id}?replayed=${tried.done.deliveries}`);
});

export default component$(() => {
  const { endpoint, log, refused, delivery, secret, replayed, mayChange, locale, timeZone, now } = useEndpoint().value;
  const [change, remove, replace, test, replay] = [useSwitch(), useRemove(), useReplaceSecret(), useSendTest(), useReplay()];
  const { url } = useLocation();
  const own = endpoint.kind === 'endpoint';
  const refusal = change.value ?? remove.value ?? replace.value ?? (test.value?.failed ? test.value : undefined);
  const tested = test.value?.failed === false ? test.value.attempt : null;
  return (
    <>
      <div class="head">
        <div class="grow">
          <h1>{own ? endpoint.name : _`Callback URLs at ${new URL(endpoint.url).host}`}</h1>
          <p class="facts muted">
            <Badge label={endpointLabel(endpoint)} />
            <span class="mono">{endpoint.url}</span>
          </p>
        </div>
        {mayChange && (
          <div class="bar">
            {own && (
              <form method="post" action={actionPath(test.actionPath, url)}>
                <button type="submit" class="btn">
                  <Icon name="send" />
                  {_`Send a test`}
                </button>
              </form>
            )}
            {own && (
              <a class="btn" href={`/webhooks/${endpoint.id}/edit`}>
                <Icon name="pen" />
                {_`Edit`}
              </a>
            )}
            <form method="post" action={actionPath(change.actionPath, url)}>
              <button type="submit" class="btn" name="enabled" value={endpoint.enabled ? 'no' : 'yes'}>
                <Icon name={endpoint.enabled ? 'pause' : 'play'} />
                {endpoint.enabled ? _`Switch off` : _`Switch on`}
              </button>
            </form>
            {own && (
              <AskFirst
                id="remove"
                label={_`Remove`}
                icon="trash"
                question={_`Remove this endpoint?`}
                action={actionPath(remove.actionPath, url)}
                field={{ name: 'remove', value: 'yes' }}
              >
                {_`What waits for it and its log go with it. It is told nothing any more.`}
              </AskFirst>
            )}
          </div>
        )}
      </div>
      {refusal && <Note tone="bad">{refusal.message}</Note>}
      {refused !== null && <Note tone="bad">{refused}</Note>}
      {secret !== null && <SecretShown label={_`Signing secret`} secret={secret} />}
      {replayed !== null && <Note tone="ok">{_`${number(Number(replayed) || 0, locale)} requests go out again.`}</Note>}
      {tested && (
        <Note tone={tested.error === null ? 'ok' : 'bad'}>
          {_`The test: ${attemptLabel(tested).text}, after ${tested.durationMs} ms.`}
          {tested.answer !== '' && <p class="pre mono">{tested.answer}</p>}
        </Note>
      )}
      {endpoint.trouble !== null && <Note tone="warn">{troubleText(endpoint)}</Note>}
      <div class="halves">
        <section class="card" aria-labelledby="facts-title">
          <div class="title">
            <h2 id="facts-title">{_`Endpoint`}</h2>
          </div>
          <div class="in">
            <dl class="rows">
              <Line label={_`Events`} value={own ? listed(endpoint.events.map(webhookEventLabel)) : webhookEventLabel('receipt')} />
              <Line label={_`Method`} value={endpoint.method} />
              <Line label={_`Events in one request`} value={number(endpoint.batchMax, locale)} />
              <Line label={_`Own headers`} value={endpoint.headerNames.length === 0 ? '—' : listed(endpoint.headerNames)} />
              <Line label={_`Waiting events`} value={number(endpoint.waiting, locale)} />
              <Line label={_`Next try`} value={momentOrDash(endpoint.nextAt, 'second', timeZone)} />
              <Line label={_`Failing since`} value={momentOrDash(endpoint.failingSince, 'minute', timeZone)} />
              <Line label={_`Created`} value={moment(endpoint.createdAt, 'minute', timeZone)} />
            </dl>
            {own && mayChange && (
              <form method="post" action={actionPath(replace.actionPath, url)}>
                <button type="submit" class="btn">
                  <Icon name="refresh" />
                  {_`Replace the secret`}
                </button>
                <p class="help">{_`For a day the old secret signs beside the new one.`}</p>
              </form>
            )}
          </div>
        </section>
        {mayChange && (
          <ReplayPeriod
            action={actionPath(replay.actionPath, url)}
            refusal={replay.value}
            form={replay.formData}
            {...{ now, timeZone, locale }}
          />
        )}
      </div>
      <section class="card" aria-labelledby="log-title">
        <div class="title">
          <h2 id="log-title">{_`Delivery log`}</h2>
          {delivery !== '' && (
            <a class="chip" href={withQuery(url, { delivery: null, cursor: null, replayed: null })}>
              <span class="mono">{delivery}</span>
              <Icon name="close" />
            </a>
          )}
        </div>
        <AttemptTable
          rows={log.rows}
          replay={mayChange && endpoint.enabled ? actionPath(replay.actionPath, url) : null}
          {...{ locale, timeZone }}
        />
        <Pager
          first={url.searchParams.has('cursor') ? withQuery(url, { cursor: null }) : null}
          next={log.cursor === null ? null : withQuery(url, { cursor: log.cursor, replayed: null })}
          says={_`Kept for 30 days.`}
        />
      </section>
    </>
  );
});

const troubleText = ({ trouble }: EndpointView): string =>
  trouble === 'gone'
    ? _`We switched it off because it answered 410 (gone). Repair it, switch it on and replay what it missed.`
    : _`We switched it off because it took nothing for days. Repair it, switch it on and replay what it missed.`;

const Line = ({ label, value }: { label: string; value: string }) => (
  <div>
    <dt>{label}</dt>
    <dd>{value}</dd>
  </div>
);

interface ReplayPeriodProps {
  readonly action: string;
  readonly refusal: Refusal | undefined;
  readonly form: FormData | undefined;
  readonly now: number;
  readonly timeZone: string;
  readonly locale: Locale;
}

const ReplayPeriod = ({ action, refusal, form, now, timeZone }: ReplayPeriodProps) => {
  const local = (at: number): string => formatLocal(at, timeZone).slice(0, 16).replace(' ', 'T');
  const wantsAll = again(form, 'which') === 'all';
  const errors = refusal?.fields ?? {};
  return (
    <section class="card" aria-labelledby="replay-title">
      <div class="title">
        <h2 id="replay-title">{_`Replay a period`}</h2>
      </div>
      <form method="post" action={action} class="in fields" noValidate>
        {refusal && Object.keys(errors).length === 0 && <Note tone="bad">{refusal.message}</Note>}
        <div class="pair">
          <TextField
            name="from"
            label={_`From-time`}
            type="datetime-local"
            value={again(form, 'from', local(now - DAY_MS))}
            error={errors['from']}
          />
          <TextField
            name="until"
            label={_`Until-time`}
            type="datetime-local"
            value={again(form, 'until', local(now))}
            error={errors['until']}
          />
        </div>
        <fieldset class="segments" aria-label={_`Which deliveries`}>
          <label>
            <input class="unseen" type="radio" name="which" value="failed" checked={!wantsAll} />
            {_`Failed ones`}
          </label>
          <label>
            <input class="unseen" type="radio" name="which" value="all" checked={wantsAll} />
            {_`All of them`}
          </label>
        </fieldset>
        <div>
          <button type="submit" class="btn">
            <Icon name="refresh" />
            {_`Replay`}
          </button>
          <p class="help">{_`They go out with the webhook-id they had, so that your server can tell repeats.`}</p>
        </div>
      </form>
    </section>
  );
};

export const head: DocumentHead = ({ resolveValue }) => {
  const { endpoint } = resolveValue(useEndpoint);
  return { title: endpoint.name || endpoint.url };
};
