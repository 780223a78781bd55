import { component$ } from '@builder.io/qwik';
import { routeAction$, routeLoader$, useLocation, type DocumentHead } from '@builder.io/qwik-city';
import { _ } from 'compiled-i18n';
import type { TenantId } from '../../../../../../../schema/ids';
import { USER_ROLES } from '../../../../../../../schema/states';
import { TextField } from '../../../../../../components/field';
import { FormCard, Saved } from '../../../../../../components/operators/form-card';
import { TenantHead } from '../../../../../../components/operators/tenant-tabs';
import { UserFields } from '../../../../../../components/operators/user-fields';
import { UserTable } from '../../../../../../components/operators/user-table';
import { again, posted } from '../../../../../../lib/forms';
import { deed, entries } from '../../../../../../lib/operator-form';
import { localeOf, operatorOf, operatorServicesOf } from '../../../../../../lib/platform';

const idOf = (event: { readonly params: Readonly<Record<string, string>> }): TenantId => (event.params['id'] ?? '') as TenantId;

export const useUsers = routeLoader$(async (event) => {
  const operator = operatorOf(event);
  const services = operatorServicesOf(event);
  const [tenant, rows] = await Promise.all([services.tenant(operator, idOf(event)), services.users(operator, idOf(event))]);
  return { id: tenant.id, name: tenant.name, rows, timeZone: operator.timeZone };
});

export const useAddUser = routeAction$((form, event) =>
  deed(event, (services, operator) =>
    services.addUser(operator, idOf(event), {
      name: posted(form, 'name'),
      department: posted(form, 'department'),
      role: USER_ROLES.find((role) => role === posted(form, 'role')) ?? 'viewer',
      email: posted(form, 'email'),
      phones: entries(posted(form, 'phones')),
      locale: localeOf(event),
    }),
  ),
);

export default component$(() => {
  const { id, name, rows, timeZone } = useUsers().value;
  const add = useAddUser();
  const { url } = useLocation();
  return (
    <>
      <TenantHead id={id} name={name} tab="users" />
      <Saved url={url} />
      <section class="card" aria-label={_`Users`}>
        <UserTable rows={rows} timeZone={timeZone} href={(user) => `/operators/tenants/${id}/users/${user}`} />
      </section>
      <FormCard id="add" title={_`New user`} action={add.actionPath} refusal={add.value} submit={_`Add and mail the first password`}>
        <UserFields form={add.formData} refusal={add.value} />
        <div class="pair">
          <TextField name="email" label={_`E-mail`} type="email" value={again(add.formData, 'email')} error={add.value?.fields['email']} />
          <TextField
            name="phones"
            label={_`Phones`}
            hint={_`optional`}
            value={again(add.formData, 'phones')}
            error={add.value?.fields['phones']}
            help={_`With country code; several with commas.`}
          />
        </div>
      </FormCard>
    </>
  );
});

export const head: DocumentHead = () => ({ title: _`Users` });
