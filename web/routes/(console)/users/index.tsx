import { component$ } from '@builder.io/qwik';
import { routeAction$, routeLoader$, useLocation, type DocumentHead } from '@builder.io/qwik-city';
import { _ } from 'compiled-i18n';
import { USER_ROLES } from '../../../../schema/states';
import { TextField } from '../../../components/field';
import { FormCard, Saved } from '../../../components/operators/form-card';
import { UserFields } from '../../../components/operators/user-fields';
import { UserTable } from '../../../components/operators/user-table';
import { again, posted } from '../../../lib/forms';
import { entries } from '../../../lib/operator-form';
import { attempt } from '../../../lib/outcome';
import { actorOf, localeOf, servicesOf } from '../../../lib/platform';

export const useOwnUsers = routeLoader$(async (event) => {
  const actor = actorOf(event);
  return { rows: await servicesOf(event).users(actor), timeZone: actor.timeZone };
});

export const useInviteUser = routeAction$(async (form, event) => {
  const actor = actorOf(event);
  const tried = await attempt(event, () =>
    servicesOf(event).inviteUser(actor, {
      name: posted(form, 'name'),
      department: posted(form, 'department'),
      role: USER_ROLES.find((role) => role === posted(form, 'role')) ?? 'viewer',
      email: posted(form, 'email'),
      phones: entries(posted(form, 'phones')),
      locale: localeOf(event),
    }),
  );
  if ('refused' in tried) return tried.refused;
  throw event.redirect(303, '/users?done=1');
});

export default component$(() => {
  const { rows, timeZone } = useOwnUsers().value;
  const add = useInviteUser();
  const { url } = useLocation();
  return (
    <>
      <div class="head">
        <div class="grow">
          <h1>{_`Users`}</h1>
          <span class="muted">{_`Owners do everything, senders send, viewers read without numbers in clear.`}</span>
        </div>
      </div>
      <Saved url={url} says={_`Done.`} />
      <section class="card" aria-label={_`Users`}>
        <UserTable rows={rows} timeZone={timeZone} href={(user) => `/users/${user}`} />
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
