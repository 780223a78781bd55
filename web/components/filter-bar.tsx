/** Filters above a list: a plain GET form, so a filtered list has an address. On a phone they fold away, for the list to come first. */
import type { JSXChildren } from '@builder.io/qwik';
import { _ } from 'compiled-i18n';
import { Icon } from './icon';

export interface ActiveFilter {
  readonly text: string;
  /** Address without it. */
  readonly without: string;
}

export const filterText = (label: string, value: string): string => _`${label}: ${value}`;

interface FilterBarProps {
  readonly action: string;
  readonly active: readonly ActiveFilter[];
  /** Address without any of them; absent = the bare action. */
  readonly clear?: string;
  readonly children?: JSXChildren;
  /** Fields that are asked for less often, behind a disclosure. */
  readonly further?: JSXChildren;
  readonly furtherOpen?: boolean;
}

export const FilterBar = ({ action, active, clear = action, children, further, furtherOpen = false }: FilterBarProps) => (
  <section class="card" aria-label={_`Filters`}>
    <details class="fold-away">
      <summary>
        <Icon name="search" />
        {_`Filters`}
        <Icon name="chevron" />
      </summary>
      <form method="get" action={action} class="filters" role="search">
        {children}
        <div class={['act', further ? 'whole' : '']}>
          <button type="submit" class="btn primary">
            <Icon name="search" />
            {_`Search`}
          </button>
          {active.length > 0 && (
            <a class="btn quiet" href={clear}>
              {_`Clear`}
            </a>
          )}
          {further && (
            <details class="further" open={furtherOpen}>
              <summary>
                {_`More conditions`}
                <Icon name="chevron" />
              </summary>
              <div class="filters">{further}</div>
            </details>
          )}
        </div>
      </form>
    </details>
    {active.length > 0 && (
      <ul class="active">
        {active.map(({ text, without }) => (
          <li key={text}>
            <a class="chip" href={without} aria-label={_`Remove the filter ${text}`}>
              {text}
              <Icon name="close" />
            </a>
          </li>
        ))}
      </ul>
    )}
  </section>
);
