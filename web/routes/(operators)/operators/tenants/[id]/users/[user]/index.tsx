import { component$ } from '@builder.io/qwik';
import { routeAction$, routeLoader$, useLocation, type DocumentHead } from '@builder.io/qwik-city';
import { _ } from 'compiled-i18n';
import { AppError } from '../../../../../../../../schema/errors';
import type { TenantId, UserId } from '../../../../../../../../schema/ids';
import { USER_ROLES } from '../../../../../../../../schema/states';
import { Note } from '../../../../../../../components/note';
import { Saved } from '../../../../../../../components/operators/form-card';
import { TenantHead } from '../../../../../../../components/operators/tenant-tabs';
import { KeptUser } from '../../../../../../../components/operators/kept-user';
import { posted } from '../../../../../../../lib/forms';
import { deed, entries } from '../../../../../../../lib/operator-form';
import { operatorOf, operatorServicesOf } from '../../../../../../../lib/platform';

interface Asked {
  readonly params: Readonly<Record<string, string>>;
}
const idOf = (event: Asked): TenantId => (event.params['id'] ?? '') as TenantId;
const userOf = (event: Asked): UserId => (event.params['user'] ?? '') as UserId;

export const useOneUser = routeLoader$(async (event) => {
  const operator = operatorOf(event);
  const services = operatorServicesOf(event);
  const [tenant, rows] = await Promise.all([services.tenant(operator, idOf(event)), services.users(operator, idOf(event))]);
  const user = rows.find(({ id }) => id === userOf(event));
  if (!user) throw new AppError('not_found');
  return { id: tenant.id, tenantName: tenant.name, user };
});

export const useChangeUser = routeAction$((form, event) =>
  deed(event, (services, operator) =>
    services.changeUser(operator, idOf(event), userOf(event), {
      name: posted(form, 'name'),
      department: posted(form, 'department'),
      role: USER_ROLES.find((role) => role === posted(form, 'role')) ?? 'viewer',
      enabled: posted(form, 'enabled') !== '',
      phones: entries(posted(form, 'phones')),
      email: posted(form, 'email'),
    }),
  ),
);
export const useRenewPassword = routeAction$((_form, event) =>
  deed(event, (services, operator) => services.renewPassword(operator, idOf(event), userOf(event))),
);

export default component$(() => {
  const { id, tenantName, user } = useOneUser().value;
  const [change, renew] = [useChangeUser(), useRenewPassword()];
  const { url } = useLocation();
  const form = change.formData;
  return (
    <>
      <TenantHead id={id} name={tenantName} tab="users" />
      <Saved url={url} />
      {renew.value && <Note tone="bad">{renew.value.message}</Note>}
      <KeptUser
        user={user}
        title={`${user.name} · ${user.email}`}
        form={form}
        refusal={change.value}
        change={change.actionPath}
        renew={renew.actionPath}
      />
    </>
  );
});

export const head: DocumentHead = () => ({ title: _`Users` });
