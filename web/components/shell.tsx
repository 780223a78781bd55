/** Navigation, balance, language and account around every page behind the sign-in. Plain functions: the frame needs no script. */
import { _ } from 'compiled-i18n';
import type { Locale } from '../../schema/states';
import { NOTICES, type Place, type PlaceGroup, type Rights } from '../lib/navigation';
import type { Theme } from '../lib/theme';
import { Brand } from './brand';
import { Icon } from './icon';
import { LanguageSwitch, ThemeChoice } from './preferences';

export interface ShellView {
  readonly name: string;
  readonly email: string;
  readonly tenantName: string;
  /** null for operators, who have none. */
  readonly balance: string | null;
  readonly doors: Doors;
  readonly rights: Rights;
  /** Notices that were posted since the user last looked; null for operators, who post them. */
  readonly newNotices: number | null;
  readonly locale: Locale;
  readonly theme: Theme;
}

/** A higher count says no more than this one. */
const COUNT_SHOWN = 99;
const shownCount = (count: number): string => (count > COUNT_SHOWN ? `${COUNT_SHOWN}+` : String(count));
/** Where the frame leads: the console's own, or the operators'. */
export interface Doors {
  readonly home: string;
  readonly profile: string;
  readonly signOut: string;
}
export const CONSOLE_DOORS: Doors = { home: '/', profile: '/profile', signOut: '/sign-out' };
export const OPERATOR_DOORS: Doors = { home: '/operators', profile: '/operators/profile', signOut: '/operators/sign-out' };

const PlaceLink = ({ place, current, short = false }: { place: Place; current: Place | undefined; short?: boolean }) => (
  <a href={place.href} aria-current={place.href === current?.href ? 'page' : undefined}>
    <Icon name={place.icon} />
    <span>{short ? place.short : place.label}</span>
    {place.waiting !== undefined && place.waiting > 0 && (
      <b class="count">
        <span aria-hidden="true">{shownCount(place.waiting)}</span>
        <span class="unseen">{_`${place.waiting} waiting`}</span>
      </b>
    )}
  </a>
);

interface ColumnProps {
  readonly groups: readonly PlaceGroup[];
  readonly current: Place | undefined;
}

export const SideColumn = ({ groups, current, home }: ColumnProps & { home: string }) => (
  <nav class="side" aria-label={_`Main navigation`}>
    <Brand href={home} />
    {groups.map(({ label, places }) => (
      <div key={label ?? ''}>
        {label && <h2>{label}</h2>}
        <ul>
          {places.map((place) => (
            <li key={place.href}>
              <PlaceLink place={place} current={current} />
            </li>
          ))}
        </ul>
      </div>
    ))}
  </nav>
);

/** @param dock places that are always there; the rest is under "More" */
export const Dock = ({ groups, current, dock }: ColumnProps & { dock: readonly string[] }) => {
  const places = groups.flatMap((group) => group.places);
  const rest = places.filter(({ href }) => !dock.includes(href));
  return (
    <nav class="dock" aria-label={_`Main navigation`}>
      <ul>
        {places
          .filter(({ href }) => dock.includes(href))
          .map((place) => (
            <li key={place.href}>
              <PlaceLink place={place} current={current} short />
            </li>
          ))}
        <li>
          <details>
            <summary aria-current={rest.some(({ href }) => href === current?.href) ? 'true' : undefined}>
              <Icon name="menu" />
              <span>{_`More`}</span>
            </summary>
            <div class="sheet">
              <ul>
                {rest.map((place) => (
                  <li key={place.href}>
                    <PlaceLink place={place} current={current} />
                  </li>
                ))}
              </ul>
            </div>
          </details>
        </li>
      </ul>
    </nav>
  );
};

export const TopBar = ({ view, current, path }: { view: ShellView; current: Place | undefined; path: string }) => (
  <header class="top">
    <Brand href={view.doors.home} />
    <span class="place">{current?.label}</span>
    {view.balance !== null && (
      <span class="chip" title={_`Available balance`}>
        <span class="roomy">{_`Balance`}</span> <b class="num">{view.balance}</b>
      </span>
    )}
    <span class="roomy">
      <LanguageSwitch locale={view.locale} next={path} />
    </span>
    {view.newNotices !== null && (
      <a class="chip" href={NOTICES}>
        <Icon name="bell" />
        <span class="unseen">{view.newNotices > 0 ? _`Notices, ${view.newNotices} new` : _`Notices`}</span>
        <span class="roomy" aria-hidden="true">{_`Notices`}</span>
        {view.newNotices > 0 && (
          <b class="count" aria-hidden="true">
            {shownCount(view.newNotices)}
          </b>
        )}
      </a>
    )}
    <AccountMenu view={view} path={path} />
  </header>
);

const AccountMenu = ({ view, path }: { view: ShellView; path: string }) => (
  <details class="menu">
    <summary aria-label={_`Account menu of ${view.name}`}>
      <span class="avatar" aria-hidden="true">
        {String.fromCodePoint(view.name.codePointAt(0) ?? 0x3f)}
      </span>
      <Icon name="chevron" />
    </summary>
    <div class="pop">
      <div class="who">
        <b>{view.name}</b>
        <div class="muted">{view.tenantName}</div>
        <small class="muted">{view.email}</small>
      </div>
      <ThemeChoice theme={view.theme} next={path} />
      <form method="post" action="/preferences">
        <input type="hidden" name="next" value={path} />
        <button
          type="submit"
          class="item"
          name="locale"
          value={view.locale === 'zh-CN' ? 'en' : 'zh-CN'}
          lang={view.locale === 'zh-CN' ? 'en' : 'zh-CN'}
        >
          <Icon name="globe" />
          {view.locale === 'zh-CN' ? 'English' : '中文'}
        </button>
      </form>
      <a class="item" href={view.doors.profile}>
        <Icon name="person" />
        {_`Profile`}
      </a>
      <form method="post" action={view.doors.signOut}>
        <button type="submit" class="item">
          <Icon name="exit" />
          {_`Sign out`}
        </button>
      </form>
    </div>
  </details>
);
