/** One file of old data, imported and recorded: operators look in the console at what was taken and what was refused. */
import type { TenantId } from '../../schema/ids';
import { LEGACY_REFUSED_NAMED } from '../../schema/limits';
import type { LegacyRefusedRow } from '../../schema/operators';
import type { Gateways } from '../gateways';
import { recordAudit } from '../gateways/stores/audit';
import { beginLegacyImport, endLegacyImport } from '../gateways/stores/legacy-imports';
import type { LegacyRefusal } from '../rules/legacy-rows';
import {
  importLegacyMessages,
  importLegacyTasks,
  LegacyHeaderError,
  type LegacyFile,
  type LegacyOrder,
  type LegacySummary,
} from './legacy-import';

const IMPORTS = { messages: importLegacyMessages, tasks: importLegacyTasks } as const;
/** Titles are the first row. */
const TITLES = 1;

interface FileToImport {
  readonly tenant: TenantId;
  readonly kind: keyof typeof IMPORTS;
  readonly fileName: string;
}

/** @throws LegacyHeaderError */
export async function recordLegacyImport(
  gateways: Pick<Gateways, 'database' | 'files'>,
  { tenant, kind, fileName }: FileToImport,
  file: LegacyFile,
  refuse: LegacyOrder['refuse'],
): Promise<LegacySummary> {
  const { database } = gateways;
  const named: LegacyRefusedRow[] = [];
  const name = (row: number, refusal: LegacyRefusal): void => {
    if (named.length < LEGACY_REFUSED_NAMED) named.push({ row, ...refusal });
  };
  const id = await beginLegacyImport(database, { tenantId: tenant, kind, fileName, startedAt: Date.now() });
  const order: LegacyOrder = {
    tenant,
    isDryRun: false,
    refuse: (row, refusal) => {
      name(row, refusal);
      refuse(row, refusal);
    },
  };
  try {
    const summary = await IMPORTS[kind](gateways, file, order);
    const now = Date.now();
    await endLegacyImport(database, id, { state: 'done', ...summary, named, finishedAt: now });
    const after = { kind, fileName, ...summary };
    await recordAudit(database, {
      tenantId: tenant,
      userId: null,
      action: 'legacy_imported',
      subject: String(id),
      after,
      address: '',
      at: now,
    });
    return summary;
  } catch (thrown) {
    if (thrown instanceof LegacyHeaderError) name(TITLES, thrown.refusal);
    await endLegacyImport(database, id, { state: 'failed', named, finishedAt: Date.now() });
    throw thrown;
  }
}
