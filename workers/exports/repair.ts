/** What the cron does for exports. */
import { EXPORT_LIFETIME_MS, EXPORT_STUCK_MS } from '../../schema/limits';
import { exportKey } from '../../schema/storage-keys';
import type { Gateways } from '../gateways';
import { agedExports, markExportsExpired, takeStuckExports } from '../gateways/stores/exports';

const PER_RUN = 100;

/** Queues exports again whose job was lost or whose step died; a job too many finds the export held or ended and does nothing. */
export async function requeueStuckExports(gateways: Pick<Gateways, 'database' | 'queues'>, now: number): Promise<void> {
  const stuck = await takeStuckExports(gateways.database, now - EXPORT_STUCK_MS, now, PER_RUN);
  if (stuck.length > 0) await gateways.queues.exports(stuck.map(({ tenantId, id }) => ({ tenant: tenantId, id })));
}

/**
 * Deletes files after their 30 days. In production a lifecycle rule of the bucket does the same for `exports/` a day later (`wrangler r2
 * bucket lifecycle add jmc-files exports exports/ --expire-days 31`), for files that no row knows: carried bytes of a step that crashed.
 */
export async function expireExports(gateways: Pick<Gateways, 'database' | 'files'>, now: number): Promise<void> {
  const aged = await agedExports(gateways.database, now - EXPORT_LIFETIME_MS, PER_RUN);
  if (aged.length === 0) return;
  // The file first: a crash in between leaves a row that the next run takes up again.
  await gateways.files.remove(aged.map(({ tenantId, id }) => exportKey(tenantId, id)));
  await markExportsExpired(
    gateways.database,
    aged.map(({ id }) => id),
  );
}
