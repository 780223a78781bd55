/** Webhooks in a real browser: an endpoint from its form to its log, and its secret, which is shown once. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startPlatform, type TestPlatform } from '../support/server';
import { launchBrowser, openPage } from './kit/browser';
import { signIn } from './kit/sign-in';

let platform: TestPlatform;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  [platform, browser] = await Promise.all([startPlatform(), launchBrowser()]);
  const login = platform.line.demo.logins[0];
  if (!login) throw new Error('the seed has no login');
  ({ page } = await openPage(await browser.newContext({ locale: 'zh-CN' })));
  page.setDefaultTimeout(15_000);
  await signIn(page, platform, login);
});

afterAll(async () => {
  await browser?.close();
  await platform?.stop();
});

const note = (text: string | RegExp) => page.locator('.note', { hasText: text }).waitFor();

describe('An endpoint', () => {
  test('is refused at its field and keeps what was typed', async () => {
    await page.goto(`${platform.url}/webhooks/new`);
    await page.fill('#url', 'ftp://example.com');
    await page.fill('#headers', 'X-Token: abc');
    await page.click('form.card button.primary');
    await page.locator('#url-error').waitFor();
    expect(await page.inputValue('#headers')).toBe('X-Token: abc');
  });

  test('shows its secret once, is tested, and its log replays what was sent', async () => {
    await page.goto(`${platform.url}/webhooks/new`);
    await page.fill('#url', `${platform.simulator}/nobody`);
    await page.fill('#headers', 'X-Token: abc');
    await page.click('form.card button.primary');
    await page.waitForURL(/\/webhooks\/wh_/);
    expect(await page.locator('.secret code').innerText()).toMatch(/^whsec_/);
    await page.reload();
    expect(await page.locator('.secret').count()).toBe(0);
    const address = page.url();
    await page.getByRole('button', { name: '发送测试' }).click();
    await note('HTTP 404');
    await page.goto(address);
    expect(await page.locator('tbody tr').count()).toBe(1);
    await page.locator('tbody form button').click();
    await note('将补发 1 个请求');
  });

  test('is asked for all deliveries of a period, and still is when the period was wrong', async () => {
    await page.goto(`${platform.url}/webhooks`);
    await page.locator('tbody a').first().click();
    const all = page.locator('input[name="which"][value="all"]');
    await all.check({ force: true });
    await page.fill('#from', '2026-11-02T10:00');
    await page.fill('#until', '2026-11-01T10:00');
    await page.locator('form:has(#until) button').click();
    await page.locator('#until-error').waitFor();
    expect([await all.isChecked(), await page.inputValue('#from')]).toEqual([true, '2026-11-02T10:00']);
  });

  test('has another secret after a replacement, and is switched off and removed', async () => {
    await page.goto(`${platform.url}/webhooks`);
    await page.locator('tbody a').first().click();
    await page.getByRole('button', { name: '轮换密钥' }).click();
    expect(await page.locator('.secret code').innerText()).toMatch(/^whsec_/);
    await page.getByRole('button', { name: '停用' }).click();
    await page.locator('.head .badge', { hasText: '已停用' }).waitFor();
    await page.click('[popovertarget="remove"]:not([popovertargetaction])');
    await page.locator('.ask:popover-open button.primary').click();
    await page.waitForURL(`${platform.url}/webhooks`);
    expect(await page.locator('tbody tr').count()).toBe(0);
  });

  test('is only looked at by a viewer', async () => {
    const viewer = platform.line.demo.logins[2];
    if (!viewer) throw new Error('the seed has no viewer');
    const context = await browser.newContext({ locale: 'zh-CN' });
    const { page: theirs } = await openPage(context);
    await signIn(theirs, platform, viewer);
    await theirs.goto(`${platform.url}/webhooks`);
    expect(await theirs.locator('main .btn').count()).toBe(0);
    expect((await theirs.goto(`${platform.url}/webhooks/new`))?.status()).toBe(403);
    await context.close();
  });
});

describe('The answer to opt-outs', () => {
  test('is set beside the inbound messages, with its parts counted while it is typed, and taken away again', async () => {
    await page.goto(`${platform.url}/inbound`);
    const key = platform.line.demo.keys.find(({ kind, test: isTest }) => kind === 'marketing' && !isTest)?.baseKey ?? '';
    await page.fill('#text', '您已退订'.repeat(20));
    await page.locator('.measure', { hasText: /UCS-2.*80.*2/ }).waitFor();
    await page.selectOption('#key', key);
    await page.click('main form.in button.primary');
    await note('已保存');
    expect(await page.inputValue('#text')).toBe('您已退订'.repeat(20));
    expect(await page.inputValue('#key')).toBe(key);
    await page.fill('#text', 'x'.repeat(3_201));
    await page.click('main form.in button.primary');
    await page.locator('#text-error').waitFor();
    expect(await page.inputValue('#text')).toBe('x'.repeat(3_201));
    await page.fill('#text', ' ');
    await page.click('main form.in button.primary');
    await note('已保存');
    expect(await page.inputValue('#text')).toBe('');
  });

  test('is only read by those who do not own the account', async () => {
    const sender = platform.line.demo.logins[1];
    if (!sender) throw new Error('the seed has no sender');
    const context = await browser.newContext({ locale: 'zh-CN' });
    const { page: theirs } = await openPage(context);
    await signIn(theirs, platform, sender);
    await theirs.goto(`${platform.url}/inbound`);
    expect(await theirs.locator('main form').count()).toBe(0);
    await context.close();
  });
});
