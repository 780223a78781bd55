import { component$ } from '@builder.io/qwik';
import { routeAction$, routeLoader$, useLocation, type DocumentHead } from '@builder.io/qwik-city';
import { _ } from 'compiled-i18n';
import { AppError } from '../../../../../../../../schema/errors';
import type { Iso2, KeyId, TenantId } from '../../../../../../../../schema/ids';
import { decimalMoney } from '../../../../../../../../workers/rules/money';
import { TextField } from '../../../../../../../components/field';
import { CarrierChecks } from '../../../../../../../components/operators/carrier-checks';
import { Check, FormCard, Saved } from '../../../../../../../components/operators/form-card';
import { TenantHead } from '../../../../../../../components/operators/tenant-tabs';
import { Pick } from '../../../../../../../components/pick';
import { countryOptions } from '../../../../../../../lib/country-options';
import { again, posted, postedList } from '../../../../../../../lib/forms';
import { anyOf } from '../../../../../../../lib/key-form';
import { trafficKindLabel } from '../../../../../../../lib/labels';
import { deed, entries, optionalAmount, optionalNumber, postedAccounts } from '../../../../../../../lib/operator-form';
import { localeOf, operatorOf, operatorServicesOf } from '../../../../../../../lib/platform';

interface Asked {
  readonly params: Readonly<Record<string, string>>;
}
const idOf = (event: Asked): TenantId => (event.params['id'] ?? '') as TenantId;
const keyOf = (event: Asked): KeyId => (event.params['key'] ?? '') as KeyId;

export const useOneKey = routeLoader$(async (event) => {
  const operator = operatorOf(event);
  const services = operatorServicesOf(event);
  const [tenant, rows, carriers] = await Promise.all([
    services.tenant(operator, idOf(event)),
    services.keys(operator, idOf(event)),
    services.carriers(operator),
  ]);
  const key = rows.find(({ id }) => id === keyOf(event));
  if (!key) throw new AppError('not_found');
  return { id: tenant.id, name: tenant.name, key, carriers, countries: countryOptions(localeOf(event)) };
});

export const useChangeKey = routeAction$((form, event) => {
  return deed(event, (services, operator) =>
    services.changeKey(operator, idOf(event), keyOf(event), {
      name: posted(form, 'name'),
      enabled: posted(form, 'enabled') !== '',
      carrierAccounts: postedAccounts(form),
      perSecond: Number(posted(form, 'perSecond')),
      ipAllowlist: entries(posted(form, 'ipAllowlist')),
      dailyMessages: optionalNumber(posted(form, 'dailyMessages')),
      dailySpendMicros: optionalAmount(posted(form, 'dailySpendMicros')),
      countries: anyOf(postedList(form, 'countries') as Iso2[]),
      noSecret: posted(form, 'noSecret') !== '',
    }),
  );
});

export default component$(() => {
  const { id, name, key, carriers, countries } = useOneKey().value;
  const change = useChangeKey();
  const { url } = useLocation();
  const form = change.formData;
  const wrong = change.value?.fields ?? {};
  return (
    <>
      <TenantHead id={id} name={name} tab="keys" />
      <Saved url={url} />
      <FormCard id="key" title={`${key.id} · ${trafficKindLabel(key.kind)}`} action={change.actionPath} refusal={change.value}>
        <TextField name="name" label={_`Name of it`} value={again(form, 'name', key.name)} error={wrong['name']} />
        <CarrierChecks carriers={carriers} form={form} bound={key.carrierAccounts} error={wrong['carrierAccounts']} />
        <div class="pair">
          <TextField
            name="perSecond"
            label={_`Messages a second`}
            inputMode="numeric"
            value={again(form, 'perSecond', String(key.perSecond))}
            error={wrong['perSecond']}
          />
          <TextField
            name="dailyMessages"
            label={_`Messages a day`}
            hint={_`optional`}
            inputMode="numeric"
            value={again(form, 'dailyMessages', key.dailyMessages === null ? '' : String(key.dailyMessages))}
            error={wrong['dailyMessages']}
          />
          <TextField
            name="dailySpendMicros"
            label={_`EUR a day`}
            hint={_`optional`}
            inputMode="decimal"
            value={again(form, 'dailySpendMicros', key.dailySpendMicros === null ? '' : decimalMoney(key.dailySpendMicros))}
            error={wrong['dailySpendMicros']}
          />
        </div>
        <TextField
          name="ipAllowlist"
          label={_`IP allowlist`}
          hint={_`optional`}
          value={again(form, 'ipAllowlist', key.ipAllowlist.join(', '))}
          error={wrong['ipAllowlist']}
          help={_`IPv4, IPv6 or CIDR, several with commas; empty = any address.`}
        />
        <Pick
          name="countries[]"
          label={_`Only to these countries`}
          options={countries}
          chosen={form ? postedList(form, 'countries') : (key.countries ?? [])}
          none={_`Any country`}
          seek={_`Search countries`}
          error={wrong['countries']}
        />
        <Check name="enabled" label={_`Switched on`} checked={form ? form.has('enabled') : key.enabled} />
        <Check
          name="noSecret"
          label={_`No secret: /sendCallback takes this key from its IP allowlist alone`}
          checked={form ? form.has('noSecret') : key.noSecret}
        />
      </FormCard>
    </>
  );
});

export const head: DocumentHead = () => ({ title: _`Keys` });
