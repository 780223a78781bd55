/** Several of a few values: check boxes in a disclosure, posted by name like any field. */
import { _ } from 'compiled-i18n';
import type { Option } from './field';
import { Icon } from './icon';

interface PickProps {
  readonly name: string;
  readonly label: string;
  readonly options: readonly Option[];
  readonly chosen: readonly string[];
}

export const Pick = ({ name, label, options, chosen }: PickProps) => {
  const picked = options.filter(({ value }) => chosen.includes(value));
  return (
    <div class="field">
      <span class="label" id={`${name}-label`}>
        {label}
      </span>
      <details class="pick">
        <summary class="input" aria-labelledby={`${name}-label ${name}-says`}>
          <span id={`${name}-says`}>{picked.length === 0 ? _`All` : picked.map((option) => option.label).join(', ')}</span>
          <Icon name="chevron" />
        </summary>
        <fieldset class="pop" aria-labelledby={`${name}-label`}>
          {options.map(({ value, label: text }) => (
            <label key={value} class="check">
              <input type="checkbox" name={name} value={value} checked={chosen.includes(value)} />
              {text}
            </label>
          ))}
        </fieldset>
      </details>
    </div>
  );
};
