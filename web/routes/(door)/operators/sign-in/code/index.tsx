import { component$ } from '@builder.io/qwik';
import { routeAction$, routeLoader$, type DocumentHead } from '@builder.io/qwik-city';
import { _ } from 'compiled-i18n';
import { CodeField } from '../../../../../components/code-field';
import { Note } from '../../../../../components/note';
import { ResendButton } from '../../../../../components/resend-button';
import { forgetChallenge, pendingChallenge, rememberChallenge } from '../../../../../lib/challenge';
import { posted } from '../../../../../lib/forms';
import { attempt, refuseFields } from '../../../../../lib/outcome';
import { operatorServicesOf, visitorOf } from '../../../../../lib/platform';

export const useOperatorPending = routeLoader$((event) => {
  const pending = pendingChallenge(event.cookie, 'operators');
  if (!pending) throw event.redirect(303, '/operators/sign-in');
  return { sentTo: pending.sentTo, waitMs: Math.max(0, pending.resendAt - Date.now()) };
});

export const useOperatorCode = routeAction$(async (form, event) => {
  const pending = pendingChallenge(event.cookie, 'operators');
  if (!pending) throw event.redirect(303, '/operators/sign-in');
  const code = posted(form, 'code').replace(/\s/g, '');
  if (!/^\d{6}$/.test(code)) return refuseFields(event, [{ field: 'code', code: code === '' ? 'required' : 'invalid' }]);
  const tried = await attempt(event, () => operatorServicesOf(event).signInCode(visitorOf(event), pending.challenge, code));
  if ('refused' in tried) return tried.refused;
  forgetChallenge(event.cookie);
  event.headers.append('set-cookie', tried.done.cookie);
  throw event.redirect(303, tried.done.mustChangePassword ? '/operators/first-password' : pending.next);
});

export const useOperatorResend = routeAction$(async (_form, event) => {
  const pending = pendingChallenge(event.cookie, 'operators');
  if (!pending) throw event.redirect(303, '/operators/sign-in');
  const tried = await attempt(event, () => operatorServicesOf(event).resendCode(visitorOf(event), pending.challenge));
  if ('refused' in tried) return tried.refused;
  rememberChallenge(event, tried.done, 'operators', pending.next);
  throw event.redirect(303, '/operators/sign-in/code');
});

export default component$(() => {
  const pending = useOperatorPending();
  const code = useOperatorCode();
  const resend = useOperatorResend();
  const wrong = code.value ? (code.value.fields['code'] ?? code.value.message) : undefined;
  return (
    <>
      <h1>{_`Verification code`}</h1>
      <p class="lead">{_`We sent 6 digits to ${pending.value.sentTo}. They are valid for 5 minutes.`}</p>
      {resend.value && <Note tone="bad">{resend.value.message}</Note>}
      <form method="post" action={code.actionPath} class="fields" noValidate>
        <CodeField error={wrong} />
        <button type="submit" class="btn primary wide">{_`Sign in`}</button>
      </form>
      <div class="between">
        <form method="post" action={resend.actionPath}>
          <ResendButton waitMs={pending.value.waitMs} />
        </form>
        <a href="/operators/sign-in">{_`Start again`}</a>
      </div>
    </>
  );
});

export const head: DocumentHead = () => ({ title: _`Verification code` });
