import { component$ } from '@builder.io/qwik';
import { routeAction$, routeLoader$, useLocation, type DocumentHead } from '@builder.io/qwik-city';
import { _ } from 'compiled-i18n';
import type { TenantId } from '../../../../../../../schema/ids';
import { KEY_DEFAULT_PER_SECOND } from '../../../../../../../schema/limits';
import { TRAFFIC_KINDS } from '../../../../../../../schema/states';
import { Badge } from '../../../../../../components/badge';
import { EmptyState } from '../../../../../../components/empty-state';
import { SelectField, TextField } from '../../../../../../components/field';
import { CarrierChecks } from '../../../../../../components/operators/carrier-checks';
import { Check, FormCard, Saved } from '../../../../../../components/operators/form-card';
import { TenantHead } from '../../../../../../components/operators/tenant-tabs';
import { SecretShown } from '../../../../../../components/secret-shown';
import { Table } from '../../../../../../components/table';
import { again, posted } from '../../../../../../lib/forms';
import { switchLabel, trafficKindLabel } from '../../../../../../lib/labels';
import { deed, postedAccounts } from '../../../../../../lib/operator-form';
import { withQuery } from '../../../../../../lib/paths';
import { number } from '../../../../../../lib/numbers';
import { localeOf, operatorOf, operatorServicesOf } from '../../../../../../lib/platform';
import { showOnce, takeShownOnce } from '../../../../../../lib/shown-once';

const idOf = (event: { readonly params: Readonly<Record<string, string>> }): TenantId => (event.params['id'] ?? '') as TenantId;

export const useKeys = routeLoader$(async (event) => {
  const operator = operatorOf(event);
  const services = operatorServicesOf(event);
  const [tenant, rows, carriers] = await Promise.all([
    services.tenant(operator, idOf(event)),
    services.keys(operator, idOf(event)),
    services.carriers(operator),
  ]);
  return {
    id: tenant.id,
    name: tenant.name,
    rows,
    carriers,
    locale: localeOf(event),
    secret: takeShownOnce(event, `keys of ${tenant.id}`),
  };
});

export const useMakeKey = routeAction$((form, event) =>
  deed(
    event,
    (services, operator) =>
      services.makeKey(operator, idOf(event), {
        name: posted(form, 'name'),
        kind: TRAFFIC_KINDS.find((kind) => kind === posted(form, 'kind')) ?? 'marketing',
        test: posted(form, 'test') !== '',
        carrierAccounts: postedAccounts(form),
        perSecond: Number(posted(form, 'perSecond')),
      }),
    ({ baseKey, secret }) => {
      showOnce(event, `keys of ${idOf(event)}`, `${baseKey}:${secret}`);
      return withQuery(event.url, { done: '1' });
    },
  ),
);

export default component$(() => {
  const { id, name, rows, carriers, locale, secret } = useKeys().value;
  const make = useMakeKey();
  const { url } = useLocation();
  const form = make.formData;
  const wrong = make.value?.fields ?? {};
  return (
    <>
      <TenantHead id={id} name={name} tab="keys" />
      <Saved url={url} />
      {secret !== null && <SecretShown label={_`Key and secret`} secret={secret} />}
      <section class="card" aria-label={_`Keys`}>
        {rows.length === 0 ? (
          <EmptyState title={_`No keys yet`} />
        ) : (
          <Table
            caption={_`Keys`}
            folds
            rows={rows}
            rowKey={(key) => key.id}
            columns={[
              {
                head: _`Name of it`,
                wide: true,
                fold: 'lead',
                cell: (key) => (
                  <>
                    <a href={`/operators/tenants/${id}/keys/${key.id}`}>
                      <b>{key.name}</b>
                    </a>
                    <span class="sub mono">{key.id}</span>
                  </>
                ),
              },
              { head: _`Kind`, cell: ({ kind, test }) => `${trafficKindLabel(kind)}${test ? ` (${_`test`})` : ''}` },
              { head: _`State`, cell: ({ enabled }) => <Badge label={switchLabel(enabled)} /> },
              {
                head: _`Carrier accounts`,
                cell: ({ carrierAccounts }) =>
                  carriers
                    .filter((carrier) => carrierAccounts.includes(carrier.id))
                    .map((carrier) => carrier.name)
                    .join(', '),
              },
              { head: _`Messages a second`, num: true, cell: ({ perSecond }) => number(perSecond, locale) },
            ]}
          />
        )}
      </section>
      <FormCard id="make" title={_`New key`} action={make.actionPath} refusal={make.value} submit={_`Make the key`}>
        <div class="pair">
          <TextField name="name" label={_`Name of it`} value={again(form, 'name')} error={wrong['name']} />
          <SelectField
            name="kind"
            label={_`Kind`}
            value={again(form, 'kind', 'marketing')}
            options={TRAFFIC_KINDS.map((kind) => ({ value: kind, label: trafficKindLabel(kind) }))}
          />
        </div>
        <div class="narrow">
          <TextField
            name="perSecond"
            label={_`Messages a second`}
            inputMode="numeric"
            value={again(form, 'perSecond', String(KEY_DEFAULT_PER_SECOND))}
            error={wrong['perSecond']}
          />
        </div>
        <CarrierChecks carriers={carriers} form={form} error={wrong['carrierAccounts']} />
        <Check name="test" label={_`Test key: nothing is really sent`} checked={form?.has('test') ?? false} />
      </FormCard>
    </>
  );
});

export const head: DocumentHead = () => ({ title: _`Keys` });
