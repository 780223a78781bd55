/** A question before something that cannot be taken back. A popover: it opens without script, and where popovers are unknown it is simply there. */
import type { JSXChildren } from '@builder.io/qwik';
import { _ } from 'compiled-i18n';
import { Icon, type IconName } from './icon';

interface AskFirstProps {
  readonly id: string;
  /** On the button that asks. */
  readonly label: string;
  readonly icon: IconName;
  readonly question: string;
  readonly children?: JSXChildren;
  /** Where the form of the answer posts, and what it carries. */
  readonly action: string;
  readonly field: { readonly name: string; readonly value: string };
  /** In a row of a table: an icon only. */
  readonly small?: boolean;
}

export const AskFirst = ({ id, label, icon, question, children, action, field, small = false }: AskFirstProps) => (
  <>
    <button
      type="button"
      class={['btn', 'danger', small ? 'small icon-only' : '']}
      popovertarget={id}
      title={small ? label : undefined}
      aria-label={small ? question : undefined}
    >
      <Icon name={icon} />
      {!small && label}
    </button>
    <div class="ask" id={id} popover="auto" role="dialog" aria-labelledby={`${id}-question`}>
      <h2 id={`${id}-question`}>{question}</h2>
      <div class="muted">{children}</div>
      <form method="post" action={action} class="act">
        <input type="hidden" name={field.name} value={field.value} />
        <button type="button" class="btn" popovertarget={id} popovertargetaction="hide" autofocus>
          {_`Keep it`}
        </button>
        <button type="submit" class="btn danger primary">
          {label}
        </button>
      </form>
    </div>
  </>
);
