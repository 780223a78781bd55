/** GET /api/messages and /api/messages/:id. */
import type { IRequest } from 'itty-router';
import { AppError } from '../../schema/errors';
import { PAGE_ROWS } from '../../schema/limits';
import { readLogQuery } from '../rules/log-query';
import { DATASETS } from '../../schema/states';
import type { RequestContext } from './context';
import { signedIn } from './guards';
import { pathParameter } from './path-parameter';

const NO_STORE = { 'cache-control': 'no-store' };

export async function listMessages(_request: IRequest, context: RequestContext): Promise<Response> {
  const actor = signedIn(context);
  const { searchParams } = context.url;
  const limit = searchParams.get('limit');
  if (limit !== null && !/^\d{1,4}$/.test(limit)) throw new AppError('invalid_request', { fields: [{ field: 'limit', code: 'invalid' }] });
  const filter = readLogQuery(searchParams, actor.timeZone);
  const wanted = searchParams.get('dataset') ?? 'current';
  const dataset = DATASETS.find((known) => known === wanted);
  if (!dataset) throw new AppError('invalid_request', { fields: [{ field: 'dataset', code: 'invalid' }] });
  const rows = limit === null ? PAGE_ROWS : Number(limit);
  const page = await context.services.log(actor, filter, searchParams.get('cursor'), rows, dataset);
  return Response.json(page, { headers: NO_STORE });
}

export async function showMessage(request: IRequest, context: RequestContext): Promise<Response> {
  const row = await context.services.message(signedIn(context), pathParameter(request, 'id'));
  return Response.json(row, { headers: NO_STORE });
}
