import { component$, Slot } from '@builder.io/qwik';
import { routeLoader$, useLocation, type RequestHandler } from '@builder.io/qwik-city';
import { _ } from 'compiled-i18n';
import { maySend } from '../../../schema/console';
import { CONSOLE_DOORS, Dock, SideColumn, TopBar, type ShellView } from '../../components/shell';
import { money } from '../../lib/amounts';
import { currentPlace, DOCK, navigation, NOTICES } from '../../lib/navigation';
import { pathOf } from '../../lib/paths';
import { closeMenus, sendOnce } from '../../lib/page-manners';
import { actorOf, platformOf, servicesOf } from '../../lib/platform';

/** Nobody gets past here without a session; entry.worker turns the refusal into the way to the sign-in. */
export const onRequest: RequestHandler = (event) => {
  actorOf(event);
};

export const useShell = routeLoader$(async (event): Promise<ShellView> => {
  const actor = actorOf(event);
  const { locale, theme } = platformOf(event);
  const services = servicesOf(event);
  const [{ availableMicros, currency }, newNotices] = await Promise.all([
    services.balance(actor),
    // On their own page they are being read.
    event.url.pathname === NOTICES ? 0 : services.newNotices(actor),
  ]);
  return {
    name: actor.name,
    email: actor.email,
    tenantName: actor.tenantName,
    doors: CONSOLE_DOORS,
    rights: { isOwner: actor.role === 'owner', maySend: maySend(actor) },
    balance: money(availableMicros, locale, currency),
    newNotices,
    locale,
    theme,
  };
});

export default component$(() => {
  const view = useShell();
  const { url } = useLocation();
  const groups = navigation(view.value.rights);
  const current = currentPlace(url.pathname, groups);
  return (
    <>
      <a class="skip" href="#content">
        {_`Skip to the content`}
      </a>
      <div class="app" onSubmit$={sendOnce} document:onClick$={closeMenus} document:onKeyDown$={closeMenus}>
        <SideColumn groups={groups} current={current} home={CONSOLE_DOORS.home} />
        <div>
          <TopBar view={view.value} current={current} path={pathOf(url)} />
          <main class="content" id="content" tabIndex={-1}>
            <Slot />
          </main>
        </div>
        <Dock groups={groups} current={current} dock={DOCK} />
      </div>
    </>
  );
});
