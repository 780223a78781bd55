import { component$ } from '@builder.io/qwik';
import { routeAction$, routeLoader$, useLocation, type DocumentHead, type RequestEventCommon } from '@builder.io/qwik-city';
import { _ } from 'compiled-i18n';
import type { KeyId } from '../../../../../schema/ids';
import { managesKeys, type KeySecretView } from '../../../../../schema/keys';
import { SECRETS_PER_KEY } from '../../../../../schema/limits';
import { AskFirst } from '../../../../components/ask-first';
import { Badge } from '../../../../components/badge';
import { Icon } from '../../../../components/icon';
import { KeyLimitFields } from '../../../../components/key-limit-fields';
import { KeySignature } from '../../../../components/key-signature';
import { Note } from '../../../../components/note';
import { SecretShown } from '../../../../components/secret-shown';
import { Table } from '../../../../components/table';
import { codeSamples } from '../../../../lib/code-samples';
import { countryNames, countryOptions } from '../../../../lib/country-options';
import { posted } from '../../../../lib/forms';
import { keyLimitValues, readKeyLimits } from '../../../../lib/key-form';
import { switchLabel, trafficKindLabel } from '../../../../lib/labels';
import { number } from '../../../../lib/numbers';
import { attempt, refuseFields } from '../../../../lib/outcome';
import { actionPath } from '../../../../lib/paths';
import { actorOf, localeOf, servicesOf } from '../../../../lib/platform';
import { showOnce, takeShownOnce } from '../../../../lib/shown-once';
import { moment, momentOrDash } from '../../../../lib/times';

/** Names the signature secret among what is shown once. */
const signatureOf = (id: KeyId): string => `${id} signature`;
const keyIdOf = (event: RequestEventCommon): KeyId => (event.params['id'] ?? '') as KeyId;

export const useKey = routeLoader$(async (event) => {
  const actor = actorOf(event);
  const services = servicesOf(event);
  const id = keyIdOf(event);
  const [key, form] = await Promise.all([services.keys.find(actor, id), services.taskFormOptions(actor)]);
  const secret = takeShownOnce(event, id);
  const signatureSecret = takeShownOnce(event, signatureOf(id));
  return {
    key,
    secret,
    signatureSecret,
    samples: codeSamples(event.url.origin, key, form.senders[0]?.value ?? 'JINMU', secret ?? undefined),
    countries: managesKeys(actor) ? countryOptions(localeOf(event)) : [],
    countryNames: countryNames(key.countries ?? [], localeOf(event)),
    saved: event.query.has('saved'),
    mayChange: managesKeys(actor),
    locale: localeOf(event),
    timeZone: actor.timeZone,
  };
});

export const useLimits = routeAction$(async (form, event) => {
  const id = keyIdOf(event);
  const read = readKeyLimits(form);
  if ('wrong' in read) return refuseFields(event, read.wrong);
  const tried = await attempt(event, () => servicesOf(event).keys.limit(actorOf(event), id, read.limits));
  if ('refused' in tried) return tried.refused;
  throw event.redirect(303, `/keys/${id}?saved`);
});

export const useSwitch = routeAction$(async (form, event) => {
  const id = keyIdOf(event);
  const tried = await attempt(event, () => servicesOf(event).keys.switchOn(actorOf(event), id, posted(form, 'enabled') === 'yes'));
  if ('refused' in tried) return tried.refused;
  throw event.redirect(303, `/keys/${id}`);
});

export const useNewSecret = routeAction$(async (_form, event) => {
  const id = keyIdOf(event);
  const tried = await attempt(event, () => servicesOf(event).keys.addSecret(actorOf(event), id));
  if ('refused' in tried) return tried.refused;
  showOnce(event, id, tried.done.secret);
  throw event.redirect(303, `/keys/${id}`);
});

export const useEndSecret = routeAction$(async (form, event) => {
  const id = keyIdOf(event);
  const tried = await attempt(event, () => servicesOf(event).keys.removeSecret(actorOf(event), id, Number(posted(form, 'secret'))));
  if ('refused' in tried) return tried.refused;
  throw event.redirect(303, `/keys/${id}`);
});

export const useSign = routeAction$(async (form, event) => {
  const id = keyIdOf(event);
  const tried = await attempt(event, () => servicesOf(event).keys.sign(actorOf(event), id, posted(form, 'method')));
  if ('refused' in tried) return tried.refused;
  showOnce(event, signatureOf(id), tried.done.secret);
  throw event.redirect(303, `/keys/${id}`);
});

export const useUnsign = routeAction$(async (_form, event) => {
  const id = keyIdOf(event);
  const tried = await attempt(event, () => servicesOf(event).keys.unsign(actorOf(event), id));
  if ('refused' in tried) return tried.refused;
  throw event.redirect(303, `/keys/${id}`);
});

export default component$(() => {
  const { key, secret, signatureSecret, samples, countries, countryNames: names, saved, mayChange, locale, timeZone } = useKey().value;
  const [limits, change, add, end] = [useLimits(), useSwitch(), useNewSecret(), useEndSecret()];
  const [sign, unsign] = [useSign(), useUnsign()];
  const { url } = useLocation();
  const refusal = change.value ?? add.value ?? end.value ?? unsign.value;
  return (
    <>
      <div class="head">
        <div class="grow">
          <h1>{key.name}</h1>
          <p class="facts muted">
            <Badge label={switchLabel(key.enabled)} />
            <span class="mono">{key.id}</span>
            <span>{trafficKindLabel(key.kind)}</span>
            {key.test && <span class="badge wait">{_`Test key`}</span>}
          </p>
        </div>
        <div class="bar">
          <a class="btn" href={`/blacklist?key=${key.id}`}>
            <Icon name="block" />
            {_`Blacklist`}
          </a>
          {mayChange && !key.enabled && (
            <form method="post" action={actionPath(change.actionPath, url)}>
              <button type="submit" class="btn" name="enabled" value="yes">
                <Icon name="play" />
                {_`Switch on`}
              </button>
            </form>
          )}
          {mayChange && key.enabled && (
            <AskFirst
              id="switch-off"
              label={_`Switch off`}
              icon="pause"
              question={_`Switch this key off?`}
              action={actionPath(change.actionPath, url)}
              field={{ name: 'enabled', value: 'no' }}
            >
              {_`Every request with it is refused at once, until you switch it on again.`}
            </AskFirst>
          )}
        </div>
      </div>
      {refusal && <Note tone="bad">{refusal.message}</Note>}
      {saved && !refusal && !limits.value && <Note tone="ok">{_`The limits are saved.`}</Note>}
      {secret !== null && <SecretShown label={_`New secret`} secret={secret} />}
      {signatureSecret !== null && <SecretShown label={_`New signature secret`} secret={signatureSecret} />}
      <div class="halves">
        <section class="card" aria-labelledby="secrets-title">
          <div class="title">
            <h2 id="secrets-title">{_`Secrets`}</h2>
            {mayChange && (
              <form method="post" action={actionPath(add.actionPath, url)}>
                <button type="submit" class="btn small">
                  <Icon name="plus" />
                  {_`New secret`}
                </button>
              </form>
            )}
          </div>
          <Secrets secrets={key.secrets} action={mayChange ? actionPath(end.actionPath, url) : null} timeZone={timeZone} />
          <p class="pager">{_`Up to ${SECRETS_PER_KEY} are good at once: make a new one, move your servers to it, end the old one. A further one ends the oldest.`}</p>
        </section>
        <section class="card" aria-labelledby="facts-title">
          <div class="title">
            <h2 id="facts-title">{_`Key`}</h2>
          </div>
          <div class="in">
            <dl class="rows">
              <Line label={_`Requests a second`} value={number(key.perSecond, locale)} />
              <Line label={_`Last use`} value={momentOrDash(key.usedAt, 'minute', timeZone)} />
              <Line label={_`Created`} value={moment(key.createdAt, 'minute', timeZone)} />
            </dl>
          </div>
        </section>
      </div>
      <KeyLimitFields
        action={actionPath(limits.actionPath, url)}
        values={keyLimitValues(key, limits.formData)}
        refusal={limits.value}
        mayChange={mayChange}
        countries={countries}
        countryNames={names}
      />
      <KeySignature
        method={key.signatureMethod}
        sign={actionPath(sign.actionPath, url)}
        unsign={actionPath(unsign.actionPath, url)}
        refusal={sign.value}
        mayChange={mayChange}
      />
      <section class="card" aria-labelledby="samples-title">
        <div class="title">
          <h2 id="samples-title">{_`First message by API`}</h2>
          <a href="/docs/api">{_`API reference`}</a>
        </div>
        <div class="in stack">
          {samples.map(({ language, code }, at) => (
            <details key={language} class="opens" open={at === 0}>
              <summary>
                <b>{language}</b>
              </summary>
              <pre class="exchange tall" tabIndex={0} aria-label={language}>
                {code}
              </pre>
            </details>
          ))}
        </div>
      </section>
    </>
  );
});

const Line = ({ label, value }: { label: string; value: string }) => (
  <div>
    <dt>{label}</dt>
    <dd>{value}</dd>
  </div>
);

const Secrets = ({ secrets, action, timeZone }: { secrets: readonly KeySecretView[]; action: string | null; timeZone: string }) => (
  <Table
    caption={_`Secrets`}
    rows={secrets}
    rowKey={({ n }) => String(n)}
    columns={[
      { head: _`Secret`, wide: true, cell: ({ n }) => <span class="mono">{`••••••••  #${n}`}</span> },
      { head: _`Created`, num: true, cell: ({ addedAt }) => momentOrDash(addedAt, 'minute', timeZone) },
      {
        head: _`Actions`,
        cell: ({ n }) =>
          action === null || secrets.length < 2 ? (
            ''
          ) : (
            <AskFirst
              id={`end-${n}`}
              label={_`End it`}
              icon="trash"
              question={_`End the secret #${n}?`}
              action={action}
              field={{ name: 'secret', value: String(n) }}
              small
            >
              {_`Servers that still use it are refused at once.`}
            </AskFirst>
          ),
      },
    ]}
  />
);

export const head: DocumentHead = ({ resolveValue }) => ({ title: resolveValue(useKey).key.name });
