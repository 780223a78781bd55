/** Error pages: calm, with a number to quote, never with the text of an exception. Rendered apart from the routes, so that a broken page cannot break them. */
import { renderToString } from '@builder.io/qwik/server';
import { extractBase } from 'compiled-i18n/qwik';
import { TroublePage } from './components/trouble-page';
import { ERRORS, type ErrorCode } from '../schema/errors';
import { namedRefusal } from './lib/outcome';
import { isOperators, OPERATORS_HOME } from './lib/paths';
import type { PagePlatform } from './lib/platform';
import './styles/index.css';

export const troubleOf = (thrown: unknown): ErrorCode => namedRefusal(thrown)?.code ?? 'server_error';

/**
 * @param path of the page that was asked for
 * @param thrown what is written to the log, by name and frames only: its message may hold a number or a body.
 */
export async function answerTrouble(code: ErrorCode, platform: PagePlatform, path: string, thrown?: unknown): Promise<Response> {
  const { locale, nonce, theme, requestId, isStranger } = platform;
  // A stranger's own home is on the other side.
  const home = isOperators(path) === isStranger ? '/' : OPERATORS_HOME;
  const { status } = ERRORS[code];
  if (status >= 500) console.error(JSON.stringify({ requestId, page: code, ...describe(thrown) }));
  const { html } = await renderToString(<TroublePage code={code} requestId={requestId} locale={locale} home={home} />, {
    base: extractBase,
    serverData: { locale, nonce },
    qwikLoader: 'never',
    preloader: false,
    containerAttributes: { lang: locale, 'data-theme': theme },
  });
  return new Response(html, { status, headers: { 'content-type': 'text/html; charset=utf-8' } });
}

function describe(thrown: unknown): { unexpected?: string; stack?: string } {
  if (!(thrown instanceof Error)) return {};
  const frames = thrown.stack?.split('\n').filter((line) => line.trimStart().startsWith('at '));
  return { unexpected: thrown.name, stack: frames?.slice(0, 8).join('\n') };
}
