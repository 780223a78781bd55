/** The modules of the service team, in the order of the side column. */
import { _ } from 'compiled-i18n';
import type { PlaceGroup } from './navigation';

export const operatorNavigation = (): readonly PlaceGroup[] => [
  { label: null, places: [{ href: '/operators', label: _`Platform health`, short: _`Health`, icon: 'chart' }] },
];

export const OPERATOR_DOCK: readonly string[] = ['/operators', '/operators/tenants', '/operators/approvals'];
