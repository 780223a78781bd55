/** /api/blacklist-imports: files of numbers for a blacklist, and how far they have come. */
import type { IRequest } from 'itty-router';
import { z } from 'zod';
import type { BlacklistImportId, KeyId, UploadId } from '../../schema/ids';
import { readJson } from './body';
import type { RequestContext } from './context';
import { signedIn } from './guards';

const NO_STORE = { 'cache-control': 'no-store' };
const NewImport = z.strictObject({ key: z.string().transform((id) => id as KeyId), upload: z.string().transform((id) => id as UploadId) });

export async function postBlacklistImport(request: IRequest, context: RequestContext): Promise<Response> {
  const actor = signedIn(context);
  const { key, upload } = await readJson(request, NewImport);
  const id = await context.services.blacklist.startImport(actor, key, upload);
  return Response.json({ id }, { status: 202, headers: NO_STORE });
}

export async function showBlacklistImport(request: IRequest, context: RequestContext): Promise<Response> {
  const id = String(request.params['id']) as BlacklistImportId;
  return Response.json(await context.services.blacklist.import(signedIn(context), id), { headers: NO_STORE });
}
