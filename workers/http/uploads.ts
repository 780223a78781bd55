/** /api/uploads: files of numbers, part by part. */
import type { IRequest } from 'itty-router';
import { z } from 'zod';
import { AppError } from '../../schema/errors';
import type { UploadId } from '../../schema/ids';
import { attachment } from '../rules/content-disposition';
import { readJson } from './body';
import type { RequestContext } from './context';
import { signedIn } from './guards';

const NO_STORE = { 'cache-control': 'no-store' };
const uploadId = (request: IRequest): UploadId => String(request.params['id']) as UploadId;

const NewUpload = z.strictObject({ fileName: z.string().min(1), size: z.number().int().nonnegative() });

export async function postUpload(request: IRequest, context: RequestContext): Promise<Response> {
  const actor = signedIn(context);
  const view = await context.services.createUpload(actor, await readJson(request, NewUpload));
  return Response.json(view, { status: 201, headers: NO_STORE });
}

export async function getUpload(request: IRequest, context: RequestContext): Promise<Response> {
  return Response.json(await context.services.upload(signedIn(context), uploadId(request)), { headers: NO_STORE });
}

/** The body goes on to R2 as it comes in, so its length must be known beforehand. */
export async function putUploadPart(request: IRequest, context: RequestContext): Promise<Response> {
  const actor = signedIn(context);
  const length = request.headers.get('content-length');
  if (request.body === null || length === null || !/^\d{1,12}$/.test(length)) throw new AppError('upload_part_size');
  const view = await context.services.uploadPart(actor, uploadId(request), Number(request.params['part']), request.body, Number(length));
  return Response.json(view, { headers: NO_STORE });
}

export async function postUploadComplete(request: IRequest, context: RequestContext): Promise<Response> {
  return Response.json(await context.services.completeUpload(signedIn(context), uploadId(request)), { headers: NO_STORE });
}

const TemplateFormat = z.enum(['csv', 'txt', 'xlsx']);

export async function getUploadTemplate(request: IRequest, context: RequestContext): Promise<Response> {
  signedIn(context);
  const format = TemplateFormat.safeParse(request.params['format']);
  if (!format.success) throw new AppError('not_found');
  const { fileName, contentType, body } = await context.services.uploadTemplate(format.data, context.locale);
  return new Response(body, { headers: { ...NO_STORE, 'content-type': contentType, 'content-disposition': attachment(fileName) } });
}
