/** The download centre: /api/exports. */
import type { IRequest } from 'itty-router';
import type { ExportId } from '../../schema/ids';
import { readExportQuery } from '../rules/export-query';
import { ExportRequestShape } from '../exports/plan';
import { readJson } from './body';
import type { RequestContext } from './context';
import { signedIn } from './guards';

const NO_STORE = { 'cache-control': 'no-store' };
const exportId = (request: IRequest): ExportId => String(request.params['id']) as ExportId;

export async function startExport(request: IRequest, context: RequestContext): Promise<Response> {
  const actor = signedIn(context);
  const wanted = await readJson(request, ExportRequestShape);
  return Response.json(await context.services.startExport(actor, wanted), { status: 202, headers: NO_STORE });
}

export async function listExports(_request: IRequest, context: RequestContext): Promise<Response> {
  const actor = signedIn(context);
  const { searchParams } = context.url;
  const page = await context.services.exports(actor, readExportQuery(searchParams, actor.timeZone), searchParams.get('cursor'));
  return Response.json(page, { headers: NO_STORE });
}

export async function showExport(request: IRequest, context: RequestContext): Promise<Response> {
  return Response.json(await context.services.export(signedIn(context), exportId(request)), { headers: NO_STORE });
}

export async function cancelExport(request: IRequest, context: RequestContext): Promise<Response> {
  await context.services.cancelExport(signedIn(context), exportId(request));
  return new Response(null, { status: 204 });
}

export async function repeatExport(request: IRequest, context: RequestContext): Promise<Response> {
  return Response.json(await context.services.repeatExport(signedIn(context), exportId(request)), { status: 202, headers: NO_STORE });
}

export const exportFile = (request: IRequest, context: RequestContext): Promise<Response> =>
  context.services.exportFile(signedIn(context), exportId(request), request.headers.get('range'), request.headers.get('if-range'));
