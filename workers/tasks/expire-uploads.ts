import { UPLOAD_LIFETIME_MS } from '../../schema/limits';
import { uploadKey } from '../../schema/storage-keys';
import type { Gateways } from '../gateways';
import { uploadsBegunBefore } from '../gateways/stores/uploads';

/** A cron run takes this many; the next minute takes more. */
const PER_RUN = 100;

/** Cron repair: uploads are kept for UPLOAD_LIFETIME_MS, finished or not. @returns how many went */
export async function expireUploads(gateways: Pick<Gateways, 'database' | 'files' | 'tenant'>, now: number): Promise<number> {
  const old = await uploadsBegunBefore(gateways.database, now - UPLOAD_LIFETIME_MS, PER_RUN);
  for (const { id, tenantId, multipartId, state } of old) {
    const key = uploadKey(tenantId, id);
    if (state === 'open') await gateways.files.abortParts(key, multipartId);
    else await gateways.files.remove([key]);
    const { uploads } = gateways.tenant(tenantId);
    await uploads.setState(id, 'aborted');
    await uploads.forgetParts(id);
  }
  return old.length;
}
