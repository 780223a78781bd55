/** One HTTP request: context, routes or console page, and the one catch. */
import type { Env } from '../../schema/env';
import { makeGateways } from '../gateways';
import { openSession } from '../tenancy/open-session';
import { chooseLocale, type RequestContext } from './context';
import { answerConsolePage } from './console-page';
import { sameOrigin } from './guards';
import { problem } from './problem';
import { answerRoute, isApi, isRoute } from './routes';
import { bindServices } from './services';

export async function answerRequest(request: Request, env: Env, execution: ExecutionContext): Promise<Response> {
  const url = new URL(request.url);
  const requestId = crypto.randomUUID();
  let locale = chooseLocale(request, null);
  try {
    const gateways = makeGateways(env);
    const actor = isApi(url.pathname) ? null : await openSession(gateways, request, Date.now());
    locale = chooseLocale(request, actor);
    const context: RequestContext = {
      gateways,
      services: bindServices(gateways),
      waitUntil: (work) => execution.waitUntil(work),
      url,
      locale,
      address: request.headers.get('cf-connecting-ip') ?? '',
      userAgent: request.headers.get('user-agent') ?? '',
      requestId,
      actor,
    };
    if (!isRoute(url.pathname)) return await answerConsolePage(request, context);
    if (url.pathname.startsWith('/api/')) sameOrigin(request, url);
    return await answerRoute(request, context);
  } catch (thrown) {
    return problem(thrown, locale, requestId);
  }
}
