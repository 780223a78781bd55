import { component$ } from '@builder.io/qwik';
import { routeAction$, type DocumentHead } from '@builder.io/qwik-city';
import { _ } from 'compiled-i18n';
import { LoginFields } from '../../../components/login-fields';
import { Note } from '../../../components/note';
import { rememberChallenge } from '../../../lib/challenge';
import { readLogin } from '../../../lib/login';
import { attempt, refuseFields } from '../../../lib/outcome';
import { servicesOf, visitorOf } from '../../../lib/platform';

export const useForgot = routeAction$(async (form, event) => {
  const read = readLogin(form);
  if ('wrong' in read) return refuseFields(event, [read.wrong]);
  const tried = await attempt(event, () => servicesOf(event).forgotPassword(visitorOf(event), read.login));
  if ('refused' in tried) return tried.refused;
  rememberChallenge(event, tried.done, 'reset', '/');
  throw event.redirect(303, '/forgot/reset');
});

export default component$(() => {
  const forgot = useForgot();
  const refusal = forgot.value;
  return (
    <>
      <h1>{_`Forgot your password?`}</h1>
      <p class="lead">{_`We send a code to the e-mail address or phone of your account.`}</p>
      {refusal && Object.keys(refusal.fields).length === 0 && <Note tone="bad">{refusal.message}</Note>}
      <form method="post" action={forgot.actionPath} class="fields" noValidate>
        <LoginFields form={forgot.formData} errors={refusal?.fields} />
        <button type="submit" class="btn primary wide">{_`Send the code`}</button>
      </form>
      <div class="between">
        <a href="/sign-in">{_`Back to sign-in`}</a>
      </div>
    </>
  );
});

export const head: DocumentHead = () => ({ title: _`Forgot your password?` });
