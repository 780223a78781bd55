import { component$, Slot } from '@builder.io/qwik';
import { routeLoader$, useLocation, type RequestHandler } from '@builder.io/qwik-city';
import { _ } from 'compiled-i18n';
import { Dock, OPERATOR_DOORS, SideColumn, TopBar, type ShellView } from '../../components/shell';
import { currentPlace } from '../../lib/navigation';
import { OPERATOR_DOCK, operatorNavigation } from '../../lib/operator-navigation';
import { closeMenus, sendOnce } from '../../lib/page-manners';
import { pathOf } from '../../lib/paths';
import { operatorOf, operatorServicesOf, platformOf } from '../../lib/platform';

/** Nobody but operators: to everybody else these pages do not exist, or ask for the operators' own sign-in. */
export const onRequest: RequestHandler = (event) => {
  operatorOf(event);
};

export const useOperatorShell = routeLoader$(async (event): Promise<ShellView & { readonly waitingApprovals: number }> => {
  const operator = operatorOf(event);
  const { name, email } = operator;
  const waitingApprovals = await operatorServicesOf(event).waitingApprovals(operator);
  const { locale, theme } = platformOf(event);
  return {
    name,
    email,
    tenantName: '',
    balance: null,
    rights: { isOwner: false, maySend: false },
    newNotices: null,
    doors: OPERATOR_DOORS,
    locale,
    theme,
    waitingApprovals,
  };
});

export default component$(() => {
  const view = useOperatorShell().value;
  const { url } = useLocation();
  const groups = operatorNavigation(view.waitingApprovals);
  const current = currentPlace(url.pathname, groups);
  return (
    <>
      <a class="skip" href="#content">
        {_`Skip to the content`}
      </a>
      <div class="app" onSubmit$={sendOnce} document:onClick$={closeMenus} document:onKeyDown$={closeMenus}>
        <SideColumn groups={groups} current={current} home={OPERATOR_DOORS.home} />
        <div>
          <TopBar view={{ ...view, tenantName: _`Operators` }} current={current} path={pathOf(url)} />
          <main class="content" id="content" tabIndex={-1}>
            <Slot />
          </main>
        </div>
        <Dock groups={groups} current={current} dock={OPERATOR_DOCK} />
      </div>
    </>
  );
});
