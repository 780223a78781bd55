/** GET /api/reports. */
import type { IRequest } from 'itty-router';
import { readReportQuery } from '../rules/report-query';
import type { RequestContext } from './context';
import { signedIn } from './guards';

export async function showReport(_request: IRequest, context: RequestContext): Promise<Response> {
  const actor = signedIn(context);
  const { filter, groupBy } = readReportQuery(context.url.searchParams, actor.timeZone, Date.now());
  return Response.json(await context.services.report(actor, filter, groupBy), { headers: { 'cache-control': 'no-store' } });
}
