/** A secret on the one page that shows it. */
import { sync$, type JSXChildren } from '@builder.io/qwik';
import { _ } from 'compiled-i18n';
import { Icon } from './icon';

export const SecretShown = ({ label, secret, children }: { label: string; secret: string; children?: JSXChildren }) => (
  <div class="note ok secret" role="status">
    <Icon name="check" />
    <div>
      <p>
        <b>{label}</b>
      </p>
      <p class="bar">
        <code class="mono">{secret}</code>
        <button
          type="button"
          class="btn small with-script"
          onClick$={sync$((_event: Event, button: HTMLButtonElement) => {
            void navigator.clipboard.writeText(button.previousElementSibling?.textContent ?? '');
          })}
        >
          {_`Copy`}
        </button>
      </p>
      <p>{children ?? _`It is shown this once. Keep it where only your servers can read it.`}</p>
    </div>
  </div>
);
