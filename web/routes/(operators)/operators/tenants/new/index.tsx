import { component$ } from '@builder.io/qwik';
import { routeAction$, type DocumentHead } from '@builder.io/qwik-city';
import { _ } from 'compiled-i18n';
import { LOCALES } from '../../../../../../schema/states';
import { SelectField, TextField } from '../../../../../components/field';
import { FormCard } from '../../../../../components/operators/form-card';
import { again, posted } from '../../../../../lib/forms';
import { amount, deed, entries } from '../../../../../lib/operator-form';

export const useOpenTenant = routeAction$((form, event) =>
  deed(
    event,
    (services, operator) =>
      services.openTenant(operator, {
        name: posted(form, 'name'),
        ownerName: posted(form, 'ownerName'),
        email: posted(form, 'email'),
        phones: entries(posted(form, 'phones')),
        locale: LOCALES.find((known) => known === posted(form, 'language')) ?? 'zh-CN',
        creditMicros: amount(posted(form, 'creditMicros') || '0'),
      }),
    (id) => `/operators/tenants/${id}?done=1`,
  ),
);

export default component$(() => {
  const open = useOpenTenant();
  const wrong = open.value?.fields ?? {};
  const form = open.formData;
  return (
    <>
      <h1>{_`Open an account`}</h1>
      <FormCard id="open" title={_`Tenant and owner`} action={open.actionPath} refusal={open.value} submit={_`Open the account`}>
        <div class="pair">
          <TextField name="name" label={_`Company`} value={again(form, 'name')} error={wrong['name']} />
          <TextField
            name="creditMicros"
            label={_`Credit, EUR`}
            inputMode="decimal"
            value={again(form, 'creditMicros', '0')}
            error={wrong['creditMicros']}
            help={_`How far below zero the balance may go.`}
          />
        </div>
        <div class="pair">
          <TextField name="ownerName" label={_`Owner`} value={again(form, 'ownerName')} error={wrong['ownerName']} />
          <TextField
            name="email"
            label={_`E-mail`}
            type="email"
            value={again(form, 'email')}
            error={wrong['email']}
            help={_`The first password goes there.`}
          />
        </div>
        <div class="pair">
          <TextField
            name="phones"
            label={_`Phones`}
            hint={_`optional`}
            value={again(form, 'phones')}
            error={wrong['phones']}
            help={_`With country code; several with commas.`}
          />
          <SelectField
            name="language"
            label={_`Language`}
            value={again(form, 'language', 'zh-CN')}
            options={[
              { value: 'zh-CN', label: '简体中文' },
              { value: 'en', label: 'English' },
            ]}
          />
        </div>
      </FormCard>
    </>
  );
});

export const head: DocumentHead = () => ({ title: _`Open an account` });
