/** What the reference does in a browser: tries calls, copies samples, shows in the contents where the reader is. It reads without all that. */
export const DOCS_SCRIPT = `
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const credentials = document.getElementById('credentials');
const given = (name) => credentials?.elements[name].value ?? '';
if (credentials) {
  credentials.addEventListener('submit', (event) => event.preventDefault());
  for (const input of all('input', credentials)) {
    input.value = sessionStorage.getItem('docs ' + input.name) ?? '';
    input.addEventListener('input', () => sessionStorage.setItem('docs ' + input.name, input.value));
  }
}
/** The places that samples keep for the reader's own key. */
const own = (text) => text.replaceAll('<key>', given('key') || '<key>').replaceAll('<secret>', given('secret') || '<secret>');
for (const button of all('.copy')) {
  button.hidden = false;
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(own(document.getElementById(button.dataset.of).textContent));
    const before = button.textContent;
    button.textContent = button.dataset.done;
    setTimeout(() => { button.textContent = before; }, 1500);
  });
}
for (const form of all('form[data-path]')) form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const query = new URLSearchParams();
  const headers = new Headers();
  let path = form.dataset.path;
  for (const input of all('input', form)) {
    if (input.dataset.in === 'path') path = path.replace('{' + input.name + '}', encodeURIComponent(input.value));
    else if (input.value === '') continue;
    else if (input.dataset.in === 'header') headers.set(input.name, input.value);
    else query.set(input.name, input.value);
  }
  if (path.startsWith('/v1/')) headers.set('authorization', 'Bearer ' + given('key') + ':' + given('secret'));
  const area = form.querySelector('textarea');
  if (area) headers.set('content-type', 'application/json');
  const out = form.querySelector('pre');
  out.hidden = false;
  out.textContent = '…';
  try {
    const answer = await fetch(path + (query.size ? '?' + query : ''), { method: form.dataset.method, headers, body: area ? own(area.value) : undefined });
    const text = await answer.text();
    let shown = text;
    try { shown = JSON.stringify(JSON.parse(text), null, 2); } catch {}
    const facts = ['ratelimit-remaining', 'retry-after', 'idempotency-replayed', 'x-request-id'].flatMap((name) => answer.headers.has(name) ? [name + ': ' + answer.headers.get(name)] : []);
    out.textContent = ['HTTP ' + answer.status, ...facts, '', shown].join('\\n');
  } catch (failed) { out.textContent = String(failed); }
});
/** On a wide screen the contents stand open beside the text; on a narrow one they open when they are asked for. */
const contents = document.querySelector('nav.side details');
const wide = matchMedia('(min-width: 901px)');
const arrange = () => { if (contents) contents.open = wide.matches; };
arrange();
wide.addEventListener('change', arrange);
if (contents) contents.addEventListener('click', (event) => { if (event.target.closest('a') && !wide.matches) contents.open = false; });
const links = new Map(all('nav.side a').map((link) => [link.hash.slice(1), link]));
const seen = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    for (const link of links.values()) link.removeAttribute('aria-current');
    links.get(target.id)?.setAttribute('aria-current', 'true');
  }
}, { rootMargin: '-20% 0px -70% 0px' });
for (const id of links.keys()) { const place = document.getElementById(id); if (place) seen.observe(place); }
`;
