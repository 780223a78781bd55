import { component$ } from '@builder.io/qwik';
import { routeAction$, routeLoader$, useLocation, type DocumentHead } from '@builder.io/qwik-city';
import { _ } from 'compiled-i18n';
import type { ApprovalId } from '../../../../../../schema/ids';
import { ApprovalFacts } from '../../../../../components/approval-facts';
import { TextField } from '../../../../../components/field';
import { Note } from '../../../../../components/note';
import { Saved } from '../../../../../components/operators/form-card';
import { again, posted } from '../../../../../lib/forms';
import { deed } from '../../../../../lib/operator-form';
import { localeOf, operatorOf, operatorServicesOf } from '../../../../../lib/platform';

const idOf = (event: { readonly params: Readonly<Record<string, string>> }): ApprovalId => (event.params['id'] ?? '') as ApprovalId;

export const useApplication = routeLoader$(async (event) => {
  const operator = operatorOf(event);
  const view = await operatorServicesOf(event).approval(operator, idOf(event));
  return { view, locale: localeOf(event), timeZone: operator.timeZone };
});

export const useDecide = routeAction$((form, event) =>
  deed(event, (services, operator) =>
    services.decideApproval(
      operator,
      idOf(event),
      posted(form, 'decision') === 'approved' ? 'approved' : 'refused',
      posted(form, 'reason'),
    ),
  ),
);

export default component$(() => {
  const { view, locale, timeZone } = useApplication().value;
  const decide = useDecide();
  const { url } = useLocation();
  const open = view.state === 'pending' || view.state === 'approved';
  return (
    <>
      <div class="head">
        <div class="grow">
          <h1>{view.name}</h1>
          <span class="muted">
            <a href={`/operators/tenants/${view.tenant}`}>{view.tenantName}</a>
          </span>
        </div>
      </div>
      <Saved url={url} />
      {open && (
        <section class="card" aria-labelledby="decide-title">
          <div class="title">
            <h2 id="decide-title">{_`Decision`}</h2>
          </div>
          <form method="post" action={decide.actionPath} class="in fields" noValidate>
            {decide.value && <Note tone="bad">{decide.value.message}</Note>}
            <TextField
              name="reason"
              label={_`Reason`}
              value={again(decide.formData, 'reason')}
              error={decide.value?.fields['reason']}
              help={_`Needed for a refusal; the tenant reads it.`}
            />
            <div class="bar">
              {view.state === 'pending' && (
                <button type="submit" class="btn primary" name="decision" value="approved">
                  {_`Approve`}
                </button>
              )}
              <button type="submit" class="btn danger" name="decision" value="refused">
                {_`Refuse`}
              </button>
            </div>
          </form>
        </section>
      )}
      <ApprovalFacts view={view} locale={locale} timeZone={timeZone} files={`/api/operators/approvals/${view.id}/files`} />
    </>
  );
});

export const head: DocumentHead = () => ({ title: _`Approval queue` });
