import type { Actor } from '../../schema/console';
import type { EndpointView } from '../../schema/webhooks';
import type { Gateways } from '../gateways';
import { recordDeed, type AuditEntry } from '../gateways/stores/audit';

/** @param subject the endpoint, or the tenant for the secret of its callbacks */
export function auditEndpoint(
  { database }: Pick<Gateways, 'database'>,
  actor: Actor,
  action: AuditEntry['action'],
  subject: string,
  now: number,
  change: Pick<AuditEntry, 'before' | 'after'> = {},
): Promise<void> {
  return recordDeed(database, actor, { action, subject, ...change }, now);
}

/** What the audit log says of an endpoint: a query of its URL and values of its headers may be secrets. */
export const endpointFacts = ({ name, url, method, events, batchMax, enabled, headerNames }: EndpointView) => ({
  name,
  url: url.replace(/[?#].*$/s, ''),
  method,
  events,
  batchMax,
  enabled,
  headerNames,
});
