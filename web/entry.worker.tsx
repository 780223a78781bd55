/**
 * The console as the Worker sees it: one request of a page → one answer. Pages are rendered whole before the first byte leaves, so that an
 * error in the middle of one still becomes an error page with its own status.
 */
import { _deserializeData, _serializeData, _verifySerializable } from '@builder.io/qwik';
import { mergeHeadersCookies, requestHandler } from '@builder.io/qwik-city/middleware/request-handler';
import type { RenderToStreamOptions } from '@builder.io/qwik/server';
import qwikCityPlan from '@qwik-city-plan';
import type { ConsolePlatform } from '../schema/console';
import renderPage from './entry.ssr';
import { contentSecurityPolicy, newNonce } from './lib/content-security-policy';
import { isOperators, OPERATORS_HOME, pathOf, signInPath } from './lib/paths';
import type { PagePlatform } from './lib/platform';
import { fromOurPages } from './lib/same-origin';
import { themeOfCookies } from './lib/theme';
import { answerTrouble, troubleOf } from './trouble';

const serializer = { _deserializeData, _serializeData, _verifySerializable };

export async function answerPage(request: Request, given: ConsolePlatform): Promise<Response> {
  const url = new URL(request.url);
  const platform: PagePlatform = {
    ...given,
    nonce: newNonce(),
    theme: themeOfCookies(request.headers.get('cookie')),
  };
  const answer = fromOurPages(request, url)
    ? await runPage(request, url, platform)
    : await answerTrouble('cross_site', platform, url.pathname);
  const headers = new Headers(answer.headers);
  headers.set('content-security-policy', contentSecurityPolicy(platform.nonce));
  return new Response(request.method === 'HEAD' ? null : answer.body, { status: answer.status, headers });
}

async function runPage(request: Request, url: URL, platform: PagePlatform): Promise<Response> {
  const answer = new AnswerBuffer();
  let rendered = false;
  const render = (options: RenderToStreamOptions) => {
    rendered = true;
    return renderPage({ ...options, serverData: { ...options.serverData, theme: platform.theme } });
  };
  const run = await requestHandler<true>(
    {
      mode: 'server',
      locale: platform.locale,
      url,
      request: withoutForwardedHost(request),
      env: { get: () => undefined },
      platform,
      getClientConn: () => ({ ip: platform.address }),
      getWritableStream: (status, headers, cookies, resolve) => {
        resolve(true);
        return answer.open(status, mergeHeadersCookies(headers, cookies));
      },
    },
    // Our own rule about cross-site posts stands in answerPage; Qwik's would refuse clients that are no browser.
    { render, qwikCityPlan, checkOrigin: false },
    serializer,
  );
  if (!run) return answerTrouble('not_found', platform, url.pathname);
  const thrown = await run.completion;
  if (thrown) return answerThrown(thrown, url, platform);
  // Whatever Qwik City answers on its own beyond a page or a redirect is one of its error pages.
  if (!rendered && answer.status >= 400) return answerTrouble(answer.status < 500 ? 'not_found' : 'server_error', platform, url.pathname);
  return answer.response();
}

function answerThrown(thrown: unknown, url: URL, platform: PagePlatform): Promise<Response> | Response {
  const trouble = troubleOf(thrown);
  const door = isOperators(url.pathname) ? OPERATORS_HOME : '';
  if (trouble === 'not_signed_in') return redirect(signInPath(pathOf(url), door));
  if (trouble === 'password_change_required') return redirect(`${door}/first-password`);
  return answerTrouble(trouble, platform, url.pathname, thrown);
}

const redirect = (location: string): Response => new Response(null, { status: 303, headers: { location } });

/** Qwik City builds addresses from these headers; anybody can send them, and nothing in front of us sets them. */
function withoutForwardedHost(request: Request): Request {
  if (!request.headers.has('x-forwarded-host') && !request.headers.has('x-forwarded-proto')) return request;
  const headers = new Headers(request.headers);
  headers.delete('x-forwarded-host');
  headers.delete('x-forwarded-proto');
  return new Request(request, { headers });
}

class AnswerBuffer {
  status = 200;
  #headers = new Headers();
  readonly #chunks: Uint8Array[] = [];

  open(status: number, headers: Headers): WritableStream<Uint8Array> {
    this.status = status;
    this.#headers = headers;
    return new WritableStream({ write: (chunk) => void this.#chunks.push(chunk) });
  }

  response(): Response {
    const empty = this.#chunks.length === 0;
    return new Response(empty ? null : new Blob(this.#chunks as BlobPart[]).stream(), { status: this.status, headers: this.#headers });
  }
}
