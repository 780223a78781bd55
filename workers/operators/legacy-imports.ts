import type { Page } from '../../schema/console';
import { PAGE_ROWS } from '../../schema/limits';
import type { LegacyImportItem } from '../../schema/operators';
import type { Gateways } from '../gateways';
import { legacyImportPage } from '../gateways/stores/legacy-imports';
import { readCursor } from '../rules/number-cursor';

/** Runs of the command that imports what was before July 2021; newest first. */
export async function listLegacyImports({ database }: Pick<Gateways, 'database'>, cursor: string | null): Promise<Page<LegacyImportItem>> {
  const found = await legacyImportPage(database, readCursor(cursor), PAGE_ROWS + 1);
  const rows = found
    .slice(0, PAGE_ROWS)
    .map(({ run: { tenantId: tenant, ...run }, tenantName }): LegacyImportItem => ({ ...run, tenant, tenantName }));
  return { rows, cursor: found.length > PAGE_ROWS ? String(rows.at(-1)?.id ?? '') : null };
}
