/** The frame of the platform's own reference pages: one small page, its style and script within, nothing from anywhere else. */
import type { Locale } from '../../../schema/states';

export interface Words {
  readonly title: string;
  /** HTML. */
  readonly intro: string;
  readonly key: string;
  readonly secret: string;
  readonly tryOut: string;
  readonly send: string;
  readonly body: string;
  readonly parameters: string;
  readonly answers: string;
  readonly required: string;
  readonly errors: string;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');

const STYLE = `
:root{color-scheme:light dark;--line:light-dark(#dfe3e8,#333a42);--soft:light-dark(#f6f7f9,#1b2026);--dim:light-dark(#5b6571,#9aa5b1)}
*{box-sizing:border-box}
body{margin:0;font:15px/1.6 system-ui,"PingFang SC","Noto Sans CJK SC",sans-serif;display:grid;grid-template-columns:18rem minmax(0,1fr)}
nav{position:sticky;top:0;height:100vh;overflow:auto;padding:1.5rem 1rem;border-right:1px solid var(--line);background:var(--soft);font-size:13px}
nav ul{list-style:none;padding-left:.5rem;margin:.25rem 0}nav a{color:inherit;text-decoration:none}nav a:hover{text-decoration:underline}
nav label{display:block;margin:.25rem 0}
main{padding:1.5rem 2rem;max-width:60rem}h2{margin-top:3rem}section{padding:1rem 0;border-top:1px solid var(--line)}
code,pre,textarea{font:13px/1.5 ui-monospace,monospace}table{border-collapse:collapse;width:100%;font-size:14px}
td{border-top:1px solid var(--line);padding:.35rem .5rem;vertical-align:top;overflow-wrap:anywhere}td:nth-child(2){color:var(--dim)}
em{color:light-dark(#b42318,#f79488);font-style:normal;font-size:12px}.method{font-size:12px;padding:.1rem .4rem;border:1px solid currentColor;border-radius:4px}
.get{color:light-dark(#12698a,#6cc6e6)}.post{color:light-dark(#18794e,#6fd3a3)}.put{color:light-dark(#8a5a12,#e2b36c)}.delete{color:light-dark(#b42318,#f79488)}
.answers{padding-left:1.2rem}form{display:grid;gap:.5rem;padding:.75rem;background:var(--soft);border:1px solid var(--line);border-radius:6px}
form label{display:grid;gap:.2rem;font-size:13px}input,textarea,button{font:inherit;padding:.4rem .5rem;border:1px solid var(--line);border-radius:4px;width:100%}
textarea{font-family:ui-monospace,monospace}button{width:auto;justify-self:start;cursor:pointer}pre{overflow:auto;max-height:30rem;padding:.75rem;margin:0;border:1px solid var(--line)}
summary{cursor:pointer}@media(max-width:60rem){body{display:block}nav{position:static;height:auto;border-right:0}}`;

const SCRIPT = `
const credentials = document.getElementById('credentials');
for (const input of credentials.querySelectorAll('input')) {
  input.value = sessionStorage.getItem(input.name) ?? input.value;
  input.addEventListener('input', () => sessionStorage.setItem(input.name, input.value));
}
for (const form of document.querySelectorAll('form[data-path]')) form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const query = new URLSearchParams();
  const headers = new Headers();
  let path = form.dataset.path;
  for (const input of form.querySelectorAll('input')) {
    if (input.dataset.in === 'path') path = path.replace('{' + input.name + '}', encodeURIComponent(input.value));
    else if (input.value === '') continue;
    else if (input.dataset.in === 'header') headers.set(input.name, input.value);
    else query.set(input.name, input.value);
  }
  const [key, secret] = ['key', 'secret'].map((name) => credentials.querySelector('[name=' + name + ']').value);
  if (path.startsWith('/v1/')) headers.set('authorization', 'Bearer ' + key + ':' + secret);
  const body = form.querySelector('textarea')?.value;
  if (body !== undefined) headers.set('content-type', 'application/json');
  const out = form.querySelector('pre');
  out.hidden = false;
  out.textContent = '…';
  try {
    const answer = await fetch(path + (query.size ? '?' + query : ''), { method: form.dataset.method, headers, body });
    const text = await answer.text();
    let shown = text;
    try { shown = JSON.stringify(JSON.parse(text), null, 2); } catch {}
    const rate = ['ratelimit-remaining', 'retry-after', 'idempotency-replayed'].flatMap((name) => answer.headers.has(name) ? [name + ': ' + answer.headers.get(name)] : []);
    out.textContent = [answer.status + ' ' + answer.statusText, ...rate, '', shown].join('\\n');
  } catch (failed) { out.textContent = String(failed); }
});`;

interface Page {
  readonly locale: Locale;
  readonly words: Words;
  readonly title: string;
  /** HTML. */
  readonly navigation: string;
  /** HTML. */
  readonly main: string;
}

export function docsShell({ locale, words, title, navigation, main }: Page): Response {
  const nonce = crypto.randomUUID();
  const html = `<!doctype html><html lang="${locale}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${escapeHtml(title)} · JMC</title><style nonce="${nonce}">${STYLE}</style></head><body><nav><b>JMC 锦木通信平台</b><p><a href="/docs/api">${escapeHtml(words.title)}</a> · <a href="/docs/errors">${escapeHtml(words.errors)}</a> · <a href="/v1/openapi.json">OpenAPI</a></p><div id="credentials"><label>${words.key}<input name="key" autocomplete="off"></label><label>${words.secret}<input name="secret" type="password" autocomplete="off"></label></div>${navigation}</nav><main><h1>${escapeHtml(title)}</h1>${main}</main><script nonce="${nonce}">${SCRIPT}</script></body></html>`;
  return new Response(html, {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
      'referrer-policy': 'no-referrer',
    },
  });
}
