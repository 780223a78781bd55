/** One HTTP request: context, routes or console page, and the one catch. */
import type { Actor } from '../../schema/console';
import type { Env } from '../../schema/env';
import { makeGateways, type Gateways } from '../gateways';
import { openOperatorSession } from '../operators/open-session';
import { openSession } from '../tenancy/open-session';
import { chooseLocale, type RequestContext } from './context';
import { answerConsolePage } from './console-page';
import { sameOrigin } from './guards';
import { bindOperatorServices } from './operator-services';
import { problem } from './problem';
import { answerRoute, isApi, isRoute } from './routes';
import { bindServices } from './services';

/** Two years: a browser that was here once speaks TLS to us from then on. */
const TLS_ONLY = 'max-age=63072000';

export async function answerRequest(request: Request, env: Env, execution: ExecutionContext): Promise<Response> {
  const url = new URL(request.url);
  const answer = await answerTo(request, url, env, execution);
  answer.headers.set('x-content-type-options', 'nosniff');
  if (url.protocol === 'https:') answer.headers.set('strict-transport-security', TLS_ONLY);
  return answer;
}

async function answerTo(request: Request, url: URL, env: Env, execution: ExecutionContext): Promise<Response> {
  const requestId = crypto.randomUUID();
  let locale = chooseLocale(request, null);
  try {
    const gateways = makeGateways(env);
    const { actor, operator, isStranger, spokenTo } = await whoAsks(gateways, request, url.pathname);
    locale = chooseLocale(request, spokenTo);
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
      operator,
      isStranger,
      operatorServices: bindOperatorServices(gateways),
    };
    if (!isRoute(url.pathname)) return await answerConsolePage(request, context);
    if (url.pathname.startsWith('/api/')) sameOrigin(request, url);
    return await answerRoute(request, context);
  } catch (thrown) {
    return problem(thrown, locale, requestId);
  }
}

interface Asker extends Pick<RequestContext, 'actor' | 'operator' | 'isStranger'> {
  /** Whose language the answer has, also where they are at the wrong door. */
  readonly spokenTo: Actor | null;
}
const NOBODY: Asker = { actor: null, operator: null, isStranger: false, spokenTo: null };
const isOperators = (path: string): boolean =>
  ['/operators', '/api/operators'].some((root) => path === root || path.startsWith(`${root}/`));

/** One of the two sessions counts, by the path; the other only tells that somebody is at the wrong door. */
async function whoAsks(gateways: Gateways, request: Request, path: string): Promise<Asker> {
  if (isApi(path)) return NOBODY;
  const now = Date.now();
  if (!isOperators(path)) {
    const actor = await openSession(gateways, request, now);
    const isStranger = actor === null && (await openOperatorSession(gateways, request, now)) !== null;
    return { ...NOBODY, actor, isStranger, spokenTo: actor };
  }
  const operator = await openOperatorSession(gateways, request, now);
  const stranger = operator === null ? await openSession(gateways, request, now) : null;
  return { ...NOBODY, operator, isStranger: stranger !== null, spokenTo: stranger };
}
