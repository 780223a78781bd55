/** Hands a page request to the console (Qwik City, built into server/), with the verbs and the session it may use. */
import type { Actor, ConsoleServices } from '../../schema/console';
import type { Locale } from '../../schema/states';
import type { RequestContext } from './context';

/** What pages see as `platform`. No bindings: a page reaches data only through the services and only as its actor. */
export interface ConsolePlatform {
  readonly services: ConsoleServices;
  readonly actor: Actor | null;
  readonly locale: Locale;
  readonly address: string;
  readonly userAgent: string;
  readonly local: boolean;
}

interface BuiltConsole {
  answerPage(request: Request, platform: ConsolePlatform, waitUntil: (work: Promise<unknown>) => void): Promise<Response>;
}

/** Session pages never rest in a cache, and are never framed. */
const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
};

export async function answerConsolePage(request: Request, context: RequestContext): Promise<Response> {
  // Loaded on the first page, so that API requests and queue batches start without the console.
  const console: BuiltConsole = await import('../../server/entry.worker.js');
  const { services, actor, locale, address, userAgent, gateways } = context;
  const page = await console.answerPage(
    request,
    { services, actor, locale, address, userAgent, local: gateways.env.ENVIRONMENT === 'local' },
    context.waitUntil,
  );
  const headers = new Headers(page.headers);
  for (const [name, value] of Object.entries(PAGE_HEADERS)) headers.set(name, value);
  return new Response(page.body, { status: page.status, headers });
}
