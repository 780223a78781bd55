/** Fetching an export's file, whole or a part of it: a download that broke off goes on where it stopped. */
import type { Actor } from '../../schema/console';
import { AppError } from '../../schema/errors';
import type { ExportId } from '../../schema/ids';
import { exportKey } from '../../schema/storage-keys';
import type { Gateways } from '../gateways';
import { attachment } from '../rules/content-disposition';
import { readByteRange } from '../rules/byte-range';
import { ExportCheckpoint } from '../rules/export-checkpoint';
import { hidesEnough, maskingFor } from '../rules/masking';
import { CONTENT_TYPES, isFetchedAsStored } from './formats';
import { ExportPlan } from './plan';
import { unpackRange } from './unpack-range';
import { ownExport } from './view';

/**
 * @param range value of the `Range` header
 * @param ifRange value of the `If-Range` header: a range of another file than the one the client began with is not answered with a part
 * @throws AppError not_found, export_not_ready, gone, or forbidden when the file shows what the actor may not see
 */
export async function fetchExport(
  gateways: Pick<Gateways, 'tenant' | 'files'>,
  actor: Actor,
  id: ExportId,
  range: string | null,
  ifRange: string | null,
): Promise<Response> {
  const row = await ownExport(gateways, actor, id);
  if (row.state === 'expired') throw new AppError('gone');
  if (row.state !== 'ready') throw new AppError('export_not_ready');
  if (!hidesEnough(ExportPlan.parse(row.request).format, maskingFor(actor))) throw new AppError('forbidden');

  const size = row.bytes;
  // The file of an export is written once and never again.
  const etag = `"${row.id}-${size}"`;
  const headers = new Headers({
    'content-type': CONTENT_TYPES[row.format],
    'content-disposition': attachment(row.fileName),
    'accept-ranges': 'bytes',
    etag,
    'cache-control': 'private, no-store',
  });
  const wanted = ifRange === null || ifRange === etag ? readByteRange(range, size) : 'all';
  if (wanted === 'none') {
    headers.set('content-range', `bytes */${size}`);
    headers.delete('content-disposition');
    return new Response(null, { status: 416, headers });
  }
  const span = wanted === 'all' ? { offset: 0, length: size } : wanted;
  const { exports } = gateways.tenant(actor.tenant);
  const key = exportKey(actor.tenant, id);
  const body = isFetchedAsStored(row.format)
    ? ((await gateways.files.stream(key, span))?.body ?? null)
    : await unpackRange(gateways.files, key, ExportCheckpoint.parse(await exports.fileOf(id)).members, span);
  if (!body) throw new AppError('gone');
  if (span.offset === 0) await exports.countDownload(id);
  headers.set('content-length', String(span.length));
  if (wanted !== 'all') headers.set('content-range', `bytes ${span.offset}-${span.offset + span.length - 1}/${size}`);
  return new Response(body, { status: wanted === 'all' ? 200 : 206, headers });
}
