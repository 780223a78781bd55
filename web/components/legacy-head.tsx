/** Head of the pages about the time before July 2021, with the way between them. Nothing there can be changed. */
import type { JSXChildren } from '@builder.io/qwik';
import { _ } from 'compiled-i18n';

type Tab = 'log' | 'tasks' | 'reports';

export const LegacyHead = ({ tab, children }: { tab: Tab; children?: JSXChildren }) => {
  const tabs: readonly { tab: Tab; href: string; label: string }[] = [
    { tab: 'log', href: '/legacy', label: _`Message log` },
    { tab: 'tasks', href: '/legacy/tasks', label: _`Task statistics` },
    { tab: 'reports', href: '/legacy/reports', label: _`Reports` },
  ];
  return (
    <>
      <div class="head">
        <div class="grow">
          <h1>{_`Data before July 2021`}</h1>
          <span class="muted">{_`From the old platform until 30 June 2021, read-only.`}</span>
        </div>
        {children}
      </div>
      <nav class="bar" aria-label={_`Data before July 2021`}>
        {tabs.map((place) => (
          <a
            key={place.tab}
            class={['btn', 'small', place.tab === tab ? 'primary' : '']}
            href={place.href}
            aria-current={place.tab === tab ? 'page' : undefined}
          >
            {place.label}
          </a>
        ))}
      </nav>
    </>
  );
};
