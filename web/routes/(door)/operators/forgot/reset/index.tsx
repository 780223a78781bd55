import { component$ } from '@builder.io/qwik';
import { routeAction$, routeLoader$, type DocumentHead } from '@builder.io/qwik-city';
import { _ } from 'compiled-i18n';
import { ResetStep } from '../../../../../components/reset-step';
import { OPERATOR_RESET, reset } from '../../../../../lib/reset-step';
import { codeSent, sendCodeAgain } from '../../../../../lib/sent-code';

export const useOperatorResetSent = routeLoader$((event) => codeSent(event, OPERATOR_RESET));
export const useOperatorReset = routeAction$((form, event) => reset(event, OPERATOR_RESET, form));
export const useOperatorResetAgain = routeAction$((_form, event) => sendCodeAgain(event, OPERATOR_RESET));

export default component$(() => {
  const sent = useOperatorResetSent();
  const step = useOperatorReset();
  const resend = useOperatorResetAgain();
  return <ResetStep sent={sent.value} reset={step} resend={resend} signIn={OPERATOR_RESET.signIn} />;
});

export const head: DocumentHead = () => ({ title: _`New password` });
