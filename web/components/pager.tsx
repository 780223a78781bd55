import { _ } from 'compiled-i18n';
import { Icon } from './icon';

interface PagerProps {
  /** Address of the first page; null while it is shown. */
  readonly first: string | null;
  /** Address of the next page; null on the last one. */
  readonly next: string | null;
  readonly says?: string;
}

/** Pages by cursor know only "next" and "from the start". */
export const Pager = ({ first, next, says }: PagerProps) =>
  first === null && next === null && says === undefined ? null : (
    <nav class="pager" aria-label={_`Pages`}>
      <span>{says}</span>
      <div class="bar">
        {first !== null && (
          <a class="btn small" href={first}>
            <Icon name="back" />
            {_`First page`}
          </a>
        )}
        {next !== null && (
          <a class="btn small" href={next} rel="next">
            {_`Next page`}
            <Icon name="next" />
          </a>
        )}
      </div>
    </nav>
  );
