/** Every page in both languages, both themes and on a phone: nothing for axe to find, nothing in the console, nothing to scroll sideways, little script. */
import { gzipSync } from 'node:zlib';
import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startPlatform, type TestPlatform } from '../support/server';
import { accessibilityFaults, contextOptions, launchBrowser, openPage, sidewaysScroll, type Look } from './kit/browser';
import { numbersFile } from './kit/numbers';
import { sessionOf, signIn } from './kit/sign-in';
import { until } from './kit/wait';

const LOOKS: readonly Look[] = [
  { locale: 'zh-CN', theme: 'light', width: 1280 },
  { locale: 'en', theme: 'dark', width: 1280 },
  { locale: 'zh-CN', theme: 'dark', width: 360 },
  { locale: 'en', theme: 'light', width: 360 },
];
const DOOR = ['/sign-in', '/forgot'] as const;
/** What may be fetched before anybody touches anything. */
const SCRIPT_MAX_GZIP_BYTES = 25 * 1024;

let platform: TestPlatform;
let browser: Browser;
let session: Awaited<ReturnType<typeof sessionOf>>;
/** Paths behind the door, with one task in each state that looks different. */
let paths: string[];

beforeAll(async () => {
  [platform, browser] = await Promise.all([startPlatform(), launchBrowser()]);
  const login = platform.line.demo.logins[0];
  if (!login) throw new Error('the seed has no login');
  const context = await browser.newContext();
  const { page } = await openPage(context);
  await signIn(page, platform, login);
  session = await sessionOf(context);
  paths = await makePages(context);
  await context.close();
});

afterAll(async () => {
  await browser?.close();
  await platform?.stop();
});

async function makePages(context: BrowserContext): Promise<string[]> {
  const api = async <T>(path: string, data?: unknown): Promise<T> => {
    const url = `${platform.url}/api/${path}`;
    const answer = data === undefined ? await context.request.get(url) : await context.request.post(url, { data });
    if (!answer.ok()) throw new Error(`${path}: ${answer.status()} ${await answer.text()}`);
    return (answer.status() === 204 ? null : await answer.json()) as T;
  };
  const { buffer } = numbersFile('numbers.csv', 20);
  const upload = await api<{ id: string }>('uploads', { fileName: 'numbers.csv', size: buffer.byteLength });
  await context.request.put(`${platform.url}/api/uploads/${upload.id}/parts/1`, { data: buffer });
  await api(`uploads/${upload.id}/complete`, {});
  const { keys } = await api<{ keys: { id: string }[] }>('task-form');
  const content = {
    name: 'A task with a long name — 一个名字很长的任务',
    sender: 'JINMU',
    text: 'Hi {{name}}',
    key: keys[0]?.id,
    upload: upload.id,
  };
  const reaches = (id: string, state: string) =>
    until(
      async () => (await api<{ state: string }>(`tasks/${id}`)).state,
      (now) => now === state,
    );
  const draft = await api<{ id: string }>('tasks', { ...content, upload: null });
  const checked = await api<{ id: string }>('tasks', content);
  const sent = await api<{ id: string }>('tasks', content);
  await reaches(checked.id, 'checked');
  await reaches(sent.id, 'checked');
  await api(`tasks/${sent.id}/confirm`, {});
  await reaches(sent.id, 'finished');
  const { rows } = await api<{ rows: { id: string }[] }>('messages');
  await api('exports', { kind: 'log', format: 'csv', filter: {}, bom: true });
  const endpoint = await api<{ id: string }>('webhooks', { url: `${platform.simulator}/nobody-listens-here`, headers: { 'x-token': 'a' } });
  await api(`webhooks/${endpoint.id}/test`, {});
  const tasks = [draft.id, checked.id, sent.id].map((id) => `/tasks/${id}`);
  return [
    '/',
    '/tasks',
    '/tasks?state=refused',
    '/tasks/new',
    ...tasks,
    `/tasks/${checked.id}/edit`,
    '/logs',
    '/logs?to=nonsense',
    `/logs/${rows[0]?.id}`,
    '/reports',
    '/reports?groupBy=hour&receivedFrom=2026-11-01&receivedUntil=2026-11-02&country=CN&country=SG&kind=marketing',
    '/reports?receivedFrom=nonsense',
    '/legacy',
    '/legacy/tasks',
    '/legacy/tasks?id=OLD-1',
    '/legacy/reports',
    '/legacy/reports?groupBy=day,country&country=HK',
    '/legacy/reports?receivedFrom=nonsense',
    '/balance',
    '/balance?cursor=nonsense',
    '/downloads',
    '/notices',
    '/webhooks',
    '/webhooks/new',
    `/webhooks/${endpoint.id}`,
    `/webhooks/${endpoint.id}/edit`,
    '/inbound',
    '/keys',
    `/keys/${keys[0]?.id}`,
    '/blacklist',
    '/blacklist?search=nonsense',
    '/profile',
    '/users',
    '/users/us_DEM0SENDER0000000000',
    '/tasks/new/domestic',
    '/approvals',
    '/approvals?state=refused',
    '/approvals/new',
    '/approvals/ap_DEM00000000000000003',
    '/no-such-page',
  ];
}

describe.each(LOOKS)('$locale, $theme, $width px', (look) => {
  test('every page is without fault', async () => {
    const faults: string[] = [];
    const lang = { name: 'lang', value: look.locale, url: platform.url };
    for (const storageState of [undefined, session]) {
      const context = await browser.newContext({ ...contextOptions(look), ...(storageState && { storageState }) });
      await context.addCookies([lang]);
      if (storageState) await context.request.patch(`${platform.url}/api/preferences`, { data: { locale: look.locale } });
      const { page, complaints } = await openPage(context);
      for (const path of storageState ? paths : DOOR) {
        complaints.length = 0;
        await page.goto(platform.url + path, { waitUntil: 'load' });
        expect(await page.getAttribute('html', 'lang')).toBe(look.locale);
        const expected = path === '/no-such-page' || path.includes('nonsense') ? /status of 40[04]/ : /^$/;
        faults.push(
          ...(await accessibilityFaults(page)).map((fault) => `${path} ${fault}`),
          ...complaints.filter((line) => !expected.test(line)).map((line) => `${path} ${line}`),
        );
        const sideways = await sidewaysScroll(page);
        if (sideways > 0) faults.push(`${path} scrolls ${sideways} px sideways`);
      }
      await context.close();
    }
    expect(faults).toEqual([]);
  });
});

describe('Weight', () => {
  test('no page fetches more script than it may before it is touched', async () => {
    const context = await browser.newContext({ storageState: session });
    const heavy: string[] = [];
    for (const path of ['/sign-in', ...paths]) {
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
    }
    await context.close();
    expect(heavy).toEqual([]);
  });

  test('no page carries the session or anything else of the request in its markup', async () => {
    const context = await browser.newContext({ storageState: session });
    const secret = session.cookies.find(({ name }) => name.startsWith('__Host-'))?.value ?? 'no session';
    const leaks: string[] = [];
    for (const path of paths) {
      const html = await (await context.request.get(platform.url + path)).text();
      if (html.includes(secret)) leaks.push(path);
    }
    await context.close();
    expect(leaks).toEqual([]);
  });
});
