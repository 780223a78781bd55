/** The modules of the console, in the order of the side column. Later modules join here and nowhere else. */
import { _ } from 'compiled-i18n';
import type { IconName } from '../components/icon';
import { LEGACY, OPERATORS_HOME } from './paths';

export interface Place {
  readonly href: string;
  readonly label: string;
  /** For the dock of a phone. */
  readonly short: string;
  readonly icon: IconName;
  /** Of what waits there; shown where there is any. */
  readonly waiting?: number;
}
export interface PlaceGroup {
  readonly label: string | null;
  readonly places: readonly Place[];
}

export const NOTICES = '/notices';

/** What a user may do, as far as it decides where they can go: owners also keep the tenant's users, viewers send nothing. */
export interface Rights {
  readonly isOwner: boolean;
  readonly maySend: boolean;
}

const sendPlaces = (): readonly Place[] => [
  { href: '/tasks/new', label: _`International | HK, MO, TW`, short: _`Send`, icon: 'globe' },
  { href: '/tasks/new/domestic', label: _`Mainland China`, short: _`Mainland`, icon: 'send' },
];

export const navigation = ({ isOwner, maySend }: Rights): readonly PlaceGroup[] => [
  { label: null, places: [{ href: '/', label: _`Home`, short: _`Home`, icon: 'home' }] },
  {
    label: _`Tasks`,
    places: [...(maySend ? sendPlaces() : []), { href: '/tasks', label: _`Task statistics`, short: _`Statistics`, icon: 'chart' }],
  },
  {
    label: _`Logs`,
    places: [
      { href: '/logs', label: _`Message log`, short: _`Log`, icon: 'search' },
      { href: '/reports', label: _`Reports`, short: _`Reports`, icon: 'chart' },
      { href: LEGACY, label: _`Data before July 2021`, short: _`Before July 2021`, icon: 'file' },
      { href: '/inbound', label: _`Inbound messages`, short: _`Inbound`, icon: 'device' },
    ],
  },
  {
    label: _`Settings`,
    places: [
      { href: '/templates', label: _`International templates`, short: _`Templates`, icon: 'pen' },
      { href: '/approvals', label: _`Signatures and templates`, short: _`Approvals`, icon: 'check' },
      { href: '/keys', label: _`Keys`, short: _`Keys`, icon: 'key' },
      { href: '/webhooks', label: 'Webhooks', short: 'Webhooks', icon: 'link' },
      { href: '/blacklist', label: _`Blacklist`, short: _`Blacklist`, icon: 'block' },
    ],
  },
  {
    label: _`Account`,
    places: [
      { href: NOTICES, label: _`Notices`, short: _`Notices`, icon: 'bell' },
      { href: '/balance', label: _`Balance`, short: _`Balance`, icon: 'file' },
      { href: '/downloads', label: _`Downloads`, short: _`Downloads`, icon: 'download' },
      ...(isOwner ? [{ href: '/users', label: _`Users`, short: _`Users`, icon: 'person' as const }] : []),
      { href: '/profile', label: _`Profile`, short: _`Profile`, icon: 'person' },
    ],
  },
];

/** The places of the dock; the rest is under "More". */
export const DOCK: readonly string[] = ['/', '/tasks/new', '/tasks', '/logs'];

/** The place that a path belongs to: the longest one that begins it. */
export function currentPlace(path: string, groups: readonly PlaceGroup[]): Place | undefined {
  const isHome = (href: string): boolean => href === '/' || href === OPERATORS_HOME;
  return groups
    .flatMap(({ places }) => places)
    .filter(({ href }) => path === href || (!isHome(href) && path.startsWith(`${href}/`)))
    .toSorted((a, b) => b.href.length - a.href.length)[0];
}
