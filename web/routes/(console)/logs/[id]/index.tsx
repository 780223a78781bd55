import { component$, type JSXChildren } from '@builder.io/qwik';
import { routeLoader$, type DocumentHead } from '@builder.io/qwik-city';
import { _ } from 'compiled-i18n';
import { Badge } from '../../../../components/badge';
import { Icon } from '../../../../components/icon';
import { PhonePreview } from '../../../../components/phone-preview';
import { price } from '../../../../lib/amounts';
import { number, phone } from '../../../../lib/numbers';
import { momentOrDash } from '../../../../lib/times';
import { messageStateLabel, trafficKindLabel } from '../../../../lib/labels';
import { isLegacy, LEGACY } from '../../../../lib/paths';
import { shownMessage } from '../../../../lib/log-source';
import { actorOf, localeOf, servicesOf } from '../../../../lib/platform';

export const useMessage = routeLoader$(async (event) => {
  const actor = actorOf(event);
  const locale = localeOf(event);
  const row = await servicesOf(event).message(actor, event.params['id'] ?? '');
  return { message: shownMessage(row, locale), isPast: isLegacy(event.url.pathname), locale, timeZone: actor.timeZone };
});

export default component$(() => {
  const { message, isPast, locale, timeZone } = useMessage().value;
  return (
    <>
      <div class="head">
        <div class="grow">
          <h1 class="mono">{message.id}</h1>
          <p class="facts muted">
            <Badge label={messageStateLabel(message.state)} />
            {message.errorText !== null && <span>{message.errorText}</span>}
          </p>
        </div>
        <a class="btn" href={isPast ? LEGACY : '/logs'}>
          <Icon name="back" />
          {isPast ? _`Data before July 2021` : _`Message log`}
        </a>
      </div>
      <div class="work">
        <section class="card" aria-labelledby="facts-title">
          <div class="title">
            <h2 id="facts-title">{_`Message`}</h2>
          </div>
          <div class="in">
            <dl class="rows">
              <Line label="To">{phone(message.to)}</Line>
              <Line label="From">{message.from}</Line>
              <Line label={_`Country or region`}>{`${message.countryName} ${message.otherName}`}</Line>
              <Line label={_`Network`}>{message.network ?? '—'}</Line>
              <Line label={_`Kind`}>{trafficKindLabel(message.kind)}</Line>
              <Line label={_`Task`}>
                <TaskOf task={message.task} name={message.taskName} isPast={isPast} />
              </Line>
              <Line label={_`Key`}>{message.key}</Line>
              {message.ref !== null && <Line label="client_ref">{message.ref}</Line>}
              <Line label={_`Received`}>{momentOrDash(message.receivedAt, 'second', timeZone)}</Line>
              <Line label={_`Submitted`}>{momentOrDash(message.submittedAt, 'second', timeZone)}</Line>
              <Line label={_`Receipt`}>{momentOrDash(message.finalAt, 'second', timeZone)}</Line>
              <Line label={_`Error`}>
                {message.errorText ?? '—'}
                {message.error !== null && <span class="sub mono muted">{message.error}</span>}
              </Line>
              <Line label={_`Parts`}>{number(message.parts, locale)}</Line>
              <Line label={_`Cost`}>{price(message.priceMicros, locale)}</Line>
            </dl>
          </div>
        </section>
        <aside aria-label={_`Preview on a phone`}>
          <PhonePreview sender={message.from} segments={[{ text: message.body, variable: false }]} />
        </aside>
      </div>
    </>
  );
});

const TaskOf = ({ task, name, isPast }: { task: string | null; name: string | null; isPast: boolean }) =>
  task === null ? (
    <>{isPast ? '—' : 'API'}</>
  ) : (
    <a href={isPast ? `${LEGACY}/tasks?id=${encodeURIComponent(task)}` : `/tasks/${task}`}>{name ?? task}</a>
  );

const Line = ({ label, children }: { label: string; children?: JSXChildren }) => (
  <div>
    <dt>{label}</dt>
    <dd>{children}</dd>
  </div>
);

export const head: DocumentHead = ({ params }) => ({ title: params['id'] ?? '' });
