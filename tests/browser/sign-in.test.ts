/** The door of the console in a real browser: e-mail, phone, wrong answers, a forgotten and a first password, the end of a session. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { DemoLogin } from '../../scripts/platform/local-platform';
import { startPlatform, type TestPlatform } from '../support/server';
import { launchBrowser, openPage } from './kit/browser';
import { codeFor, enterCode, firstPassword, signIn } from './kit/sign-in';

let platform: TestPlatform;
let browser: Browser;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  [platform, browser] = await Promise.all([startPlatform(), launchBrowser()]);
});

beforeEach(async () => {
  const context = await browser.newContext({ locale: 'zh-CN' });
  ({ page, complaints } = await openPage(context));
  page.setDefaultTimeout(15_000);
  return () => context.close();
});

afterAll(async () => {
  await browser?.close();
  await platform?.stop();
});

function login(at: number): DemoLogin {
  const found = platform.line.demo.logins[at];
  if (!found) throw new Error('the seed has too few logins');
  return found;
}
const path = (): string => new URL(page.url()).pathname;
const submit = () => page.click('form.fields button.primary');

describe('Signing in', () => {
  test('takes an e-mail, a password and the code from the mail', async () => {
    await signIn(page, platform, login(0));
    expect(path()).toBe('/');
    expect(await page.locator('.menu .who').textContent()).toContain(login(0).email);
    expect(complaints).toEqual([]);
  });

  test('takes a phone with its region and the code from the message', async () => {
    const { phone, password } = login(1);
    const before = Date.now();
    await page.goto(`${platform.url}/sign-in`);
    await page.locator('.segments label').nth(1).click();
    await page.selectOption('select[name="region"]', '65');
    await page.fill('#phone', phone.replace(/^\+65/, ''));
    await page.fill('#password', password);
    await submit();
    await page.waitForURL('**/sign-in/code');
    await enterCode(page, await codeFor(platform, phone, before));
    expect(path()).toBe('/');
  });

  test('leads back to where one wanted to go, and nowhere else', async () => {
    const before = Date.now();
    await page.goto(`${platform.url}/logs?state=failed`);
    expect(path()).toBe('/sign-in');
    await page.fill('#email', login(1).email);
    await page.fill('#password', login(1).password);
    await submit();
    await page.waitForURL('**/sign-in/code');
    await enterCode(page, await codeFor(platform, login(1).email, before));
    expect(new URL(page.url()).pathname + new URL(page.url()).search).toBe('/logs?state=failed');
    for (const next of ['//evil.example', '/\\evil.example', 'https://evil.example']) {
      await page.goto(`${platform.url}/sign-in?next=${encodeURIComponent(next)}`);
      expect(page.url()).toBe(`${platform.url}/`);
    }
  });

  test('refuses a wrong password with the same words as an unknown account, and keeps the e-mail', async () => {
    const refusals: string[] = [];
    for (const email of [login(2).email, 'nobody@demo.jmc.example']) {
      await page.goto(`${platform.url}/sign-in`);
      await page.fill('#email', email);
      await page.fill('#password', 'Not-The-Password-1');
      await submit();
      await page.locator('.note.bad, .error').first().waitFor();
      expect(await page.inputValue('#email')).toBe(email);
      expect(await page.inputValue('#password')).toBe('');
      refusals.push(await page.locator('.note.bad, .error').first().innerText());
    }
    expect(refusals[0]).toBe(refusals[1]);
  });

  test('refuses a wrong code and takes the right one afterwards', async () => {
    const before = Date.now();
    await page.goto(`${platform.url}/sign-in`);
    await page.fill('#email', login(2).email);
    await page.fill('#password', login(2).password);
    await submit();
    await page.waitForURL('**/sign-in/code');
    const code = await codeFor(platform, login(2).email, before);
    await page.fill('#code', String((Number(code) + 1) % 1_000_000).padStart(6, '0'));
    await submit();
    await page.locator('#code-error').waitFor();
    await enterCode(page, code);
    expect(path()).toBe('/');
  });

  test('shows what was typed as the password when asked', async () => {
    await page.goto(`${platform.url}/sign-in`);
    await page.fill('#password', 'secret');
    await page.locator('.reveal button').click();
    expect(await page.getAttribute('#password', 'type')).toBe('text');
  });

  test('sets a new password with a code and ends the old one', async () => {
    const { email } = login(2);
    const before = Date.now();
    await page.goto(`${platform.url}/forgot`);
    await page.fill('#email', email);
    await submit();
    await page.waitForURL('**/forgot/reset');
    await page.fill('#code', await codeFor(platform, email, before));
    await page.fill('#password', 'Green-Lantern-2027');
    await submit();
    await page.waitForURL('**/sign-in?reset');
    await page.fill('#email', email);
    await page.fill('#password', login(2).password);
    await submit();
    await page.locator('.note.bad, .error').first().waitFor();
    expect(path()).toBe('/sign-in');
  });

  test('asks for a new password before anything else when the first one came by mail', async () => {
    const email = 'newcomer@demo.jmc.example';
    await signIn(page, platform, { email, password: await firstPassword(platform, email) });
    expect(path()).toBe('/first-password');
    await page.goto(`${platform.url}/tasks`);
    expect(path()).toBe('/first-password');
    await page.fill('#password', 'short');
    await submit();
    await page.locator('#password-error').waitFor();
    await page.fill('#password', 'Blue-Mountain-2027');
    await submit();
    await page.waitForURL(`${platform.url}/`);
  });

  test('signs out for good', async () => {
    await signIn(page, platform, login(0));
    const cookies = await page.context().cookies();
    await page.locator('.menu > summary').click();
    await page.locator('form[action="/sign-out"] button').click();
    await page.waitForURL('**/sign-in');
    await page.context().addCookies(cookies);
    await page.goto(`${platform.url}/tasks`);
    expect(path()).toBe('/sign-in');
  });

  test('speaks the other language from the first page on', async () => {
    await page.goto(`${platform.url}/sign-in`);
    expect(await page.locator('h1').innerText()).toBe('登录');
    await page.getByRole('button', { name: 'English' }).click();
    await page.locator('h1', { hasText: 'Sign in' }).waitFor();
    expect(await page.getAttribute('html', 'lang')).toBe('en');
  });
});
