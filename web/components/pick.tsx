/** Several values out of a list: check boxes in a disclosure, posted by name like any field. A long list is sought through while one types. */
import { sync$ } from '@builder.io/qwik';
import { _ } from 'compiled-i18n';
import { listed } from '../lib/labels';
import { described, FieldError, type Option } from './field';
import { Icon } from './icon';

export interface PickOption extends Option {
  /** Lower case: what it is found by, where it has more names than its label. */
  readonly find?: string;
}

interface PickProps {
  /** In a form that is posted it ends with `[]`, or only one of several values would arrive. */
  readonly name: string;
  readonly label: string;
  readonly options: readonly PickOption[];
  readonly chosen: readonly string[];
  /** What is said where nothing is chosen; "All" unless it is given. */
  readonly none?: string;
  /** Label of the field that a long list is sought through with; chosen values come first then. */
  readonly seek?: string;
  readonly error?: string | undefined;
  readonly help?: string;
}

export const Pick = ({ name, label, options, chosen, none, seek, error, help }: PickProps) => {
  const id = name.replace('[]', '');
  const picked = options.filter(({ value }) => chosen.includes(value));
  const shown = seek === undefined ? options : [...picked, ...options.filter((option) => !picked.includes(option))];
  return (
    <div class="field">
      <span class="label" id={`${id}-label`}>
        {label}
      </span>
      <details class="pick">
        <summary class="input" aria-labelledby={`${id}-label ${id}-says`} aria-describedby={described(id, error, help)}>
          <span id={`${id}-says`}>{picked.length === 0 ? (none ?? _`All`) : listed(picked.map((option) => option.label))}</span>
          <Icon name="chevron" />
        </summary>
        <fieldset class="pop" aria-labelledby={`${id}-label`}>
          {seek !== undefined && (
            <input
              class="input seek with-script"
              type="search"
              aria-label={seek}
              placeholder={seek}
              autocomplete="off"
              onInput$={sync$((_event: Event, input: HTMLInputElement) => {
                const sought = input.value.trim().toLowerCase();
                input.parentElement?.querySelectorAll('label').forEach((option) => {
                  option.hidden = !(option.dataset['find'] ?? '').includes(sought);
                });
              })}
              onKeyDown$={sync$((event: KeyboardEvent) => {
                // It is no field of the form: Enter looks, it does not send.
                if (event.key === 'Enter') event.preventDefault();
              })}
            />
          )}
          {shown.map(({ value, label: text, find }) => (
            <label key={value} class="check" data-find={seek === undefined ? undefined : (find ?? text.toLowerCase())}>
              <input type="checkbox" name={name} value={value} checked={chosen.includes(value)} />
              {text}
            </label>
          ))}
        </fieldset>
      </details>
      <FieldError name={id} error={error} />
      {help && (
        <div class="help" id={`${id}-help`}>
          {help}
        </div>
      )}
    </div>
  );
};
