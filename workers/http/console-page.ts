/** Hands a page request to the console (Qwik City, built into server/), with the verbs and the session it may use. */
import type { RequestContext } from './context';

/** Session pages never rest in a cache, and are never framed. */
const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'referrer-policy': 'same-origin',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
};

export async function answerConsolePage(request: Request, context: RequestContext): Promise<Response> {
  // Loaded on the first page, so that API requests and queue batches start without the console.
  const built = await import('../../server/entry.worker.js');
  const { services, operatorServices, actor, operator, isStranger, locale, address, userAgent, gateways, requestId } = context;
  const local = gateways.env.ENVIRONMENT === 'local';
  const page = await built.answerPage(
    request,
    { services, operatorServices, actor, operator, isStranger, locale, address, userAgent, local, requestId },
    context.waitUntil,
  );
  const headers = new Headers(page.headers);
  for (const [name, value] of Object.entries(PAGE_HEADERS)) headers.set(name, value);
  return new Response(page.body, { status: page.status, headers });
}
