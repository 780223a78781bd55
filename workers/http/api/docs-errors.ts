/** `/docs/errors`: what every code means; the `type` of a problem document points here. */
import { BLOCK_REASONS, ERRORS, FIELD_ERRORS, ROW_REJECTIONS } from '../../../schema/errors';
import type { RequestContext } from '../context';
import { docsShell, escapeHtml } from './docs-shell';
import { docsWords } from './docs-words';

type Texts = Readonly<Record<string, { readonly zh: string; readonly en: string; readonly status?: number }>>;

const table = (texts: Texts): string =>
  `<table><tbody>${Object.entries(texts)
    .map(
      ([code, { status, zh, en }]) =>
        `<tr id="${code}"><td><code>${code}</code></td><td>${status ?? ''}</td><td>${escapeHtml(en)}</td><td>${escapeHtml(zh)}</td></tr>`,
    )
    .join('')}</tbody></table>`;

export function showErrorReference(_request: unknown, { locale }: RequestContext): Response {
  const words = docsWords(locale);
  const main = `${table(ERRORS)}<h2><code>errors[].code</code></h2>${table(FIELD_ERRORS)}<h2><code>rejected[].code</code></h2>${table(ROW_REJECTIONS)}<h2><code>blocked</code></h2>${table(BLOCK_REASONS)}`;
  return docsShell({ locale, words, title: words.errors, navigation: '', main });
}
