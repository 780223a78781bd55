/** The operators' pages: without fault in both languages and themes and on a phone; an account opened and used; neither door leads behind the other. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startPlatform, type TestPlatform } from '../support/server';
import { accessibilityFaults, contextOptions, launchBrowser, openPage, sidewaysScroll, type Look } from './kit/browser';
import { codeFor, enterCode, firstPassword, sessionOf, signIn } from './kit/sign-in';

const LOOKS: readonly Look[] = [
  { locale: 'zh-CN', theme: 'light', width: 1280 },
  { locale: 'en', theme: 'dark', width: 1280 },
  { locale: 'zh-CN', theme: 'dark', width: 360 },
  { locale: 'en', theme: 'light', width: 360 },
];
const TENANT = 'tn_DEM00000000000000000';
const PATHS = [
  '/operators',
  '/operators/tenants',
  '/operators/tenants?name=nobody',
  '/operators/tenants/new',
  `/operators/tenants/${TENANT}`,
  `/operators/tenants/${TENANT}/users`,
  `/operators/tenants/${TENANT}/users/us_DEM0SENDER0000000000`,
  `/operators/tenants/${TENANT}/keys`,
  `/operators/tenants/${TENANT}/keys/JMDEM0MARKET0001`,
  '/operators/approvals',
  '/operators/approvals?state=pending',
  '/operators/approvals/ap_DEM00000000000000004',
  '/operators/prices',
  `/operators/prices?tenant=${TENANT}`,
  '/operators/notices',
  '/operators/carriers',
  '/operators/carriers/new',
  '/operators/carriers/ca_DEM00000000000000000',
  '/operators/audit',
  '/operators/audit?action=sign_in',
  '/operators/dead-letters',
  '/operators/profile',
];

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

describe.each(LOOKS)('$locale, $theme, $width px', (look) => {
  test('every page of the operators is without fault', async () => {
    const faults: string[] = [];
    for (const storageState of [undefined, session]) {
      const context = await browser.newContext({ ...contextOptions(look), ...(storageState && { storageState }) });
      await context.addCookies([{ name: 'lang', value: look.locale, url: platform.url }]);
      const { page, complaints } = await openPage(context);
      for (const path of storageState ? PATHS : ['/operators/sign-in']) {
        complaints.length = 0;
        const answer = await page.goto(platform.url + path, { waitUntil: 'load' });
        if (answer?.status() !== 200) faults.push(`${path} answers ${answer?.status()}`);
        expect(await page.getAttribute('html', 'lang')).toBe(look.locale);
        faults.push(
          ...(await accessibilityFaults(page)).map((fault) => `${path} ${fault}`),
          ...complaints.map((line) => `${path} ${line}`),
        );
        const sideways = await sidewaysScroll(page);
        if (sideways > 0) faults.push(`${path} scrolls ${sideways} px sideways`);
      }
      await context.close();
    }
    expect(faults).toEqual([]);
  });
});

test('an operator opens an account and its owner comes in with the mailed password', async () => {
  const context = await browser.newContext({ storageState: session, locale: 'en' });
  const { page, complaints } = await openPage(context);
  await page.goto(`${platform.url}/operators/tenants/new`);
  await page.fill('#name', 'Harbour Trading');
  await page.fill('#ownerName', 'Ada Chan');
  await page.fill('#email', 'not an address');
  await page.click('form.fields button.primary');
  await page.waitForSelector('#email-error');
  expect(await page.inputValue('#name')).toBe('Harbour Trading');
  await page.fill('#email', 'ada@harbour.example');
  await page.click('form.fields button.primary');
  await page.waitForURL('**/operators/tenants/tn_*');
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
  await own.close();
});

test('neither door leads behind the other', async () => {
  const login = platform.line.demo.logins[0];
  if (!login) throw new Error('the seed has no login');
  const tenantContext = await browser.newContext();
  const { page } = await openPage(tenantContext);
  await signIn(page, platform, login);
  for (const path of PATHS) {
    const answer = await tenantContext.request.get(platform.url + path, { maxRedirects: 0 });
    expect([path, answer.status()]).toEqual([path, 404]);
  }
  await tenantContext.close();
  const operatorContext = await browser.newContext({ storageState: session });
  for (const path of ['/', '/tasks', '/logs', '/users', '/profile']) {
    const answer = await operatorContext.request.get(platform.url + path, { maxRedirects: 0 });
    expect([path, answer.status()]).toEqual([path, 404]);
  }
  const nobody = await browser.newContext();
  const asked = await nobody.request.get(`${platform.url}/operators/tenants`, { maxRedirects: 0 });
  expect([asked.status(), asked.headers()['location']]).toEqual([303, '/operators/sign-in?next=%2Foperators%2Ftenants']);
  await Promise.all([operatorContext.close(), nobody.close()]);
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
