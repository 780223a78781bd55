import { _ } from 'compiled-i18n';
import type { TenantId } from '../../../schema/ids';

type Tab = 'account' | 'users' | 'keys' | 'prices';

/** Head of every page about one tenant. */
export const TenantHead = ({ id, name, tab }: { id: TenantId; name: string; tab: Tab }) => {
  const tabs: readonly { tab: Tab; href: string; label: string }[] = [
    { tab: 'account', href: `/operators/tenants/${id}`, label: _`Account and balance` },
    { tab: 'users', href: `/operators/tenants/${id}/users`, label: _`Users` },
    { tab: 'keys', href: `/operators/tenants/${id}/keys`, label: _`Keys` },
    { tab: 'prices', href: `/operators/prices?tenant=${id}`, label: _`Prices` },
  ];
  return (
    <div class="head">
      <div class="grow">
        <h1>{name}</h1>
        <span class="muted mono">{id}</span>
      </div>
      <nav class="bar" aria-label={_`About this tenant`}>
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
    </div>
  );
};
