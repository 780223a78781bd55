import { component$ } from '@builder.io/qwik';
import { routeLoader$, useLocation, type DocumentHead } from '@builder.io/qwik-city';
import { _ } from 'compiled-i18n';
import { maySend } from '../../../../schema/console';
import { APPROVAL_KINDS, APPROVAL_STATES } from '../../../../schema/states';
import { ApprovalTable } from '../../../components/approval-table';
import { EmptyState } from '../../../components/empty-state';
import { SelectField } from '../../../components/field';
import { FilterBar } from '../../../components/filter-bar';
import { Icon } from '../../../components/icon';
import { Pager } from '../../../components/pager';
import { approvalKindLabel, approvalStateLabel } from '../../../lib/labels';
import { withQuery } from '../../../lib/paths';
import { actorOf, servicesOf } from '../../../lib/platform';

export const useApprovals = routeLoader$(async (event) => {
  const who = actorOf(event);
  const state = APPROVAL_STATES.find((known) => known === event.query.get('state'));
  const kind = APPROVAL_KINDS.find((known) => known === event.query.get('kind'));
  const page = await servicesOf(event).approvals(who, { ...(state && { state }), ...(kind && { kind }) }, event.query.get('cursor'));
  return { ...page, mayApply: maySend(who), timeZone: who.timeZone };
});

export default component$(() => {
  const { rows, cursor, mayApply, timeZone } = useApprovals().value;
  const { url } = useLocation();
  const value = (name: string): string => url.searchParams.get(name) ?? '';
  const active = [
    ...APPROVAL_STATES.filter((state) => state === value('state')).map((state) => ({
      text: approvalStateLabel(state).text,
      without: withQuery(url, { state: null, cursor: null }),
    })),
    ...APPROVAL_KINDS.filter((kind) => kind === value('kind')).map((kind) => ({
      text: approvalKindLabel(kind),
      without: withQuery(url, { kind: null, cursor: null }),
    })),
  ];
  return (
    <>
      <div class="head">
        <div class="grow">
          <h1>{_`Approvals`}</h1>
          <span class="muted">{_`Senders, signatures and templates for mainland China.`}</span>
        </div>
        {mayApply && (
          <a class="btn primary" href="/approvals/new">
            <Icon name="plus" />
            {_`Apply`}
          </a>
        )}
      </div>
      <FilterBar action="/approvals" active={active}>
        <SelectField
          name="state"
          label={_`State`}
          value={value('state')}
          options={[
            { value: '', label: _`All` },
            ...APPROVAL_STATES.map((state) => ({ value: state, label: approvalStateLabel(state).text })),
          ]}
        />
        <SelectField
          name="kind"
          label={_`Kind`}
          value={value('kind')}
          options={[{ value: '', label: _`All` }, ...APPROVAL_KINDS.map((kind) => ({ value: kind, label: approvalKindLabel(kind) }))]}
        />
      </FilterBar>
      <section class="card" aria-label={_`Approvals`}>
        {rows.length === 0 ? (
          <EmptyState title={active.length > 0 ? _`Nothing matches these filters` : _`No applications yet`} />
        ) : (
          <ApprovalTable rows={rows} timeZone={timeZone} href={(id) => `/approvals/${id}`} />
        )}
        <Pager
          first={url.searchParams.has('cursor') ? withQuery(url, { cursor: null }) : null}
          next={cursor === null ? null : withQuery(url, { cursor })}
        />
      </section>
    </>
  );
});

export const head: DocumentHead = () => ({ title: _`Approvals` });
