/** Mainland messages of the API, for tenants that operators hold to approved texts: sender, signature and body must be approved for the key's kind. */
import { approvedOf } from '../gateways/stores/approvals';
import type { ApiKey } from '../gateways/stores/api-keys';
import type { Gateways } from '../gateways';
import { fitsTemplate, splitSignature } from '../rules/mainland';
import type { ApprovalCheck } from './plan-request';

/** null where nothing needs to be asked: this tenant is warned in the console, not refused. */
export async function approvalCheck(
  { database }: Pick<Gateways, 'database'>,
  { exact, tenant, kind }: Pick<ApiKey, 'exact' | 'tenant' | 'kind'>,
  sender: string,
): Promise<ApprovalCheck | null> {
  if (!exact) return null;
  const approved = await approvedOf(database, tenant, kind);
  const names = (of: 'sender' | 'signature'): ReadonlySet<string> =>
    new Set(approved.filter((row) => row.kind === of).map((row) => row.name));
  const isSender = names('sender').has(sender);
  const signatures = names('signature');
  const bodies = approved.filter((row) => row.kind === 'template').map((row) => row.body);
  return (text) => {
    const split = splitSignature(text);
    return isSender && split !== null && signatures.has(split.signature) && bodies.some((body) => fitsTemplate(body, split.body));
  };
}
