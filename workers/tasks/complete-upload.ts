import { maySend, type Actor, type UploadView } from '../../schema/console';
import { AppError } from '../../schema/errors';
import type { UploadId } from '../../schema/ids';
import { uploadKey } from '../../schema/storage-keys';
import type { Gateways } from '../gateways';
import type { UploadRow } from '../gateways/stores/uploads';
import { ownUpload, partCount, partLength, showUpload } from './upload-view';

/** Makes one file of the parts, and begins the check of every task that waits for it. Again after the end it changes nothing. */
export async function completeUpload(
  gateways: Pick<Gateways, 'tenant' | 'files' | 'objects'>,
  actor: Actor,
  id: UploadId,
): Promise<UploadView> {
  if (!maySend(actor)) throw new AppError('forbidden');
  const row = await ownUpload(gateways, actor, id);
  const { uploads, tasks } = gateways.tenant(actor.tenant);
  if (row.state === 'aborted') throw new AppError('gone');
  if (row.state === 'open') {
    await joinParts(gateways, actor, row);
    await uploads.setState(id, 'complete');
  }
  // Also on a repeat: the call before may have died right here.
  for (const task of await tasks.waitingFor(id)) await gateways.objects.taskRun(task).check();
  return showUpload(gateways, actor, id);
}

async function joinParts(gateways: Pick<Gateways, 'tenant' | 'files'>, actor: Actor, row: UploadRow): Promise<void> {
  const key = uploadKey(actor.tenant, row.id);
  const { uploads } = gateways.tenant(actor.tenant);
  const parts = await uploads.parts(row.id);
  if (parts.length !== partCount(row) || parts.some(({ part, size }) => size !== partLength(row, part))) {
    throw new AppError('upload_incomplete');
  }
  try {
    await gateways.files.completeParts(key, row.multipartId, parts);
  } catch (thrown) {
    // R2 had finished, and we died before we wrote it down.
    if ((await gateways.files.size(key)) === row.size) return;
    if (!isPartMismatch(thrown)) throw thrown;
    // Two uploads of one part at once may leave us with the etag that lost: the browser sends the parts again.
    await uploads.forgetParts(row.id);
    throw new AppError('upload_incomplete');
  }
}

/** R2's "one or more of the specified parts could not be found" (10025), or of the wrong size (10048). */
const isPartMismatch = (thrown: unknown): boolean => thrown instanceof Error && /\((?:10025|10048)\)/.test(thrown.message);
