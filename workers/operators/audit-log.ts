import type { Page } from '../../schema/console';
import { PAGE_ROWS } from '../../schema/limits';
import type { AuditItem, AuditWish } from '../../schema/operators';
import type { Gateways } from '../gateways';
import { auditPage } from '../gateways/stores/audit';
import { readCursor } from '../rules/number-cursor';

/** Who changed what, when, from where; newest first. */
export async function readAudit(
  { database }: Pick<Gateways, 'database'>,
  wish: AuditWish,
  cursor: string | null,
): Promise<Page<AuditItem>> {
  const found = await auditPage(database, wish, readCursor(cursor), PAGE_ROWS + 1);
  const rows = found.slice(0, PAGE_ROWS).map(({ entry, userName, operatorName }): AuditItem => {
    const { id, at, action, tenantId: tenant, subject, address, before, after, operatorId } = entry;
    return {
      id,
      at,
      action,
      who: operatorName ?? userName ?? entry.userId,
      byOperator: operatorId !== null,
      tenant,
      subject,
      address,
      before,
      after,
    };
  });
  return { rows, cursor: found.length > PAGE_ROWS ? String(rows.at(-1)?.id ?? '') : null };
}
