/** A labelled field with its help and its error tied to it. Plain functions: they leave no trace in the browser. */
import type { JSXChildren, QwikIntrinsicElements } from '@builder.io/qwik';
import { Icon } from './icon';

interface Around {
  readonly name: string;
  readonly label: string;
  readonly error?: string | undefined;
  readonly help?: JSXChildren;
  /** Said beside the label, e.g. "optional". */
  readonly hint?: string;
  readonly class?: string;
}

/** Ids that an input names in aria-describedby. */
export function described(name: string, error: unknown, help: unknown): string | undefined {
  const ids = [error ? `${name}-error` : '', help ? `${name}-help` : ''].filter((id) => id !== '');
  return ids.length > 0 ? ids.join(' ') : undefined;
}

/** On an input that is wrong: the first one of a page has the focus when the page comes, so that nobody has to look for it. */
export const invalid = (error: unknown) => (error ? ({ 'aria-invalid': 'true', autofocus: true } as const) : {});

export const FieldError = ({ name, error }: { name: string; error?: string | undefined }) =>
  error ? (
    <p class="error" id={`${name}-error`}>
      <Icon name="alert" />
      <span>{error}</span>
    </p>
  ) : null;

export const Field = ({ name, label, error, help, hint, class: kind = '', children }: Around & { children?: JSXChildren }) => (
  <div class={['field', kind]}>
    <label for={name}>
      {label}
      {hint && <span class="optional">{hint}</span>}
    </label>
    {children}
    <FieldError name={name} error={error} />
    {help && (
      <div class="help" id={`${name}-help`}>
        {help}
      </div>
    )}
  </div>
);

type InputAttributes = Omit<QwikIntrinsicElements['input'], 'name' | 'id' | 'class' | 'children' | 'ref'> & {
  /** Id of the datalist that completes what is typed. */
  readonly list?: string;
};

export const TextField = ({ name, label, error, help, hint, class: kind, ...input }: Around & InputAttributes) => (
  <Field {...{ name, label, error, help, hint, class: kind }}>
    <input
      class="input"
      id={name}
      name={name}
      type="text"
      aria-describedby={described(name, error, help)}
      {...input}
      {...invalid(error)}
      {...(input.type === 'date' && { value: dayIn(typeof input.value === 'string' ? input.value : '') })}
    />
  </Field>
);

/** What a date field may show: an address may say anything, and browsers complain of more than the field could have sent. */
const dayIn = (text: string): string => /^\d{4}-\d\d-\d\d/.exec(text)?.[0] ?? '';

export interface Option {
  readonly value: string;
  readonly label: string;
}

export const SelectField = ({
  name,
  label,
  error,
  help,
  hint,
  class: kind,
  options,
  value,
}: Around & { options: readonly Option[]; value: string }) => (
  <Field {...{ name, label, error, help, hint, class: kind }}>
    <select class="input" id={name} name={name} {...invalid(error)} aria-describedby={described(name, error, help)}>
      {options.map((option) => (
        <option key={option.value} value={option.value} selected={option.value === value}>
          {option.label}
        </option>
      ))}
    </select>
  </Field>
);
