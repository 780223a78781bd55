/** The operators' side: an account opened and used; neither door leads behind the other. */
import { globSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LogRow } from '../../schema/protocol/message-shard';
import { startPlatform, type TestPlatform } from '../support/server';
import { launchBrowser, openPage } from './kit/browser';
import { codeFor, enterCode, firstPassword, sessionOf, signIn } from './kit/sign-in';

let platform: TestPlatform;
let browser: Browser;
let session: Awaited<ReturnType<typeof sessionOf>>;

beforeAll(async () => {
  [platform, browser] = await Promise.all([startPlatform(), launchBrowser()]);
  const context = await browser.newContext();
  const { page } = await openPage(context);
  await signIn(page, platform, platform.line.operator, '/operators');
  session = await sessionOf(context);
  await context.close();
});
afterAll(async () => {
  await browser?.close();
  await platform?.stop();
});

test('an operator opens an account, approves what its owner applies for, and it sends to the mainland the same minute', async () => {
  const context = await browser.newContext({ storageState: session, locale: 'en' });
  const { page, complaints } = await openPage(context);
  await page.goto(`${platform.url}/operators/tenants/new`);
  await page.fill('#name', 'Harbour Trading');
  await page.fill('#ownerName', 'Ada Chan');
  await page.selectOption('#language', 'en');
  await page.fill('#email', 'not an address');
  await page.click('form.fields button.primary');
  await page.waitForSelector('#email-error');
  expect(await page.inputValue('#name')).toBe('Harbour Trading');
  await page.fill('#email', 'ada@harbour.example');
  await page.click('form.fields button.primary');
  await page.waitForURL('**/operators/tenants/tn_*');
  const tenant = new URL(page.url()).pathname.split('/').at(-1) ?? '';
  await page.fill('#micros', '250.50');
  await page.fill('#reference', 'INV-77');
  await page.click('form:has(#reference) button.primary');
  await page.waitForURL('**done=1');
  expect(await page.textContent('.kpis')).toContain('€250.50');
  expect(complaints.filter((line) => !line.includes('400'))).toEqual([]);
  await context.close();

  const own = await browser.newContext({ locale: 'en' });
  const { page: console } = await openPage(own);
  const before = Date.now();
  await console.goto(`${platform.url}/sign-in`);
  await console.fill('#email', 'ada@harbour.example');
  await console.fill('#password', await firstPassword(platform, 'ada@harbour.example'));
  await console.click('form.fields button.primary');
  await console.waitForURL('**/sign-in/code');
  await enterCode(console, await codeFor(platform, 'ada@harbour.example', before));
  await console.waitForURL('**/first-password');
  await console.fill('#password', 'A-Quiet-Harbour-7');
  await console.click('form.fields button.primary');
  await console.waitForURL(`${platform.url}/`);

  // What the mainland needs: applied for by the one, approved by the other.
  const wanted = [
    { kind: 'sender', name: 'HARBOUR', body: '' },
    { kind: 'signature', name: '海港贸易', body: '' },
    { kind: 'template', name: '到货通知', body: '您好，您订购的商品已到货。回T退订' },
  ];
  const papers = ['licence.pdf', 'authority.pdf'].map((name) => ({
    name,
    mimeType: 'application/pdf',
    buffer: Buffer.from('%PDF-1.7\n%%EOF\n'),
  }));
  const desk = await browser.newContext({ storageState: session, locale: 'en' });
  const { page: operator } = await openPage(desk);
  // No browser keeps a file in a form that comes back: it is asked for again.
  await console.goto(`${platform.url}/approvals/new`);
  await console.setInputFiles('#files', papers);
  await console.click('form.fields button.primary');
  await console.waitForSelector('#files-error');
  for (const { kind, name, body } of wanted) {
    await console.goto(`${platform.url}/approvals/new`);
    await console.selectOption('#kind', kind);
    await console.fill('#name', name);
    await console.fill('#body', body);
    await console.setInputFiles('#files', papers);
    await console.click('form.fields button.primary');
    await console.waitForURL('**/approvals/ap_*');
    await operator.goto(`${platform.url}/operators${new URL(console.url()).pathname}`);
    expect(await operator.locator('dd a[download]').allTextContents()).toEqual(papers.map((paper) => paper.name));
    await operator.click('button[value="approved"]');
    await operator.waitForURL('**done=1');
  }
  await operator.goto(`${platform.url}/operators/tenants/${tenant}/keys`);
  await operator.fill('#name', 'Marketing');
  await operator.click('form:has(#perSecond) button.primary');
  await operator.waitForSelector('.secret code');
  await desk.close();

  await console.goto(`${platform.url}/tasks/new/domestic`);
  await console.fill('#name', 'Goods have arrived');
  await console.setInputFiles('#file', {
    name: 'mainland.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from('phone\n+8613800138000\n13800138001\n+85261234567\n'),
  });
  await console.waitForSelector('.sending-file');
  await console.click('button[value="check"]');
  await console.waitForURL(/\/tasks\/T-/);
  await console.locator('.head .badge', { hasText: 'To be confirmed' }).waitFor({ timeout: 30_000 });
  await console.getByRole('button', { name: 'Confirm and send' }).click();
  await console.locator('.head .badge', { hasText: 'Finished' }).waitFor({ timeout: 60_000 });
  const bodies = await (await own.request.get(`${platform.url}/api/messages`)).json();
  expect(bodies.rows.map(({ from, body, state }: LogRow) => ({ from, body, state }))).toContainEqual({
    from: 'HARBOUR',
    body: '【海港贸易】您好，您订购的商品已到货。回T退订',
    state: 'delivered',
  });
  await own.close();
});

/** Every page there is, by its file; ids are such as nobody has. */
const PAGES = globSync('**/index.{ts,tsx}', { cwd: resolve(import.meta.dirname, '../../web/routes') }).map((file) => {
  const folders = file.split('/').slice(0, -1);
  const path = folders.filter((folder) => !folder.startsWith('(')).map((folder) => folder.replace(/\[\w+\]/, 'nobody'));
  const [group = ''] = folders;
  return { group: group.startsWith('(') ? group : '(open)', path: `/${path.join('/')}` };
});
const pagesOf = (group: string): string[] => PAGES.filter((page) => page.group === group).map(({ path }) => path);

/** What a browser says with a post that another site made it send. */
const FOREIGN: readonly Record<string, string>[] = [
  { origin: 'https://evil.example' },
  { 'sec-fetch-site': 'cross-site' },
  { origin: 'null' },
];

describe('every page by its file', () => {
  const sessions: Record<'operator' | 'user', string> = { operator: '', user: '' };
  const cookieOf = ({ cookies }: typeof session): string => cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
  const ask = (path: string, cookie: string, init: RequestInit = {}): Promise<Response> =>
    fetch(platform.url + path, {
      redirect: 'manual',
      ...init,
      headers: { cookie, ...(init.headers as Record<string, string> | undefined) },
    });
  const post = { method: 'POST', body: new URLSearchParams({ name: 'x' }) } as const;

  beforeAll(async () => {
    const login = platform.line.demo.logins[0];
    if (!login) throw new Error('the seed has no login');
    const context = await browser.newContext();
    const { page } = await openPage(context);
    await signIn(page, platform, login);
    sessions.user = cookieOf(await sessionOf(context));
    sessions.operator = cookieOf(session);
    await context.close();
  });

  test('is behind one of the two doors, or in front of both', () => {
    expect(new Set(PAGES.map(({ group }) => group))).toEqual(new Set(['(console)', '(operators)', '(door)', '(open)']));
    expect(pagesOf('(operators)').every((path) => path === '/operators' || path.startsWith('/operators/'))).toBe(true);
    expect(pagesOf('(console)').some((path) => path.startsWith('/operators'))).toBe(false);
    expect(PAGES.length).toBeGreaterThan(50);
  });

  test.each([
    { group: '(operators)', stranger: 'user', own: 'operator', door: '/operators/sign-in' },
    { group: '(console)', stranger: 'operator', own: 'user', door: '/sign-in' },
  ] as const)('of $group does not exist for the $stranger, and asks nobody to sign in but strangers to both', async (side) => {
    const { group, stranger, own, door } = side;
    for (const path of pagesOf(group)) {
      for (const form of [path, `${path === '/' ? '' : path}/q-data.json`]) {
        expect([form, (await ask(form, sessions[stranger])).status]).toEqual([form, 404]);
        const nobody = await ask(form, '');
        const where = nobody.headers.get('location') ?? (await nobody.text());
        expect([form, nobody.status < 400, where.includes(door)]).toEqual([form, true, true]);
        const mine = await ask(form, sessions[own]);
        expect([form, mine.status < 500]).toEqual([form, true]);
        await mine.body?.cancel();
      }
      const written = await ask(path, sessions[stranger], post);
      expect([path, 'post', written.status]).toEqual([path, 'post', 404]);
      await written.body?.cancel();
    }
  });

  test('takes nothing from pages of others, and says what a browser may do with it', async () => {
    for (const { group, path } of PAGES) {
      const cookie = group === '(operators)' ? sessions.operator : sessions.user;
      for (const headers of FOREIGN) {
        const answer = await ask(path, cookie, { ...post, headers });
        expect([path, headers, answer.status]).toEqual([path, headers, 403]);
        await answer.body?.cancel();
      }
      const shown = await ask(path, cookie, { headers: { 'x-forwarded-host': 'evil.example' } });
      const policy = shown.headers.get('content-security-policy') ?? '';
      expect([path, policy]).toEqual([path, expect.stringMatching(/script-src 'self' 'nonce-[\w+/=]{22,}';.*frame-ancestors 'none'/)]);
      expect(policy).not.toContain('unsafe');
      expect([path, shown.headers.get('cache-control'), shown.headers.get('x-frame-options')]).toEqual([path, 'no-store', 'DENY']);
      expect(shown.headers.get('x-content-type-options')).toBe('nosniff');
      expect(await shown.text()).not.toContain('evil.example');
      expect(shown.headers.get('location') ?? '').not.toContain('evil.example');
    }
  });

  test('leads nowhere else after a sign-in, whatever the address asks for', async () => {
    for (const next of [
      '//evil.example',
      '/\\evil.example',
      'https://evil.example',
      'javascript:alert(1)',
      '/%0d%0alocation:%20https://evil.example',
    ]) {
      for (const [door, cookie] of [
        ['/sign-in', sessions.user],
        ['/operators/sign-in', sessions.operator],
      ] as const) {
        const answer = await ask(`${door}?next=${encodeURIComponent(next)}`, cookie);
        expect(answer.status).toBe(303);
        expect(new URL(answer.headers.get('location') ?? '', platform.url).origin).toBe(new URL(platform.url).origin);
      }
    }
  });
});

test('what an operator approves is offered the same minute, and departures are marked while one types', async () => {
  const login = platform.line.demo.logins[0];
  if (!login) throw new Error('the seed has no login');
  const desk = await browser.newContext({ storageState: session, locale: 'en' });
  const { page: queue } = await openPage(desk);
  await queue.goto(`${platform.url}/operators/approvals/ap_DEM00000000000000004`);
  await queue.click('button[value="refused"]');
  await queue.waitForSelector('#reason-error');
  await queue.click('button[value="approved"]');
  await queue.waitForURL('**done=1');
  await desk.close();

  const context = await browser.newContext({ locale: 'en' });
  const { page, complaints } = await openPage(context);
  await signIn(page, platform, login);
  await page.goto(`${platform.url}/tasks/new/domestic`);
  expect(await page.locator('#template option').allTextContents()).toEqual(['新品开售', '会员日']);
  expect(await page.textContent('.bubble')).toContain('【星河出海】');
  await page.selectOption('#template', { label: '会员日' });
  await page.waitForFunction(() => document.querySelector('textarea')?.value.includes('会员日'));
  await page.fill('#text', '{{name}}，会员日全场七折，仅限今天。');
  await page.waitForSelector('.departures ins');
  expect(await page.locator('.departures ins').allTextContents()).toEqual(['七']);
  await page.click('.note button.small');
  await page.waitForFunction(() => document.querySelector('textarea')?.value.endsWith('回T退订'));
  expect(complaints).toEqual([]);
  await context.close();
});
