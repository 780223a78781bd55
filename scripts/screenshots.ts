/**
 * `npm run screenshots [-- --only TEXT] [--look zh-CN-dark-360]`: starts the built platform on a state of its own, fills it with a month of messages
 * and draws every page for every visitor in both languages and themes, from a phone to 1920 px, into `screenshots/`, with an index.html to leaf through.
 * `--only` draws the pages whose address or look holds the text.
 */
import './platform/quiet';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Browser } from 'playwright-core';
import { fillPast } from '../bench/past/fill-past';
import type { KeyId } from '../schema/ids';
import { launchBrowser, openPage, type Look } from '../tests/browser/kit/browser';
import { furnish } from '../tests/browser/kit/furnish';
import { importLegacy } from '../tests/browser/kit/import-legacy';
import { placesOf, type Place } from '../tests/browser/kit/places';
import { contextFor, openSessions, type Sessions } from '../tests/browser/kit/sessions';
import { startPlatform, type TestPlatform } from '../tests/support/server';
import { inRoot } from './platform/settings';
import { folderOf, indexPage, LOOKS, nameOf } from './screenshots/index-page';

const FOLDER = inRoot('screenshots');
const MONTH = { rows: 40_000, days: 30, dayRows: 400 };
/** Pages of the API, which are no part of the console. */
const REFERENCE: readonly Place[] = ['/docs/api', '/docs/errors'].map((path) => ({ visitor: 'nobody', path }));

const { values } = parseArgs({ options: { only: { type: 'string', default: '' }, look: { type: 'string', default: '' } } });
const startedAt = performance.now();
const say = (what: string): void => console.log(`${((performance.now() - startedAt) / 1_000).toFixed(0).padStart(4)} s  ${what}`);

async function fillMonth({ url, line }: TestPlatform): Promise<void> {
  const keyOf = (kind: string): KeyId => line.demo.keys.find((key) => key.kind === kind && !key.test)?.baseKey as KeyId;
  await fillPast({
    url,
    ...MONTH,
    marketing: keyOf('marketing'),
    transactional: keyOf('transactional'),
    untilAt: Date.now(),
    seals: false,
  });
}

async function draw(browser: Browser, platform: TestPlatform, sessions: Sessions, places: readonly Place[], look: Look): Promise<void> {
  const folder = join(FOLDER, folderOf(look));
  await mkdir(folder, { recursive: true });
  for (const visitor of new Set(places.map((place) => place.visitor))) {
    const context = await contextFor(browser, platform, sessions, visitor, look);
    const { page } = await openPage(context);
    for (const [at, place] of places.entries()) {
      if (place.visitor !== visitor || !wanted(place)) continue;
      await page.goto(platform.url + place.path, { waitUntil: 'load' });
      await place.touch?.(page);
      await page.screenshot({
        path: join(folder, `${nameOf(place, at)}.png`),
        fullPage: place.touch === undefined,
        animations: 'disabled',
      });
    }
    await context.close();
  }
  say(folderOf(look));
}

const wanted = ({ path, look = '' }: Place): boolean => `${path} ${look}`.includes(values.only);

const stateFolder = await mkdtemp(join(tmpdir(), 'jmc-screenshots-'));
if (values.only === '' && values.look === '') await rm(FOLDER, { recursive: true, force: true });
let platform: TestPlatform | undefined;
let browser: Browser | undefined;
try {
  await importLegacy(stateFolder);
  [platform, browser] = await Promise.all([startPlatform({ stateFolder }), launchBrowser()]);
  await fillMonth(platform);
  const sessions = await openSessions(browser, platform);
  const context = await browser.newContext({ storageState: sessions.owner });
  const places = [...placesOf(await furnish(platform, context)), ...REFERENCE];
  await context.close();
  say(`${places.length} pages`);
  for (const look of LOOKS) {
    if (folderOf(look).includes(values.look)) await draw(browser, platform, sessions, places, look);
  }
  await writeFile(
    join(FOLDER, 'index.html'),
    indexPage(
      places,
      places.map((place, at) => nameOf(place, at)),
    ),
  );
  say(join(FOLDER, 'index.html'));
} finally {
  await browser?.close();
  await platform?.stop();
  await rm(stateFolder, { recursive: true, force: true });
}
