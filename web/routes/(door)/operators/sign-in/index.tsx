import { component$ } from '@builder.io/qwik';
import { routeAction$, useLocation, type DocumentHead, type RequestHandler } from '@builder.io/qwik-city';
import { _ } from 'compiled-i18n';
import { TextField } from '../../../../components/field';
import { Note } from '../../../../components/note';
import { PasswordField } from '../../../../components/password-field';
import { rememberChallenge } from '../../../../lib/challenge';
import { again, posted } from '../../../../lib/forms';
import { readLogin } from '../../../../lib/login';
import { attempt, refuseFields } from '../../../../lib/outcome';
import { actionPath, operatorsPath } from '../../../../lib/paths';
import { OPERATOR_RESET } from '../../../../lib/reset-step';
import { operatorServicesOf, platformOf, visitorOf } from '../../../../lib/platform';

export const onGet: RequestHandler = (event) => {
  if (platformOf(event).operator) throw event.redirect(303, operatorsPath(event.query.get('next')));
};

export const useOperatorSignIn = routeAction$(async (form, event) => {
  const read = readLogin({ ...form, by: 'email' });
  if ('wrong' in read) return refuseFields(event, [read.wrong]);
  const password = posted(form, 'password');
  if (password === '') return refuseFields(event, [{ field: 'password', code: 'required' }]);
  const tried = await attempt(event, () => operatorServicesOf(event).signIn(visitorOf(event), read.login, password));
  if ('refused' in tried) return tried.refused;
  rememberChallenge(event, tried.done, 'operators', operatorsPath(event.query.get('next')));
  throw event.redirect(303, '/operators/sign-in/code');
});

export default component$(() => {
  const signIn = useOperatorSignIn();
  const { url } = useLocation();
  const refusal = signIn.value;
  const reset = url.searchParams.has('reset');
  return (
    <>
      <h1>{_`Operators: sign in`}</h1>
      <p class="lead">{_`For the service team only. A verification code follows in the next step.`}</p>
      {refusal && Object.keys(refusal.fields).length === 0 && <Note tone="bad">{refusal.message}</Note>}
      {reset && !refusal && <Note tone="ok">{_`Your password was changed. Please sign in with the new one.`}</Note>}
      <form method="post" action={actionPath(signIn.actionPath, url)} class="fields" noValidate>
        <TextField
          name="email"
          label={_`E-mail`}
          type="email"
          autocomplete="username"
          value={again(signIn.formData, 'email')}
          error={refusal?.fields['email']}
        />
        <PasswordField name="password" label={_`Password`} autocomplete="current-password" error={refusal?.fields['password']} />
        <button type="submit" class="btn primary wide">{_`Continue`}</button>
      </form>
      <div class="between">
        <span />
        <a href={OPERATOR_RESET.path}>{_`Forgot your password?`}</a>
      </div>
    </>
  );
});

export const head: DocumentHead = () => ({ title: _`Operators: sign in` });
