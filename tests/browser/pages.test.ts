/** Every page in both languages, both themes and on a phone: nothing for axe to find, nothing in the console, nothing to scroll sideways, little script. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startPlatform, type TestPlatform } from '../support/server';
import { accessibilityFaults, launchBrowser, openPage, sidewaysScroll, type Look } from './kit/browser';
import { furnish } from './kit/furnish';
import { importLegacy } from './kit/import-legacy';
import { placesOf, unvisited, type Place } from './kit/places';
import { contextFor, openSessions, type Sessions, type Visitor } from './kit/sessions';

const LOOKS: readonly Look[] = [
  { locale: 'zh-CN', theme: 'light', width: 1280 },
  { locale: 'en', theme: 'dark', width: 1280 },
  { locale: 'zh-CN', theme: 'dark', width: 360 },
  { locale: 'en', theme: 'light', width: 360 },
];
/** What may be fetched before anybody touches anything. */
const SCRIPT_MAX_GZIP_BYTES = 25 * 1024;
/** Most of the time of this is waiting for a page to be quiet. */
const WEIGHED_AT_ONCE = 6;

let stateFolder: string;
let platform: TestPlatform;
let browser: Browser;
let sessions: Sessions;
let places: readonly Place[];

beforeAll(async () => {
  stateFolder = await mkdtemp(join(tmpdir(), 'jmc-pages-'));
  await importLegacy(stateFolder);
  [platform, browser] = await Promise.all([startPlatform({ stateFolder }), launchBrowser()]);
  sessions = await openSessions(browser, platform);
  const context = await browser.newContext({ storageState: sessions.owner });
  places = placesOf(await furnish(platform, context));
  await context.close();
}, 240_000);

afterAll(async () => {
  await browser?.close();
  await platform?.stop();
  await rm(stateFolder, { recursive: true, force: true });
});

/** A context for each visitor, one after another, with the places that are theirs. */
async function eachVisitor(
  open: (visitor: Visitor) => Promise<BrowserContext>,
  visit: (context: BrowserContext, theirs: readonly Place[]) => Promise<void>,
  visited = places,
): Promise<void> {
  for (const visitor of new Set(visited.map((place) => place.visitor))) {
    const context = await open(visitor);
    await visit(
      context,
      visited.filter((place) => place.visitor === visitor),
    );
    await context.close();
  }
}

/** Places that are visited once are dealt out to the looks in turn. */
function placesIn(look: Look): readonly Place[] {
  const dealt = new Set(places.filter(({ once }) => once).filter((_place, at) => LOOKS[at % LOOKS.length] === look));
  return places.filter((place) => !place.once || dealt.has(place));
}

test('every page is visited', () => {
  expect(unvisited(places)).toEqual([]);
});

describe.each(LOOKS)('$locale, $theme, $width px', (look) => {
  test('every page is without fault', { timeout: 300_000 }, async () => {
    const faults: string[] = [];
    const open = (visitor: Visitor): Promise<BrowserContext> => contextFor(browser, platform, sessions, visitor, look);
    await eachVisitor(
      open,
      async (context, theirs) => {
        const { page, complaints } = await openPage(context);
        for (const { path, look: name = '', status = 200, touch } of theirs) {
          complaints.length = 0;
          const answer = await page.goto(platform.url + path, { waitUntil: 'load' });
          await touch?.(page);
          const found = [
            ...(await accessibilityFaults(page)),
            ...complaints.filter((line) => !line.includes(`status of ${touch ? 400 : status}`)),
          ];
          if (answer?.status() !== status) found.push(`answers ${answer?.status()}`);
          if (new URL(page.url()).pathname !== path.replace(/\?.*/, '')) found.push(`leads to ${page.url()}`);
          const lang = await page.getAttribute('html', 'lang');
          if (lang !== look.locale) found.push(`is in ${lang}`);
          const sideways = await sidewaysScroll(page);
          if (sideways > 0) found.push(`scrolls ${sideways} px sideways`);
          faults.push(...found.map((fault) => `${path} ${name}: ${fault}`));
        }
      },
      placesIn(look),
    );
    expect(faults).toEqual([]);
  });
});

describe('The API reference', () => {
  const openReference = async () => {
    const context = await browser.newContext({ locale: 'zh-CN' });
    const opened = await openPage(context);
    await opened.page.goto(`${platform.url}/docs/api`);
    return { ...opened, context };
  };

  test('sends a message with the key that was typed, finds it, and asks the original way for the balance', async () => {
    const key = platform.line.demo.keys.find(({ test: isTest }) => isTest);
    if (!key) throw new Error('the demo has no test key');
    const { page, complaints, context } = await openReference();
    await page.fill('#credentials input[name=key]', key.baseKey);
    await page.fill('#credentials input[name=secret]', key.secret);
    const send = page.locator('#sendMessages');
    await send.locator('.try summary').click();
    await send.locator('.try button.go').click();
    await send.locator('.try pre', { hasText: 'HTTP 202' }).waitFor();
    const answer = await send.locator('.try pre').innerText();
    const id = /"id": "([^"]+)"/.exec(answer)?.[1] ?? 'no id';
    const one = page.locator('#getMessage');
    await one.locator('.try summary').click();
    await one.locator('input[name=id]').fill(id);
    await one.locator('.try button.go').click();
    await one.locator('.try pre', { hasText: `"id": "${id}"` }).waitFor();
    const balance = page.locator('#jmcBalance');
    await balance.locator('.try summary').click();
    await balance.locator('.try button.go').click();
    await balance.locator('.try pre', { hasText: '"code": 0' }).waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('speaks the other language by its link', async () => {
    const { page, context } = await openReference();
    expect(await page.innerText('h1')).toBe('API 文档');
    await page.click('.lang a[lang=en]');
    expect(await page.innerText('h1')).toBe('API reference');
    await context.close();
  });
});

describe('Weight', () => {
  test('no page fetches more script than it may before it is touched', async () => {
    const heavy: string[] = [];
    const weigh = async (context: BrowserContext, path: string): Promise<void> => {
      const { page } = await openPage(context);
      const scripts: Promise<Buffer>[] = [];
      page.on('response', (response) => {
        if (response.url().endsWith('.js')) scripts.push(response.body());
      });
      await page.goto(platform.url + path, { waitUntil: 'networkidle' });
      const sizes = (await Promise.all(scripts)).map((body) => gzipSync(body).byteLength);
      const whole = sizes.reduce((sum, size) => sum + size, 0);
      if (whole > SCRIPT_MAX_GZIP_BYTES) heavy.push(`${path}: ${whole} bytes`);
      await page.close();
    };
    const open = (visitor: Visitor): Promise<BrowserContext> => browser.newContext({ storageState: sessions[visitor] });
    await eachVisitor(open, async (context, theirs) => {
      // What is visited once fetches what a place like it does.
      const paths = [...new Set(theirs.filter(({ once }) => !once).map(({ path }) => path))];
      while (paths.length > 0) await Promise.all(paths.splice(0, WEIGHED_AT_ONCE).map((path) => weigh(context, path)));
    });
    expect(heavy).toEqual([]);
  });

  test('no page carries the session or anything else of the request in its markup', async () => {
    const leaks: string[] = [];
    const open = (visitor: Visitor): Promise<BrowserContext> => browser.newContext({ storageState: sessions[visitor] });
    await eachVisitor(open, async (context, theirs) => {
      const secrets = (await context.cookies()).filter(({ httpOnly }) => httpOnly).map(({ value }) => value);
      for (const { path } of theirs) {
        const html = await (await context.request.get(platform.url + path)).text();
        if (secrets.some((secret) => html.includes(secret))) leaks.push(path);
      }
    });
    expect(leaks).toEqual([]);
  });
});
