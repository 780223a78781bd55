import { maySend, type Actor, type UploadView } from '../../schema/console';
import { AppError } from '../../schema/errors';
import { newUploadId } from '../../schema/ids';
import { UPLOAD_MAX_PARTS, UPLOAD_PART_BYTES } from '../../schema/limits';
import { uploadKey } from '../../schema/storage-keys';
import type { Gateways } from '../gateways';
import { uploadView } from './upload-view';

const FILE_NAME_MAX = 255;
const FILE_TYPES = /\.(?:csv|txt|xlsx)(?:\.gz)?$/i;

/** Opens an upload. Its content decides later what it is; its name only has to be one of those that we offer to read. */
export async function createUpload(
  gateways: Pick<Gateways, 'tenant' | 'files'>,
  actor: Actor,
  file: { fileName: string; size: number },
): Promise<UploadView> {
  if (!maySend(actor)) throw new AppError('forbidden');
  const fileName = file.fileName.trim();
  if (fileName.length > FILE_NAME_MAX) {
    throw new AppError('invalid_request', { fields: [{ field: 'fileName', code: 'too_long', details: { max: FILE_NAME_MAX } }] });
  }
  if (!FILE_TYPES.test(fileName)) throw new AppError('file_type');
  if (!Number.isSafeInteger(file.size) || file.size < 0)
    throw new AppError('invalid_request', { fields: [{ field: 'size', code: 'invalid' }] });
  if (file.size === 0) throw new AppError('file_empty');
  if (file.size > UPLOAD_PART_BYTES * UPLOAD_MAX_PARTS) throw new AppError('too_large');
  const id = newUploadId();
  const row = {
    id,
    userId: actor.user,
    fileName,
    size: file.size,
    partBytes: UPLOAD_PART_BYTES,
    multipartId: await gateways.files.beginParts(uploadKey(actor.tenant, id)),
    state: 'open' as const,
    createdAt: Date.now(),
  };
  await gateways.tenant(actor.tenant).uploads.add(row);
  return uploadView(row, []);
}
