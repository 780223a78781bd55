/** Files of numbers for the blacklist of a key: begun by a user, looked at, looked after. */
import { maySend, seesNumbers, type Actor } from '../../schema/console';
import { AppError } from '../../schema/errors';
import { newBlacklistImportId, type BlacklistImportId, type KeyId, type UploadId } from '../../schema/ids';
import type { BlacklistImportView } from '../../schema/keys';
import { IMPORT_STUCK_MS } from '../../schema/limits';
import type { Gateways } from '../gateways';
import { recordAudit } from '../gateways/stores/audit';
import { takeStuckImports, type BlacklistImportRow } from '../gateways/stores/blacklist-imports';
import { ownUpload } from '../tasks/upload-view';
import { ownKey } from './view';

type Needed = Pick<Gateways, 'database' | 'tenant' | 'objects'>;

/** The latest, a key. */
const SHOWN = 5;
/** A cron run takes this many; the next minute takes more. */
const PER_RUN = 100;

/** @throws AppError forbidden, not_found, upload_incomplete */
export async function startBlacklistImport(
  gateways: Needed & Pick<Gateways, 'queues'>,
  actor: Actor,
  key: KeyId,
  upload: UploadId,
): Promise<BlacklistImportId> {
  if (!maySend(actor)) throw new AppError('forbidden');
  await ownKey(gateways, actor, key);
  const { fileName, state } = await ownUpload(gateways, actor, upload);
  if (state === 'aborted') throw new AppError('gone');
  if (state === 'open') throw new AppError('upload_incomplete');
  const id = newBlacklistImportId();
  const now = Date.now();
  await gateways.tenant(actor.tenant).blacklistImports.add({ id, keyId: key, userId: actor.user, uploadId: upload, fileName }, now);
  await gateways.queues.checks([{ step: 'blacklist', tenant: actor.tenant, id }]);
  const { tenant: tenantId, user: userId, address } = actor;
  await recordAudit(gateways.database, { tenantId, userId, action: 'blacklist_imported', subject: id, address, at: now });
  return id;
}

/** The latest first. @throws AppError not_found */
export async function listBlacklistImports(gateways: Needed, actor: Actor, key: KeyId): Promise<readonly BlacklistImportView[]> {
  await ownKey(gateways, actor, key);
  const found = await gateways.tenant(actor.tenant).blacklistImports.ofKey(key, SHOWN);
  return found.map((row) => importView(row, actor));
}

/** @throws AppError not_found */
export async function showBlacklistImport(gateways: Needed, actor: Actor, id: BlacklistImportId): Promise<BlacklistImportView> {
  const found = await gateways.tenant(actor.tenant).blacklistImports.find(id);
  if (!found) throw new AppError('not_found');
  return importView(found, actor);
}

/** Cron repair: a job that was lost, or whose step died too often. */
export async function requeueStuckImports(gateways: Pick<Gateways, 'database' | 'queues'>, now: number): Promise<void> {
  const stuck = await takeStuckImports(gateways.database, now - IMPORT_STUCK_MS, now, PER_RUN);
  if (stuck.length > 0) await gateways.queues.checks(stuck.map(({ tenantId, id }) => ({ step: 'blacklist', tenant: tenantId, id })));
}

const importView = (row: BlacklistImportRow, actor: Actor): BlacklistImportView => ({
  id: row.id,
  fileName: row.fileName,
  state: row.state,
  phase: row.checkpoint?.phase ?? 'unpacking',
  bytesDone: row.bytesDone,
  bytesTotal: row.bytesTotal,
  lines: row.lines,
  added: row.added,
  refused: row.refused,
  // Nearly a number is a number to whoever may not see any.
  named: seesNumbers(actor) ? row.named : [],
  error: row.error,
  createdAt: row.createdAt,
});
