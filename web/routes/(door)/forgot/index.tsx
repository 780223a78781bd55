import { component$ } from '@builder.io/qwik';
import { routeAction$, type DocumentHead } from '@builder.io/qwik-city';
import { _ } from 'compiled-i18n';
import { LoginFields } from '../../../components/login-fields';
import { Note } from '../../../components/note';
import { forget, TENANT_RESET } from '../../../lib/reset-step';

export const useForgot = routeAction$((form, event) => forget(event, TENANT_RESET, form));

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
