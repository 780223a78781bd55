/** The page to leaf through the pictures: all looks of a page beside each other, one look after another with the arrow keys. */
import { LOCALES } from '../../schema/states';
import type { Look } from '../../tests/browser/kit/browser';
import type { Place } from '../../tests/browser/kit/places';

export const LOOKS: readonly Look[] = [
  ...LOCALES.flatMap((locale) =>
    (['light', 'dark'] as const).flatMap((theme) => [1280, 360].map((width): Look => ({ locale, theme, width }))),
  ),
  { locale: 'zh-CN', theme: 'light', width: 1920 },
];

export const folderOf = ({ locale, theme, width }: Look): string => `${locale}-${theme}-${width}`;

/** Name of a place's file: what it shows rather than ids, which differ from run to run. */
export function nameOf({ visitor, path, look = '' }: Place, at: number): string {
  const words =
    `${path === '/' ? '/home' : path.replace(/\?.*/, '')} ${look} ${visitor === 'owner' || visitor === 'operator' ? '' : visitor}`
      .replaceAll(/[A-Z\d][A-Z\d-]{8,}|\b\w{2}_\w+/g, 'id')
      .replaceAll(/\W+/g, '-');
  return `${String(at + 1).padStart(3, '0')}${words.replaceAll(/-+$/g, '')}`;
}

const title = ({ visitor, path, look }: Place): string => `${path}${look === undefined ? '' : ` · ${look}`} · ${visitor}`;
const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

export function indexPage(places: readonly Place[], names: readonly string[]): string {
  const choices = LOOKS.map(folderOf).map((look, at) => `<option${at === 0 ? ' selected' : ''}>${look}</option>`);
  const items = places.map((place, at) => `<li><a href="#${names[at]}">${escape(title(place))}</a></li>`);
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Screenshots</title>
<style>
  body { margin: 0; font: 14px/1.5 system-ui, sans-serif; display: grid; grid-template-columns: 300px 1fr; height: 100vh }
  nav { overflow: auto; padding: 12px; border-right: 1px solid #ddd } main { overflow: auto; padding: 12px; background: #eee }
  ol { padding-left: 28px } a[aria-current] { font-weight: 700 } img { max-width: 100%; box-shadow: 0 1px 6px #0003 }
</style>
<nav><select aria-label="Look">${choices.join('')}</select><p>↑ ↓ pages, ← → looks</p><ol>${items.join('')}</ol></nav>
<main><img alt=""></main>
<script>
  const look = document.querySelector('select'), links = [...document.querySelectorAll('a')], image = document.querySelector('img');
  const show = () => {
    const link = links.find((one) => one.hash === location.hash) ?? links[0];
    for (const one of links) one === link ? one.setAttribute('aria-current', 'true') : one.removeAttribute('aria-current');
    image.src = look.value + '/' + link.hash.slice(1) + '.png';
    image.alt = link.textContent;
    link.scrollIntoView({ block: 'nearest' });
  };
  const step = (by) => { location.hash = links[Math.max(0, links.findIndex((one) => one.ariaCurrent) + by)]?.hash ?? location.hash };
  const turn = (by) => { look.selectedIndex = (look.selectedIndex + by + look.length) % look.length; show() };
  addEventListener('hashchange', show);
  look.addEventListener('change', show);
  addEventListener('keydown', (event) => {
    const does = { ArrowUp: () => step(-1), ArrowDown: () => step(1), ArrowLeft: () => turn(-1), ArrowRight: () => turn(1) }[event.key];
    if (does) { event.preventDefault(); does() }
  });
  show();
</script>
`;
}
