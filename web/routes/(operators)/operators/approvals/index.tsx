import { component$ } from '@builder.io/qwik';
import { routeLoader$, useLocation, type DocumentHead } from '@builder.io/qwik-city';
import { _ } from 'compiled-i18n';
import { APPROVAL_KINDS, APPROVAL_STATES, type ApprovalState } from '../../../../../schema/states';
import { ApprovalTable } from '../../../../components/approval-table';
import { EmptyState } from '../../../../components/empty-state';
import { SelectField } from '../../../../components/field';
import { FilterBar } from '../../../../components/filter-bar';
import { Pager } from '../../../../components/pager';
import { approvalKindLabel, approvalStateLabel } from '../../../../lib/labels';
import { withQuery } from '../../../../lib/paths';
import { operatorOf, operatorServicesOf } from '../../../../lib/platform';

export const useQueue = routeLoader$(async (event) => {
  const who = operatorOf(event);
  const state = wantedState(event.query);
  const kind = APPROVAL_KINDS.find((known) => known === event.query.get('kind'));
  const page = await operatorServicesOf(event).approvals(
    who,
    { ...(state && { state }), ...(kind && { kind }) },
    event.query.get('cursor'),
  );
  return { ...page, timeZone: who.timeZone };
});

/** What waits for a decision, unless the address says otherwise. undefined = any */
function wantedState(query: URLSearchParams): ApprovalState | undefined {
  const wanted = query.get('state') ?? 'pending';
  return APPROVAL_STATES.find((known) => known === wanted);
}

const ANY = 'any';

export default component$(() => {
  const { rows, cursor, timeZone } = useQueue().value;
  const { url } = useLocation();
  const value = (name: string): string => url.searchParams.get(name) ?? '';
  const state = wantedState(url.searchParams);
  const active = [
    ...(state === 'pending'
      ? []
      : [{ text: state ? approvalStateLabel(state).text : _`All states`, without: withQuery(url, { state: null, cursor: null }) }]),
    ...APPROVAL_KINDS.filter((kind) => kind === value('kind')).map((kind) => ({
      text: approvalKindLabel(kind),
      without: withQuery(url, { kind: null, cursor: null }),
    })),
  ];
  return (
    <>
      <div class="head">
        <div class="grow">
          <h1>{_`Approval queue`}</h1>
          <span class="muted">{_`Senders, signatures and templates for mainland China.`}</span>
        </div>
      </div>
      <FilterBar action="/operators/approvals" active={active}>
        <SelectField
          name="state"
          label={_`State`}
          value={state ?? ANY}
          options={[
            { value: ANY, label: _`All` },
            ...APPROVAL_STATES.map((known) => ({ value: known, label: approvalStateLabel(known).text })),
          ]}
        />
        <SelectField
          name="kind"
          label={_`Kind`}
          value={value('kind')}
          options={[{ value: '', label: _`All` }, ...APPROVAL_KINDS.map((kind) => ({ value: kind, label: approvalKindLabel(kind) }))]}
        />
      </FilterBar>
      <section class="card" aria-label={_`Approval queue`}>
        {rows.length === 0 ? (
          <EmptyState title={active.length > 0 ? _`Nothing matches these filters` : _`No application waits for a decision`} />
        ) : (
          <ApprovalTable rows={rows} timeZone={timeZone} href={(id) => `/operators/approvals/${id}`} whose={(row) => row.tenantName} />
        )}
        <Pager
          first={url.searchParams.has('cursor') ? withQuery(url, { cursor: null }) : null}
          next={cursor === null ? null : withQuery(url, { cursor })}
        />
      </section>
    </>
  );
});

export const head: DocumentHead = () => ({ title: _`Approval queue` });
