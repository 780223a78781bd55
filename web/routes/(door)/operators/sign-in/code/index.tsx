import { component$ } from '@builder.io/qwik';
import { routeAction$, routeLoader$, type DocumentHead } from '@builder.io/qwik-city';
import { _ } from 'compiled-i18n';
import { CodeStep } from '../../../../../components/code-step';
import { enterCode, OPERATOR_DOOR } from '../../../../../lib/code-step';
import { codeSent, sendCodeAgain } from '../../../../../lib/sent-code';

export const useOperatorCodeSent = routeLoader$((event) => codeSent(event, OPERATOR_DOOR));
export const useOperatorCode = routeAction$((form, event) => enterCode(event, OPERATOR_DOOR, form));
export const useOperatorResend = routeAction$((_form, event) => sendCodeAgain(event, OPERATOR_DOOR));

export default component$(() => {
  const sent = useOperatorCodeSent();
  const code = useOperatorCode();
  const resend = useOperatorResend();
  return <CodeStep sent={sent.value} code={code} resend={resend} start={OPERATOR_DOOR.path} />;
});

export const head: DocumentHead = () => ({ title: _`Verification code` });
