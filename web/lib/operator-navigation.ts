/** The modules of the service team, in the order of the side column. */
import { _ } from 'compiled-i18n';
import type { PlaceGroup } from './navigation';

/** @param waitingApprovals that nobody has decided */
export const operatorNavigation = (waitingApprovals: number): readonly PlaceGroup[] => [
  { label: null, places: [{ href: '/operators', label: _`Platform health`, short: _`Health`, icon: 'chart' }] },
  {
    label: _`Tenants`,
    places: [
      { href: '/operators/tenants', label: _`Tenants`, short: _`Tenants`, icon: 'person' },
      { href: '/operators/approvals', label: _`Approval queue`, short: _`Approvals`, icon: 'check', waiting: waitingApprovals },
      { href: '/operators/prices', label: _`Prices`, short: _`Prices`, icon: 'file' },
      { href: '/operators/notices', label: _`Notices`, short: _`Notices`, icon: 'bell' },
    ],
  },
  {
    label: _`Platform`,
    places: [
      { href: '/operators/carriers', label: _`Carrier accounts`, short: _`Carriers`, icon: 'send' },
      { href: '/operators/dead-letters', label: _`Dead letters`, short: _`Dead letters`, icon: 'alert' },
      { href: '/operators/legacy', label: _`Data before July 2021`, short: _`Old data`, icon: 'file' },
      { href: '/operators/audit', label: _`Audit log`, short: _`Audit`, icon: 'search' },
    ],
  },
];

export const OPERATOR_DOCK: readonly string[] = ['/operators', '/operators/tenants', '/operators/approvals'];
