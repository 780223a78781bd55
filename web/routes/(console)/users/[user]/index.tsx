import { component$ } from '@builder.io/qwik';
import { routeAction$, routeLoader$, type DocumentHead } from '@builder.io/qwik-city';
import { _ } from 'compiled-i18n';
import { AppError } from '../../../../../schema/errors';
import type { UserId } from '../../../../../schema/ids';
import { USER_ROLES } from '../../../../../schema/states';
import { Note } from '../../../../components/note';
import { KeptUser } from '../../../../components/operators/kept-user';
import { posted } from '../../../../lib/forms';
import { entries } from '../../../../lib/operator-form';
import { attempt } from '../../../../lib/outcome';
import { actorOf, servicesOf } from '../../../../lib/platform';

const userOf = (event: { readonly params: Readonly<Record<string, string>> }): UserId => (event.params['user'] ?? '') as UserId;

export const useOwnUser = routeLoader$(async (event) => {
  const actor = actorOf(event);
  const user = (await servicesOf(event).users(actor)).find(({ id }) => id === userOf(event));
  if (!user) throw new AppError('not_found');
  return { user, own: user.id === actor.user };
});

export const useChangeOwnUser = routeAction$(async (form, event) => {
  const actor = actorOf(event);
  const tried = await attempt(event, () =>
    servicesOf(event).changeUser(actor, userOf(event), {
      name: posted(form, 'name'),
      department: posted(form, 'department'),
      role: USER_ROLES.find((role) => role === posted(form, 'role')) ?? 'viewer',
      enabled: posted(form, 'enabled') !== '',
      phones: entries(posted(form, 'phones')),
      email: posted(form, 'email'),
    }),
  );
  if ('refused' in tried) return tried.refused;
  throw event.redirect(303, '/users?done=1');
});
export const useRenewOwnUser = routeAction$(async (_form, event) => {
  const actor = actorOf(event);
  const tried = await attempt(event, () => servicesOf(event).renewPassword(actor, userOf(event)));
  if ('refused' in tried) return tried.refused;
  throw event.redirect(303, '/users?done=1');
});

export default component$(() => {
  const { user, own } = useOwnUser().value;
  const [change, renew] = [useChangeOwnUser(), useRenewOwnUser()];
  const form = change.formData;
  return (
    <>
      <h1>{user.name}</h1>
      {renew.value && <Note tone="bad">{renew.value.message}</Note>}
      <KeptUser
        user={user}
        title={user.email}
        form={form}
        refusal={change.value}
        change={change.actionPath}
        renew={own ? null : renew.actionPath}
      />
    </>
  );
});

export const head: DocumentHead = () => ({ title: _`Users` });
