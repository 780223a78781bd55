import { component$ } from '@builder.io/qwik';
import { routeAction$, routeLoader$, type DocumentHead } from '@builder.io/qwik-city';
import { _ } from 'compiled-i18n';
import { AppError } from '../../../../../schema/errors';
import type { UserId } from '../../../../../schema/ids';
import { USER_ROLES } from '../../../../../schema/states';
import { AskFirst } from '../../../../components/ask-first';
import { TextField } from '../../../../components/field';
import { Note } from '../../../../components/note';
import { Check, FormCard } from '../../../../components/operators/form-card';
import { UserFields } from '../../../../components/operators/user-fields';
import { again, posted } from '../../../../lib/forms';
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
      <FormCard id="user" title={user.email} action={change.actionPath} refusal={change.value}>
        <UserFields form={form} refusal={change.value} before={user} />
        <TextField
          name="email"
          label={_`E-mail`}
          type="email"
          autocomplete="off"
          value={again(form, 'email', user.email)}
          error={change.value?.fields['email']}
          help={_`Another one ends the user's sessions; both addresses are told.`}
        />
        <TextField
          name="phones"
          label={_`Phones`}
          value={again(form, 'phones', user.phones.join(', '))}
          error={change.value?.fields['phones']}
          help={_`With country code; several with commas.`}
        />
        <Check name="enabled" label={_`May sign in`} checked={form ? form.has('enabled') : user.enabled} />
      </FormCard>
      {!own && (
        <div>
          <AskFirst
            id="renew"
            label={_`New first password`}
            icon="refresh"
            question={_`Mail a new first password?`}
            action={renew.actionPath}
            field={{ name: 'renew', value: '1' }}
          >
            {_`The present password and every session of this user end at once.`}
          </AskFirst>
        </div>
      )}
    </>
  );
});

export const head: DocumentHead = () => ({ title: _`Users` });
