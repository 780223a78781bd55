/** The frame of the platform's own reference pages: one page, its style and script within, nothing from anywhere else. */
import { LOCALES, type Locale } from '../../../schema/states';
import type { RequestContext } from '../context';
import { escapeHtml } from './docs-html';
import { DOCS_SCRIPT } from './docs-script';
import { DOCS_STYLE } from './docs-style';
import { docsWords } from './docs-words';

/** What the address asks for goes before what the browser asks for: a link to a page in one language can be passed on. */
export function docsLocale({ url, locale }: Pick<RequestContext, 'url' | 'locale'>): Locale {
  const wanted = url.searchParams.get('lang');
  return LOCALES.find((known) => known === wanted) ?? locale;
}

const LANGUAGES: Readonly<Record<Locale, string>> = { 'zh-CN': '中文', en: 'English' };
/** As the console's own pages were told to look. */
const themeOf = (request: Request): string => /(?:^|;\s*)theme=(light|dark)\b/.exec(request.headers.get('cookie') ?? '')?.[1] ?? 'auto';

interface Page {
  readonly request: Request;
  readonly locale: Locale;
  readonly path: '/docs/api' | '/docs/errors';
  readonly title: string;
  /** HTML; '' = none. */
  readonly contents: string;
  /** HTML. */
  readonly main: string;
}

export function docsShell({ request, locale, path, title, contents, main }: Page): Response {
  const words = docsWords(locale);
  const nonce = crypto.randomUUID();
  const link = (href: string, text: string, isHere: boolean): string =>
    `<li><a href="${href}"${isHere ? ' aria-current="page"' : ''}>${escapeHtml(text)}</a></li>`;
  const pages = [
    link(`/docs/api?lang=${locale}`, words.title, path === '/docs/api'),
    link(`/docs/errors?lang=${locale}`, words.errors, path === '/docs/errors'),
    link('/v1/openapi.json', 'OpenAPI 3.1', false),
  ].join('');
  const languages = LOCALES.map(
    (one) =>
      `<li><a href="${path}?lang=${one}" lang="${one}" hreflang="${one}"${one === locale ? ' aria-current="true"' : ''}>${LANGUAGES[one]}</a></li>`,
  ).join('');
  const top = `<header class="top"><a class="brand" href="/"><span class="tile" aria-hidden="true">锦</span><span lang="zh-CN">JMC 锦木通信</span></a><nav aria-label="${escapeHtml(words.pages)}"><ul>${pages}</ul></nav><nav class="lang" aria-label="${escapeHtml(words.language)}"><ul>${languages}</ul></nav></header>`;
  const side =
    contents === ''
      ? ''
      : `<nav class="side" aria-label="${escapeHtml(words.contents)}"><details open><summary>${escapeHtml(words.contents)}</summary>${contents}</details></nav>`;
  const html = `<!doctype html><html lang="${locale}" data-theme="${themeOf(request)}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${escapeHtml(title)} · JMC 锦木通信</title><link rel="icon" href="/favicon.svg" type="image/svg+xml"><style nonce="${nonce}">${DOCS_STYLE}</style></head><body><a class="skip" href="#main">${escapeHtml(words.skip)}</a>${top}<div class="frame${contents === '' ? ' alone' : ''}">${side}<main id="main" tabindex="-1"><h1>${escapeHtml(title)}</h1>${main}</main></div><script nonce="${nonce}">${DOCS_SCRIPT}</script></body></html>`;
  return new Response(html, {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
      'referrer-policy': 'no-referrer',
    },
  });
}
