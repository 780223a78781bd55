/** `/docs/errors`: what every code means; the `type` of a problem document points here. */
import { BLOCK_REASONS, ERRORS, FIELD_ERRORS, ROW_REJECTIONS } from '../../../schema/errors';
import type { Locale } from '../../../schema/states';
import type { RequestContext } from '../context';
import { escapeHtml, prose } from './docs-html';
import { docsLocale, docsShell } from './docs-shell';
import { docsWords, type Words } from './docs-words';
import type { Said } from './operation';

type Texts = Readonly<Record<string, { readonly zh: string; readonly en: string; readonly status?: number }>>;

interface List {
  readonly title: string;
  readonly told: Said;
  readonly texts: Texts;
  /** Before its codes, which may stand in several lists. */
  readonly anchor: string;
}

const LISTS: readonly List[] = [
  { title: 'code', told: { en: 'Of the whole request.', zh: '整个请求的错误。' }, texts: ERRORS, anchor: '' },
  { title: 'errors[].code', told: { en: 'Of one field.', zh: '单个字段的错误。' }, texts: FIELD_ERRORS, anchor: 'field-' },
  {
    title: 'rejected[].code',
    told: { en: 'Of a recipient that no message was made for.', zh: '未生成短信的收件人。' },
    texts: ROW_REJECTIONS,
    anchor: 'rejected-',
  },
  {
    title: 'blocked',
    told: { en: 'Why a message was stopped before it was sent.', zh: '短信在发送前被拦截的原因。' },
    texts: BLOCK_REASONS,
    anchor: 'blocked-',
  },
];

function table({ texts, anchor, title }: List, locale: Locale, words: Words): string {
  const hasStatus = Object.values(texts).some(({ status }) => status !== undefined);
  const rows = Object.entries(texts).map(([code, { status, zh, en }]) => {
    const cell = hasStatus ? `<td>${status ?? ''}</td>` : '';
    return `<tr id="${anchor}${code}"><td><code>${code}</code></td>${cell}<td>${escapeHtml(locale === 'en' ? en : zh)}</td></tr>`;
  });
  const head = `<tr><th scope="col">${words.code}</th>${hasStatus ? '<th scope="col">HTTP</th>' : ''}<th scope="col">${words.meaning}</th></tr>`;
  return `<div class="scroll" tabindex="0" role="region" aria-label="${escapeHtml(title)}"><table><thead>${head}</thead><tbody>${rows.join('')}</tbody></table></div>`;
}

export function showErrorReference(request: Request, context: RequestContext): Response {
  const locale = docsLocale(context);
  const words = docsWords(locale);
  const lists = LISTS.map(
    (list) =>
      `<section class="card guide"><h2><code>${escapeHtml(list.title)}</code></h2><p>${locale === 'en' ? list.told.en : list.told.zh}</p>${table(list, locale, words)}</section>`,
  );
  const main = `<p class="lead">${prose(words.errorsLead)}</p>${lists.join('')}`;
  return docsShell({ request, locale, path: '/docs/errors', title: words.errors, contents: '', main });
}
