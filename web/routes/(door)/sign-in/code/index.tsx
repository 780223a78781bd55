import { component$ } from '@builder.io/qwik';
import { routeAction$, routeLoader$, type DocumentHead } from '@builder.io/qwik-city';
import { _ } from 'compiled-i18n';
import { CodeStep } from '../../../../components/code-step';
import { enterCode, TENANT_DOOR } from '../../../../lib/code-step';
import { codeSent, sendCodeAgain } from '../../../../lib/sent-code';

export const useCodeSent = routeLoader$((event) => codeSent(event, TENANT_DOOR));
export const useCode = routeAction$((form, event) => enterCode(event, TENANT_DOOR, form));
export const useResend = routeAction$((_form, event) => sendCodeAgain(event, TENANT_DOOR));

export default component$(() => {
  const sent = useCodeSent();
  const code = useCode();
  const resend = useResend();
  return <CodeStep sent={sent.value} code={code} resend={resend} start={TENANT_DOOR.path} />;
});

export const head: DocumentHead = () => ({ title: _`Verification code` });
