import { component$, Slot } from '@builder.io/qwik';
import { routeLoader$, useLocation } from '@builder.io/qwik-city';
import { _ } from 'compiled-i18n';
import { Brand } from '../../components/brand';
import { LanguageSwitch } from '../../components/preferences';
import { sendOnce } from '../../lib/page-manners';
import { pathOf } from '../../lib/paths';
import { localeOf } from '../../lib/platform';

export const useLanguage = routeLoader$((event) => localeOf(event));

export default component$(() => {
  const locale = useLanguage();
  const { url } = useLocation();
  return (
    <div class="door" onSubmit$={sendOnce}>
      <aside class="poster">
        <Arcs />
        <Brand href="/" />
        <div>
          <h2>{_`One list of numbers, delivered around the world`}</h2>
          <p>{_`Every number is checked before anything is sent, every message can be looked up afterwards, and a running task can be paused or stopped at any time.`}</p>
        </div>
        <dl>
          <div>
            <dt>{_`Countries and regions`}</dt>
            <dd>200+</dd>
          </div>
          <div>
            <dt>{_`Numbers in one task`}</dt>
            <dd>{_`100 million`}</dd>
          </div>
          <div>
            <dt>{_`Billing`}</dt>
            <dd>{_`Per part, in EUR`}</dd>
          </div>
        </dl>
      </aside>
      <div class="desk">
        <header class="tools">
          <Brand href="/" />
          <LanguageSwitch locale={locale.value} next={pathOf(url)} />
        </header>
        <main class="paper">
          <Slot />
        </main>
        <footer class="foot">{_`Accounts are opened by our service team.`}</footer>
      </div>
    </div>
  );
});

/** Great circles from one city, the way messages travel. */
const Arcs = () => (
  <svg class="arcs" viewBox="0 0 600 800" preserveAspectRatio="xMaxYMin slice" aria-hidden="true">
    <path d="M430 330C330 210 190 170 20 190M430 330C400 200 330 90 200 20M430 330C460 220 520 140 620 90M430 330C500 320 560 350 640 420M430 330C430 460 480 620 560 760" />
    <circle cx="430" cy="330" r="5" />
    <circle cx="200" cy="20" r="3" />
    <circle cx="20" cy="190" r="3" />
    <circle cx="560" cy="760" r="3" />
  </svg>
);
