/** One line of the download centre. */
import type { Actor, Page } from '../../schema/console';
import type { ExportListFilter, ExportView } from '../../schema/exports';
import { AppError } from '../../schema/errors';
import type { ExportId, UserId } from '../../schema/ids';
import { EXPORT_LIFETIME_MS, PAGE_ROWS } from '../../schema/limits';
import type { Gateways } from '../gateways';
import type { ListedExport } from '../gateways/stores/exports';
import { decodeExportCursor, encodeExportCursor } from '../rules/export-cursor';

const exportView = (row: ListedExport): ExportView => ({
  id: row.id,
  kind: row.kind,
  format: row.format,
  fileName: row.fileName,
  state: row.state,
  rows: row.rows,
  // What was expected is an estimate: a bar never runs over its end, and a finished one is full.
  rowsExpected: row.state === 'ready' ? row.rows : Math.max(row.rowsExpected, row.rows),
  bytes: row.bytes,
  user: row.userId,
  userName: row.userName,
  createdAt: row.createdAt,
  finishedAt: row.finishedAt,
  expiresAt: (row.finishedAt ?? row.createdAt) + EXPORT_LIFETIME_MS,
  downloads: row.downloads,
  error: row.error,
});

/** @throws AppError not_found */
export async function ownExport(gateways: Pick<Gateways, 'tenant'>, actor: Actor, id: ExportId): Promise<ListedExport> {
  const row = await gateways.tenant(actor.tenant).exports.find(id);
  if (!row) throw new AppError('not_found');
  return row;
}

/** @throws AppError not_found */
export const readExport = async (gateways: Pick<Gateways, 'tenant'>, actor: Actor, id: ExportId): Promise<ExportView> =>
  exportView(await ownExport(gateways, actor, id));

/** As it was when it was begun. @throws AppError not_found */
export async function readBegunExport(gateways: Pick<Gateways, 'tenant'>, actor: Actor, id: ExportId): Promise<ExportView> {
  const begun = { state: 'queued', rows: 0, rowsExpected: 0, bytes: 0, finishedAt: null, downloads: 0, error: null } as const;
  return exportView({ ...(await ownExport(gateways, actor, id)), ...begun });
}

/** Newest first. @throws AppError invalid_request naming `cursor` */
export async function listExports(
  gateways: Pick<Gateways, 'tenant'>,
  actor: Actor,
  filter: ExportListFilter,
  cursor: string | null,
): Promise<Page<ExportView>> {
  const before = cursor === null ? null : decodeExportCursor(cursor);
  if (cursor !== null && before === null) throw new AppError('invalid_request', { fields: [{ field: 'cursor', code: 'invalid' }] });
  const found = await gateways.tenant(actor.tenant).exports.page(filter, before, PAGE_ROWS + 1);
  const rows = found.slice(0, PAGE_ROWS);
  const last = rows.at(-1);
  return { rows: rows.map(exportView), cursor: found.length > PAGE_ROWS && last ? encodeExportCursor(last) : null };
}

export const listExportUsers = (gateways: Pick<Gateways, 'tenant'>, actor: Actor): Promise<readonly { id: UserId; name: string }[]> =>
  gateways.tenant(actor.tenant).exports.users();
