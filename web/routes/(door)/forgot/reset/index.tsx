import { component$ } from '@builder.io/qwik';
import { routeAction$, routeLoader$, type DocumentHead } from '@builder.io/qwik-city';
import { _ } from 'compiled-i18n';
import { PASSWORD_MIN_LENGTH } from '../../../../../schema/limits';
import { CodeField } from '../../../../components/code-field';
import { Note } from '../../../../components/note';
import { PasswordField } from '../../../../components/password-field';
import { ResendButton } from '../../../../components/resend-button';
import { forgetChallenge, pendingChallenge, rememberChallenge } from '../../../../lib/challenge';
import { posted } from '../../../../lib/forms';
import { attempt, refuseFields } from '../../../../lib/outcome';
import { servicesOf, visitorOf } from '../../../../lib/platform';

export const usePending = routeLoader$((event) => {
  const pending = pendingChallenge(event.cookie, 'reset');
  if (!pending) throw event.redirect(303, '/forgot');
  return { sentTo: pending.sentTo, waitMs: Math.max(0, pending.resendAt - Date.now()) };
});

export const useReset = routeAction$(async (form, event) => {
  const pending = pendingChallenge(event.cookie, 'reset');
  if (!pending) throw event.redirect(303, '/forgot');
  const code = posted(form, 'code').replace(/\s/g, '');
  if (!/^\d{6}$/.test(code)) return refuseFields(event, [{ field: 'code', code: code === '' ? 'required' : 'invalid' }]);
  const tried = await attempt(event, () =>
    servicesOf(event).resetPassword(visitorOf(event), pending.challenge, code, posted(form, 'password')),
  );
  if ('refused' in tried) return tried.refused;
  forgetChallenge(event.cookie);
  throw event.redirect(303, '/sign-in?reset');
});

export const useResend = routeAction$(async (_form, event) => {
  const pending = pendingChallenge(event.cookie, 'reset');
  if (!pending) throw event.redirect(303, '/forgot');
  const tried = await attempt(event, () => servicesOf(event).resendCode(visitorOf(event), pending.challenge));
  if ('refused' in tried) return tried.refused;
  rememberChallenge(event, tried.done, 'reset', '/');
  throw event.redirect(303, '/forgot/reset');
});

export default component$(() => {
  const pending = usePending();
  const reset = useReset();
  const resend = useResend();
  const refusal = reset.value ?? resend.value;
  return (
    <>
      <h1>{_`New password`}</h1>
      <p class="lead">{_`We sent 6 digits to ${pending.value.sentTo}. They are valid for 5 minutes.`}</p>
      {refusal && Object.keys(refusal.fields).length === 0 && <Note tone="bad">{refusal.message}</Note>}
      <form method="post" action={reset.actionPath} class="fields" noValidate>
        <CodeField error={reset.value?.fields['code']} />
        <PasswordField
          name="password"
          label={_`New password`}
          autocomplete="new-password"
          error={reset.value?.fields['password']}
          help={_`At least ${PASSWORD_MIN_LENGTH} characters. Every session of yours ends.`}
        />
        <button type="submit" class="btn primary wide">{_`Change password`}</button>
      </form>
      <div class="between">
        <form method="post" action={resend.actionPath}>
          <ResendButton waitMs={pending.value.waitMs} />
        </form>
        <a href="/sign-in">{_`Back to sign-in`}</a>
      </div>
    </>
  );
});

export const head: DocumentHead = () => ({ title: _`New password` });
