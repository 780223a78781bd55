import { maySend, type Actor, type UploadView } from '../../schema/console';
import { AppError } from '../../schema/errors';
import type { UploadId } from '../../schema/ids';
import { uploadKey } from '../../schema/storage-keys';
import type { Gateways } from '../gateways';
import { ownUpload, partCount, partLength, showUpload } from './upload-view';

/** Stores one part, straight from the request into R2. A part may be sent again at any time; the newest counts. */
export async function uploadPart(
  gateways: Pick<Gateways, 'tenant' | 'files'>,
  actor: Actor,
  id: UploadId,
  part: number,
  body: ReadableStream | ArrayBuffer,
  length: number,
): Promise<UploadView> {
  if (!maySend(actor)) throw new AppError('forbidden');
  const row = await ownUpload(gateways, actor, id);
  if (row.state === 'aborted') throw new AppError('gone');
  if (!Number.isInteger(part) || part < 1 || part > partCount(row)) {
    throw new AppError('invalid_request', { fields: [{ field: 'part', code: 'invalid' }] });
  }
  if (length !== partLength(row, part)) throw new AppError('upload_part_size');
  // A late repeat after the end: everything is there already.
  if (row.state === 'complete') return showUpload(gateways, actor, id);
  const { etag } = await gateways.files.writePart(uploadKey(actor.tenant, id), row.multipartId, part, body);
  await gateways.tenant(actor.tenant).uploads.setPart(id, { part, etag, size: length });
  return showUpload(gateways, actor, id);
}
