import { component$ } from '@builder.io/qwik';
import { routeAction$, type DocumentHead } from '@builder.io/qwik-city';
import { _ } from 'compiled-i18n';
import { TextField } from '../../../../components/field';
import { Note } from '../../../../components/note';
import { again } from '../../../../lib/forms';
import { forget, OPERATOR_RESET } from '../../../../lib/reset-step';

export const useOperatorForgot = routeAction$((form, event) => forget(event, OPERATOR_RESET, { ...form, by: 'email' }));

export default component$(() => {
  const forgot = useOperatorForgot();
  const refusal = forgot.value;
  return (
    <>
      <h1>{_`Operators: forgotten password`}</h1>
      <p class="lead">{_`We send a code to the e-mail address of your operator account.`}</p>
      {refusal && Object.keys(refusal.fields).length === 0 && <Note tone="bad">{refusal.message}</Note>}
      <form method="post" action={forgot.actionPath} class="fields" noValidate>
        <TextField
          name="email"
          label={_`E-mail`}
          type="email"
          autocomplete="username"
          value={again(forgot.formData, 'email')}
          error={refusal?.fields['email']}
        />
        <button type="submit" class="btn primary wide">{_`Send the code`}</button>
      </form>
      <div class="between">
        <a href={OPERATOR_RESET.signIn}>{_`Back to sign-in`}</a>
      </div>
    </>
  );
});

export const head: DocumentHead = () => ({ title: _`Operators: forgotten password` });
