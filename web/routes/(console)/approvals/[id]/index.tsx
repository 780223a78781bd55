import { component$ } from '@builder.io/qwik';
import { routeAction$, routeLoader$, type DocumentHead } from '@builder.io/qwik-city';
import { _ } from 'compiled-i18n';
import { maySend } from '../../../../../schema/console';
import type { ApprovalId } from '../../../../../schema/ids';
import { ApprovalFacts } from '../../../../components/approval-facts';
import { AskFirst } from '../../../../components/ask-first';
import { Note } from '../../../../components/note';
import { attempt } from '../../../../lib/outcome';
import { actorOf, localeOf, servicesOf } from '../../../../lib/platform';

const idOf = (event: { readonly params: Readonly<Record<string, string>> }): ApprovalId => (event.params['id'] ?? '') as ApprovalId;

export const useApproval = routeLoader$(async (event) => {
  const actor = actorOf(event);
  const view = await servicesOf(event).approval(actor, idOf(event));
  return { view, locale: localeOf(event), timeZone: actor.timeZone, mayAct: maySend(actor) };
});

export const useWithdraw = routeAction$(async (_form, event) => {
  const tried = await attempt(event, () => servicesOf(event).withdrawApproval(actorOf(event), idOf(event)));
  if ('refused' in tried) return tried.refused;
  throw event.redirect(303, `/approvals/${idOf(event)}`);
});

export default component$(() => {
  const { view, locale, timeZone, mayAct } = useApproval().value;
  const withdraw = useWithdraw();
  const mayWithdraw = mayAct && (view.state === 'pending' || view.state === 'approved');
  return (
    <>
      <div class="head">
        <div class="grow">
          <h1>{view.name}</h1>
          <span class="muted mono">{view.id}</span>
        </div>
        {mayWithdraw && (
          <AskFirst
            id="withdraw"
            label={_`Withdraw`}
            icon="close"
            question={_`Withdraw this application?`}
            action={withdraw.actionPath}
            field={{ name: 'withdraw', value: '1' }}
          >
            {_`It can no longer be used for sending. You can apply again.`}
          </AskFirst>
        )}
      </div>
      {withdraw.value && <Note tone="bad">{withdraw.value.message}</Note>}
      <ApprovalFacts view={view} locale={locale} timeZone={timeZone} files={`/api/approvals/${view.id}/files`} />
    </>
  );
});

export const head: DocumentHead = () => ({ title: _`Approvals` });
