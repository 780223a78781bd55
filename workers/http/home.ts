/** GET /api/home. */
import type { IRequest } from 'itty-router';
import type { RequestContext } from './context';
import { signedIn } from './guards';

export async function showHome(_request: IRequest, context: RequestContext): Promise<Response> {
  return Response.json(await context.services.home(signedIn(context)), { headers: { 'cache-control': 'no-store' } });
}
