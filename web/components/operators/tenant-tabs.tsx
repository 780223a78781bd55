import { _ } from 'compiled-i18n';
import type { TenantId } from '../../../schema/ids';

type Tab = 'account' | 'users' | 'keys';

/** Head of every page about one tenant. */
export const TenantHead = ({ id, name, tab }: { id: TenantId; name: string; tab: Tab }) => {
  const tabs: readonly { tab: Tab; href: string; label: string }[] = [
    { tab: 'account', href: `/operators/tenants/${id}`, label: _`Account and balance` },
    { tab: 'users', href: `/operators/tenants/${id}/users`, label: _`Users` },
    { tab: 'keys', href: `/operators/tenants/${id}/keys`, label: _`Keys` },
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
        <a class="btn small" href={`/operators/prices?tenant=${id}`}>
          {_`Prices`}
        </a>
      </nav>
    </div>
  );
};
