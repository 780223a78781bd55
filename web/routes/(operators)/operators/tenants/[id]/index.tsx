import { component$ } from '@builder.io/qwik';
import { routeAction$, routeLoader$, useLocation, type DocumentHead } from '@builder.io/qwik-city';
import { _ } from 'compiled-i18n';
import type { SenderId, TenantId } from '../../../../../../schema/ids';
import { decimalMoney } from '../../../../../../workers/rules/money';
import { TextField } from '../../../../../components/field';
import { Kpi } from '../../../../../components/kpi';
import { LedgerTable } from '../../../../../components/ledger-table';
import { Note } from '../../../../../components/note';
import { Check, FormCard, Saved } from '../../../../../components/operators/form-card';
import { TenantHead } from '../../../../../components/operators/tenant-tabs';
import { Table } from '../../../../../components/table';
import { money } from '../../../../../lib/amounts';
import { again, posted } from '../../../../../lib/forms';
import { amount, deed } from '../../../../../lib/operator-form';
import { localeOf, operatorOf, operatorServicesOf } from '../../../../../lib/platform';

const idOf = (event: { readonly params: Readonly<Record<string, string>> }): TenantId => (event.params['id'] ?? '') as TenantId;

export const useTenant = routeLoader$(async (event) => {
  const operator = operatorOf(event);
  const services = operatorServicesOf(event);
  const [tenant, ledger] = await Promise.all([
    services.tenant(operator, idOf(event)),
    services.ledger(operator, idOf(event), event.query.get('cursor')),
  ]);
  return { tenant, ledger, locale: localeOf(event), timeZone: operator.timeZone };
});

export const useChangeTenant = routeAction$((form, event) =>
  deed(event, (services, operator) =>
    services.changeTenant(operator, idOf(event), {
      name: posted(form, 'name'),
      enabled: posted(form, 'enabled') !== '',
      creditMicros: amount(posted(form, 'creditMicros')),
      exactTemplates: posted(form, 'exactTemplates') !== '',
      masksBodies: posted(form, 'masksBodies') !== '',
      currencySign: posted(form, 'currencySign'),
    }),
  ),
);
export const useTopUp = routeAction$((form, event) =>
  deed(event, (services, operator) => services.topUp(operator, idOf(event), amount(posted(form, 'micros')), posted(form, 'reference'))),
);
export const useBindSender = routeAction$((form, event) =>
  deed(event, (services, operator) => services.bindSender(operator, idOf(event), posted(form, 'sender'))),
);
export const useUnbindSender = routeAction$((form, event) =>
  deed(event, (services, operator) => services.unbindSender(operator, idOf(event), posted(form, 'bound') as SenderId)),
);

export default component$(() => {
  const { tenant, ledger, locale, timeZone } = useTenant().value;
  const [change, topUp, bind, unbind] = [useChangeTenant(), useTopUp(), useBindSender(), useUnbindSender()];
  const { url } = useLocation();
  const settings = change.formData;
  return (
    <>
      <TenantHead id={tenant.id} name={tenant.name} tab="account" />
      <Saved url={url} />
      {unbind.value && <Note tone="bad">{unbind.value.message}</Note>}
      <div class="kpis">
        <Kpi label={_`Balance`} value={money(tenant.balanceMicros, locale)} />
        <Kpi label={_`Reserved`} value={money(tenant.reservedMicros, locale)} />
        <Kpi label={_`Available balance`} value={money(tenant.availableMicros, locale)} />
      </div>
      <div class="halves">
        <FormCard id="settings" title={_`Account and limits`} action={change.actionPath} refusal={change.value}>
          <TextField name="name" label={_`Company`} value={again(settings, 'name', tenant.name)} error={change.value?.fields['name']} />
          <TextField
            name="creditMicros"
            label={_`Credit, EUR`}
            inputMode="decimal"
            value={again(settings, 'creditMicros', decimalMoney(tenant.creditMicros))}
            error={change.value?.fields['creditMicros']}
            help={_`How far below zero the balance may go.`}
          />
          <TextField
            name="currencySign"
            label={_`Currency in /getBalance`}
            value={again(settings, 'currencySign', tenant.currencySign)}
            error={change.value?.fields['currencySign']}
            help={_`What clients of the original endpoints are told; the amount is in EUR whatever it says.`}
          />
          <Check
            name="enabled"
            label={_`Switched on: its users sign in, its keys send`}
            checked={settings ? settings.has('enabled') : tenant.enabled}
          />
          <Check
            name="exactTemplates"
            label={_`Refuse mainland texts that depart from the approved template`}
            checked={settings ? settings.has('exactTemplates') : tenant.exactTemplates}
          />
          <Check
            name="masksBodies"
            label={_`Never show one-time codes in full`}
            checked={settings ? settings.has('masksBodies') : tenant.masksBodies}
          />
        </FormCard>
        <div class="stack">
          <FormCard id="top-up" title={_`Top up`} action={topUp.actionPath} refusal={topUp.value} submit={_`Top up`}>
            <div class="pair">
              <TextField
                name="micros"
                label={_`Amount, EUR`}
                inputMode="decimal"
                value={again(topUp.formData, 'micros')}
                error={topUp.value?.fields['micros']}
                help={_`Less than zero corrects an entry.`}
              />
              <TextField
                name="reference"
                label={_`Reference of the payment`}
                value={again(topUp.formData, 'reference')}
                error={topUp.value?.fields['reference']}
                help={_`The same reference is taken once only.`}
              />
            </div>
          </FormCard>
          <FormCard id="senders" title={_`Bind a sender`} action={bind.actionPath} refusal={bind.value} submit={_`Bind`}>
            <TextField name="sender" label={_`New sender`} value={again(bind.formData, 'sender')} error={bind.value?.fields['sender']} />
          </FormCard>
          {tenant.senders.length > 0 && (
            <section class="card" aria-label={_`Senders`}>
              <Table
                caption={_`Senders`}
                rows={tenant.senders}
                rowKey={({ id }) => id}
                columns={[
                  { head: 'From / Sender ID', wide: true, cell: ({ value }) => <b class="mono">{value}</b> },
                  {
                    head: _`Actions`,
                    cell: ({ id, value }) => (
                      <form method="post" action={unbind.actionPath} class="acts">
                        <input type="hidden" name="bound" value={id} />
                        <button type="submit" class="btn small danger" aria-label={_`Unbind ${value}`}>{_`Unbind`}</button>
                      </form>
                    ),
                  },
                ]}
              />
            </section>
          )}
        </div>
      </div>
      <LedgerTable page={ledger} url={url} locale={locale} timeZone={timeZone} linksTasks={false} />
    </>
  );
});

export const head: DocumentHead = ({ resolveValue }) => ({ title: resolveValue(useTenant).tenant.name });
