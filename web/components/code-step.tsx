/** Where a visitor types the code that was sent, at either door. */
import { _ } from 'compiled-i18n';
import type { CodeSent } from '../lib/sent-code';
import type { Refusal } from '../lib/outcome';
import { CodeField } from './code-field';
import { Note } from './note';
import { ResendButton } from './resend-button';

interface Step {
  readonly actionPath: string;
  readonly value: Refusal | undefined;
}

interface CodeStepProps {
  readonly sent: CodeSent;
  readonly code: Step;
  readonly resend: Step;
  /** The first step. */
  readonly start: string;
}

export const CodeStep = ({ sent, code, resend, start }: CodeStepProps) => (
  <>
    <h1>{_`Verification code`}</h1>
    <p class="lead">{_`We sent 6 digits to ${sent.sentTo}. They are valid for 5 minutes.`}</p>
    {resend.value && <Note tone="bad">{resend.value.message}</Note>}
    <form method="post" action={code.actionPath} class="fields" noValidate>
      <CodeField error={code.value ? (code.value.fields['code'] ?? code.value.message) : undefined} />
      <button type="submit" class="btn primary wide">{_`Sign in`}</button>
    </form>
    <div class="between">
      <form method="post" action={resend.actionPath}>
        <ResendButton waitMs={sent.waitMs} />
      </form>
      <a href={start}>{_`Start again`}</a>
    </div>
  </>
);
