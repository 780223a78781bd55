import { _ } from 'compiled-i18n';
import { Field } from './field';

/** Six digits; a phone offers the code it received. The form is sent by the person, never by the sixth digit: a paste may be mended. */
export const CodeField = ({ error }: { error?: string | undefined }) => (
  <Field name="code" label={_`Verification code`} error={error}>
    <input
      class="input code-input"
      id="code"
      name="code"
      type="text"
      inputMode="numeric"
      autocomplete="one-time-code"
      maxLength={6}
      pattern="[0-9]{6}"
      required
      autofocus
      aria-invalid={error ? 'true' : undefined}
      aria-describedby={error ? 'code-error' : undefined}
    />
  </Field>
);
