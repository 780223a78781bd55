/** Where a visitor types the code that was sent and a new password, at either door. */
import { _ } from 'compiled-i18n';
import { PASSWORD_MIN_LENGTH } from '../../schema/limits';
import type { CodeSent } from '../lib/sent-code';
import type { Refusal } from '../lib/outcome';
import { CodeField } from './code-field';
import { Note } from './note';
import { PasswordField } from './password-field';
import { ResendButton } from './resend-button';

interface Step {
  readonly actionPath: string;
  readonly value: Refusal | undefined;
}

interface ResetStepProps {
  readonly sent: CodeSent;
  readonly reset: Step;
  readonly resend: Step;
  readonly signIn: string;
}

export const ResetStep = ({ sent, reset, resend, signIn }: ResetStepProps) => {
  const refusal = reset.value ?? resend.value;
  return (
    <>
      <h1>{_`New password`}</h1>
      <p class="lead">{_`We sent 6 digits to ${sent.sentTo}. They are valid for 5 minutes.`}</p>
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
          <ResendButton waitMs={sent.waitMs} />
        </form>
        <a href={signIn}>{_`Back to sign-in`}</a>
      </div>
    </>
  );
};
