import { _ } from 'compiled-i18n';
import { Icon } from './icon';

/** Where one is on the way from a text to a sent task. @param current 0-based; 4 = all done */
export const Steps = ({ current }: { current: number }) => (
  <ol class="steps" aria-label={_`Steps`}>
    {[_`Content`, _`Numbers`, _`Check`, _`Send-step`].map((label, at) => (
      <li key={label} class={at < current ? 'done' : ''} aria-current={at === current ? 'step' : undefined}>
        <span class="n" aria-hidden="true">
          {at < current ? <Icon name="check" /> : at + 1}
        </span>
        {label}
        {at < current && <span class="unseen">{_`(done)`}</span>}
      </li>
    ))}
  </ol>
);
