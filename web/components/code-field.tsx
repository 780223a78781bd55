import { sync$ } from '@builder.io/qwik';
import { _ } from 'compiled-i18n';
import { Field } from './field';

/** Six digits; a phone offers the code it received, and the form goes off with the sixth digit when it is all that is asked. */
export const CodeField = ({ error, alone }: { error?: string | undefined; alone: boolean }) => (
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
      data-alone={alone ? '' : undefined}
      aria-invalid={error ? 'true' : undefined}
      aria-describedby={error ? 'code-error' : undefined}
      onInput$={sync$((_event: Event, input: HTMLInputElement) => {
        if ('alone' in input.dataset && /^\d{6}$/.test(input.value)) input.form?.requestSubmit();
      })}
    />
  </Field>
);
