import { component$ } from '@builder.io/qwik';
import { routeAction$, type DocumentHead, type RequestHandler } from '@builder.io/qwik-city';
import { _ } from 'compiled-i18n';
import { PASSWORD_MIN_LENGTH } from '../../../../../schema/limits';
import { Note } from '../../../../components/note';
import { PasswordField } from '../../../../components/password-field';
import { posted } from '../../../../lib/forms';
import { attempt } from '../../../../lib/outcome';
import { OPERATORS_HOME } from '../../../../lib/paths';
import { operatorAtAll, operatorServicesOf } from '../../../../lib/platform';

export const onGet: RequestHandler = (event) => {
  if (!operatorAtAll(event).mustChangePassword) throw event.redirect(303, OPERATORS_HOME);
};

export const useOperatorFirstPassword = routeAction$(async (form, event) => {
  const operator = operatorAtAll(event);
  const tried = await attempt(event, () => operatorServicesOf(event).changePassword(operator, null, posted(form, 'password')));
  if ('refused' in tried) return tried.refused;
  throw event.redirect(303, OPERATORS_HOME);
});

export default component$(() => {
  const change = useOperatorFirstPassword();
  const refusal = change.value;
  return (
    <>
      <h1>{_`Choose your password`}</h1>
      <p class="lead">{_`Please replace the first password with one that only you know.`}</p>
      {refusal && Object.keys(refusal.fields).length === 0 && <Note tone="bad">{refusal.message}</Note>}
      <form method="post" action={change.actionPath} class="fields" noValidate>
        <PasswordField
          name="password"
          label={_`New password`}
          autocomplete="new-password"
          error={refusal?.fields['password']}
          help={_`At least ${PASSWORD_MIN_LENGTH} characters, better a short sentence than a riddle.`}
          autofocus
        />
        <button type="submit" class="btn primary wide">{_`Save and go on`}</button>
      </form>
      <form method="post" action="/operators/sign-out" class="between">
        <button type="submit" class="plain">{_`Sign out`}</button>
      </form>
    </>
  );
});

export const head: DocumentHead = () => ({ title: _`Choose your password` });
