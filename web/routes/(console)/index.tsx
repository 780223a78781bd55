import { component$ } from '@builder.io/qwik';
import { routeLoader$, type DocumentHead } from '@builder.io/qwik-city';
import { _ } from 'compiled-i18n';
import { maySend, type NoticeView } from '../../../schema/console';
import type { Locale } from '../../../schema/states';
import { countryName } from '../../../workers/rules/countries';
import { CountryVolumes } from '../../components/country-volumes';
import { Icon } from '../../components/icon';
import { LiveHome } from '../../components/live-home';
import { NoticeList } from '../../components/notice-list';
import { TrendChart } from '../../components/trend-chart';
import { messageStateLabel } from '../../lib/labels';
import { roughShare } from '../../lib/numbers';
import { shownReasons, type ShownReason } from '../../lib/report-source';
import { longDay } from '../../lib/times';
import { actorOf, localeOf, servicesOf } from '../../lib/platform';

export const useHome = routeLoader$(async (event) => {
  const actor = actorOf(event);
  const locale = localeOf(event);
  const home = await servicesOf(event).home(actor);
  const countries = home.countries.map((row) => ({ ...row, name: countryName(row.country, locale) }));
  return {
    home,
    countries,
    reasons: shownReasons(home.failures, locale),
    locale,
    timeZone: actor.timeZone,
    now: Date.now(),
    maySend: maySend(actor),
  };
});

/** Reasons that are named; all others are one. */
const REASONS_NAMED = 2;

/** Why messages of today failed, as words; null where none did. */
function splitOf(reasons: readonly ShownReason[], failed: number, locale: Locale): string | null {
  if (failed === 0 || reasons.length === 0) return null;
  const named = reasons.slice(0, REASONS_NAMED);
  const rest = named.reduce((left, { messages }) => left - messages, failed);
  return [
    ...named.map(({ text, state, messages }) => `${text || messageStateLabel(state).text} ${roughShare(messages, failed, locale)}`),
    ...(rest > 0 ? [`${_`Others`} ${roughShare(rest, failed, locale)}`] : []),
  ].join(' · ');
}

export default component$(() => {
  const { home, countries, reasons, locale, timeZone, now, maySend: sends } = useHome().value;
  const before = home.days.slice(0, -1);
  const average = before.length > 0 ? before.reduce((sum, day) => sum + day.submitted, 0) / before.length : 0;
  return (
    <>
      <div class="head">
        <div class="grow">
          <h1>{_`Today`}</h1>
          <span class="muted">
            <time dateTime={new Date(now).toISOString()}>{longDay(now, locale, timeZone)}</time> · {timeZone}
          </span>
        </div>
        {sends && (
          <a class="btn primary" href="/tasks/new">
            <Icon name="plus" />
            {_`New task`}
          </a>
        )}
      </div>
      <LiveHome
        today={home.today}
        yesterday={home.submittedYesterday}
        failures={splitOf(reasons, home.today.failed, locale)}
        running={home.running}
        at={now}
        average={average}
        locale={locale}
        timeZone={timeZone}
      >
        <section class="card" aria-labelledby="trend">
          <div class="title">
            <h2 id="trend">{_`Sent and delivered in 30 days`}</h2>
            <a href="/reports">{_`Reports`}</a>
          </div>
          <div class="in">
            <TrendChart
              points={home.days.map(({ day, submitted, delivered, failed }) => ({ at: day, sent: submitted, delivered, failed }))}
              caption={_`Sent and delivered in the last 30 days`}
              locale={locale}
            />
          </div>
        </section>
        <CountryVolumes countries={countries} locale={locale} says={_`Last 30 days`} />
      </LiveHome>
      <Notices notices={home.notices} timeZone={timeZone} />
    </>
  );
});

const Notices = ({ notices, timeZone }: { notices: readonly NoticeView[]; timeZone: string }) => (
  <section class="card" aria-labelledby="notices-title">
    <div class="title">
      <h2 id="notices-title">{_`Notices`}</h2>
      {notices.length > 0 && <a href="/notices">{_`All notices`}</a>}
    </div>
    <NoticeList notices={notices} timeZone={timeZone} />
  </section>
);

export const head: DocumentHead = () => ({ title: _`Home` });
