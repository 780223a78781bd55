import { component$ } from '@builder.io/qwik';
import { routeAction$, routeLoader$, type DocumentHead } from '@builder.io/qwik-city';
import { _ } from 'compiled-i18n';
import { ResetStep } from '../../../../components/reset-step';
import { TENANT_RESET, reset } from '../../../../lib/reset-step';
import { codeSent, sendCodeAgain } from '../../../../lib/sent-code';

export const useResetSent = routeLoader$((event) => codeSent(event, TENANT_RESET));
export const useReset = routeAction$((form, event) => reset(event, TENANT_RESET, form));
export const useResetAgain = routeAction$((_form, event) => sendCodeAgain(event, TENANT_RESET));

export default component$(() => {
  const sent = useResetSent();
  const step = useReset();
  const resend = useResetAgain();
  return <ResetStep sent={sent.value} reset={step} resend={resend} signIn={TENANT_RESET.signIn} />;
});

export const head: DocumentHead = () => ({ title: _`New password` });
