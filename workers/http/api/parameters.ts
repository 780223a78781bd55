/** Parameters of the older faces however their clients write them: query, form or JSON, or a query beside a body. All are text. */
import { AppError } from '../../../schema/errors';
import { isText } from '../../../schema/api/common';
import { utf8Of } from '../body';
import { jsonOf, queryOf, readBytes } from './read-input';

export type Parameters = Readonly<Record<string, string>>;

/**
 * @throws AppError unsupported_media_type, malformed_json, too_large; invalid_request for a parameter that is there twice, or is no text:
 * what was encoded as anything but UTF-8 would reach the recipient as �.
 */
export async function readParameters(request: Request, url: URL): Promise<Parameters> {
  const query = queryOf(url.searchParams);
  const all = request.method === 'GET' ? query : { ...query, ...(await bodyParameters(request)) };
  const wrong = Object.keys(all).filter((name) => !isText(all[name] ?? '') || (all[name] ?? '').includes('\ufffd'));
  if (wrong.length > 0) throw new AppError('invalid_request', { fields: wrong.map((field) => ({ field, code: 'not_text' })) });
  return all;
}

async function bodyParameters(request: Request): Promise<Record<string, string>> {
  const bytes = await readBytes(request);
  if (bytes.byteLength === 0) return {};
  const type = request.headers.get('content-type') ?? '';
  if (/^application\/x-www-form-urlencoded\s*(?:;\s*charset\s*=\s*"?utf-?8"?\s*)?$/i.test(type)) {
    return queryOf(new URLSearchParams(utf8Of(bytes)));
  }
  if (MULTIPART.test(type)) return multipartFields(bytes, type);
  const value = jsonOf(request, bytes);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new AppError('invalid_request');
  const entries = Object.entries(value);
  const nested = entries.filter(([, field]) => typeof field === 'object' && field !== null);
  if (nested.length > 0) throw new AppError('invalid_request', { fields: nested.map(([field]) => ({ field, code: 'invalid' })) });
  return Object.fromEntries(entries.flatMap(([name, field]) => (field === null ? [] : [[name, String(field)]])));
}

/** How PHP's curl writes a form that it is given as a list. */
const MULTIPART = /^multipart\/form-data\s*;/i;

/** @throws AppError invalid_request for a file or a name that is there twice */
async function multipartFields(bytes: Uint8Array, type: string): Promise<Record<string, string>> {
  const form = await new Response(bytes, { headers: { 'content-type': type } }).formData().catch(() => {
    throw new AppError('invalid_request');
  });
  const fields = new URLSearchParams();
  for (const [name, value] of form.entries()) {
    if (typeof value !== 'string') throw new AppError('invalid_request', { fields: [{ field: name, code: 'invalid' }] });
    fields.append(name, value);
  }
  return queryOf(fields);
}

/** A parameter that is empty is one that is not there. */
export const parameter = (parameters: Parameters, name: string): string | undefined => parameters[name] || undefined;

/** Runs on the router for a face whose transport refusals are problem documents, as everywhere. */
export const answerJson = (body: unknown, requestId: string, headers: Record<string, string> = {}, status = 200): Response =>
  Response.json(body, { status, headers: { 'cache-control': 'no-store', 'x-request-id': requestId, ...headers } });
