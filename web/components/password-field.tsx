import { sync$, type JSXChildren } from '@builder.io/qwik';
import { _ } from 'compiled-i18n';
import { described, Field, invalid } from './field';

interface PasswordFieldProps {
  readonly name: string;
  readonly label: string;
  readonly autocomplete: 'current-password' | 'new-password';
  readonly error?: string | undefined;
  readonly help?: JSXChildren;
  readonly autofocus?: boolean;
}

/** One field instead of two: what was typed can be looked at. */
export const PasswordField = ({ name, label, autocomplete, error, help, autofocus }: PasswordFieldProps) => (
  <Field {...{ name, label, error, help }}>
    <div class="reveal">
      <input
        class="input"
        id={name}
        name={name}
        type="password"
        autocomplete={autocomplete}
        autofocus={autofocus}
        required
        {...invalid(error)}
        aria-describedby={described(name, error, help)}
      />
      <button
        type="button"
        class="plain with-script"
        aria-pressed="false"
        aria-controls={name}
        onClick$={sync$((_event: Event, button: HTMLButtonElement) => {
          const input = button.previousElementSibling as HTMLInputElement;
          const shown = input.type === 'text';
          input.type = shown ? 'password' : 'text';
          button.setAttribute('aria-pressed', String(!shown));
        })}
      >
        {_`Show`}
      </button>
    </div>
  </Field>
);
