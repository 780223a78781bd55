/** An upload as its owner sees it. */
import type { Actor, UploadView } from '../../schema/console';
import { AppError } from '../../schema/errors';
import type { UploadId } from '../../schema/ids';
import type { Gateways } from '../gateways';
import type { StoredPart, UploadRow } from '../gateways/stores/uploads';

export const partCount = ({ size, partBytes }: Pick<UploadRow, 'size' | 'partBytes'>): number => Math.ceil(size / partBytes);

/** Bytes of part `part` (from 1): all are equally long but the last. */
export const partLength = ({ size, partBytes }: Pick<UploadRow, 'size' | 'partBytes'>, part: number): number =>
  Math.min(partBytes, size - (part - 1) * partBytes);

export const uploadView = (row: Omit<UploadRow, 'tenantId'>, parts: readonly StoredPart[]): UploadView => ({
  id: row.id,
  fileName: row.fileName,
  size: row.size,
  partBytes: row.partBytes,
  parts: partCount(row),
  received: parts.map(({ part }) => part),
  state: row.state,
});

/** Another tenant's upload is as absent as one that never was. */
export async function ownUpload(gateways: Pick<Gateways, 'tenant'>, actor: Actor, id: UploadId): Promise<UploadRow> {
  const row = await gateways.tenant(actor.tenant).uploads.find(id);
  if (row === null) throw new AppError('not_found');
  return row;
}

export async function showUpload(gateways: Pick<Gateways, 'tenant'>, actor: Actor, id: UploadId): Promise<UploadView> {
  const row = await ownUpload(gateways, actor, id);
  return uploadView(row, await gateways.tenant(actor.tenant).uploads.parts(id));
}
