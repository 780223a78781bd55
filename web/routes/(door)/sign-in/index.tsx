import { component$ } from '@builder.io/qwik';
import { routeAction$, useLocation, type DocumentHead, type RequestHandler } from '@builder.io/qwik-city';
import { _ } from 'compiled-i18n';
import { LoginFields } from '../../../components/login-fields';
import { Note } from '../../../components/note';
import { PasswordField } from '../../../components/password-field';
import { rememberChallenge } from '../../../lib/challenge';
import { posted } from '../../../lib/forms';
import { readLogin } from '../../../lib/login';
import { attempt, refuseFields } from '../../../lib/outcome';
import { actionPath, safePath } from '../../../lib/paths';
import { platformOf, servicesOf, visitorOf } from '../../../lib/platform';

/** Who is signed in already has no business here. */
export const onGet: RequestHandler = (event) => {
  if (platformOf(event).actor) throw event.redirect(303, safePath(event.query.get('next')));
};

export const useSignIn = routeAction$(async (form, event) => {
  const read = readLogin(form);
  if ('wrong' in read) return refuseFields(event, [read.wrong]);
  const password = posted(form, 'password');
  if (password === '') return refuseFields(event, [{ field: 'password', code: 'required' }]);
  const tried = await attempt(event, () => servicesOf(event).signIn(visitorOf(event), read.login, password));
  if ('refused' in tried) return tried.refused;
  rememberChallenge(event, tried.done, 'sign-in', safePath(event.query.get('next')));
  throw event.redirect(303, '/sign-in/code');
});

export default component$(() => {
  const signIn = useSignIn();
  const { url } = useLocation();
  const refusal = signIn.value;
  const reset = url.searchParams.has('reset');
  return (
    <>
      <h1>{_`Sign in`}</h1>
      <p class="lead">{_`A verification code follows in the next step.`}</p>
      {refusal && Object.keys(refusal.fields).length === 0 && <Note tone="bad">{refusal.message}</Note>}
      {reset && !refusal && <Note tone="ok">{_`Your password was changed. Please sign in with the new one.`}</Note>}
      <form method="post" action={actionPath(signIn.actionPath, url)} class="fields" noValidate>
        <LoginFields form={signIn.formData} errors={refusal?.fields} />
        <PasswordField name="password" label={_`Password`} autocomplete="current-password" error={refusal?.fields['password']} />
        <button type="submit" class="btn primary wide">{_`Continue`}</button>
      </form>
      <div class="between">
        <span />
        <a href="/forgot">{_`Forgot your password?`}</a>
      </div>
    </>
  );
});

export const head: DocumentHead = () => ({ title: _`Sign in` });
