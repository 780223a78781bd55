/** The console without script: signing in, and a task from the form to the delivered messages. */
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startPlatform, type TestPlatform } from '../support/server';
import { launchBrowser } from './kit/browser';
import { numbersFile } from './kit/numbers';
import { signIn } from './kit/sign-in';
import { until } from './kit/wait';

let platform: TestPlatform;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  [platform, browser] = await Promise.all([startPlatform(), launchBrowser()]);
  const context = await browser.newContext({ locale: 'zh-CN', javaScriptEnabled: false });
  page = await context.newPage();
  page.setDefaultTimeout(15_000);
});

afterAll(async () => {
  await browser?.close();
  await platform?.stop();
});

describe('Without script', () => {
  test('one signs in', async () => {
    const login = platform.line.demo.logins[0];
    if (!login) throw new Error('the seed has no login');
    await signIn(page, platform, login);
    expect(await page.locator('h1').innerText()).toBe('今天');
  });

  test('a task is made from a form with its file, checked, confirmed and sent', async () => {
    await page.goto(`${platform.url}/tasks/new`);
    await page.fill('#name', '没有脚本');
    await page.fill('#sender', 'JINMU');
    await page.fill('#text', 'Hi {{name}}');
    await page.setInputFiles('#file', numbersFile('numbers.csv', 12));
    await page.click('button[value="check"]');
    await page.waitForURL(/\/tasks\/T-/);
    await eventually('待确认');
    expect(await page.locator('dl.figures dd').nth(1).innerText()).toBe('12');
    await page.getByRole('button', { name: '确认并发送' }).click();
    await eventually('已完成');
  });

  test('a refused form keeps its file', async () => {
    await page.goto(`${platform.url}/tasks/new`);
    await page.fill('#name', '没有脚本');
    await page.fill('#sender', 'not a sender');
    await page.fill('#text', 'Hello');
    await page.setInputFiles('#file', numbersFile('numbers.csv', 3));
    await page.click('button[value="check"]');
    await page.locator('#sender-error').waitFor();
    expect(await page.locator('.sending-file').innerText()).toContain('numbers.csv');
    await page.fill('#sender', 'JINMU');
    await page.click('button[value="check"]');
    await page.waitForURL(/\/tasks\/T-/);
    await eventually('待确认');
  });

  test('a question before something final opens and is answered', async () => {
    await page.locator('[popovertarget^="cancel-"]:not([popovertargetaction])').click();
    await page.locator('.ask:popover-open button.primary').click();
    expect(await eventually('已取消')).toBe('已取消');
  });

  test('a template is counted, its look-alikes are put in, and it is saved and used', async () => {
    await page.goto(`${platform.url}/templates/new`);
    await page.fill('#name', '没有脚本');
    await page.fill('#body', 'It’s “new”, {{name}}…');
    await page.selectOption('#country', 'SG');
    await page.click('button[value="count"]');
    expect(await page.locator('.measure').first().innerText()).toContain('UCS-2');
    await page.fill('[name="sample:name"]', 'Ana');
    await page.click('button[value="replace"]');
    expect(await page.inputValue('#body')).toBe('It\'s "new", {{name}}...');
    expect(await page.inputValue('[name="sample:name"]')).toBe('Ana');
    expect(await page.locator('.measure').first().innerText()).toContain('GSM-7');
    expect(await page.locator('.priced b').innerText()).toMatch(/^€0\.\d{4}/);
    await page.click('form.work button.primary');
    await page.waitForURL(/\/templates\/tp_/);
    await page.locator('.head a.primary').click();
    expect(await page.inputValue('#text')).toBe('It\'s "new", {{name}}...');
  });

  test('a number is sought and removed on the list of the chosen key, and the list stays as it was sought', async () => {
    const key = platform.line.demo.keys[2]?.baseKey ?? '';
    const number = '+8613800138000';
    await page.goto(`${platform.url}/blacklist?key=${key}&search=${encodeURIComponent(number)}`);
    expect(await page.getByRole('link', { name: '清空' }).getAttribute('href')).toBe(`/blacklist?key=${key}`);
    await page.locator('tbody form button').click();
    await page.locator('.note.ok').waitFor();
    const { searchParams } = new URL(page.url());
    expect([searchParams.get('key'), searchParams.get('search')]).toEqual([key, number]);
    expect(await page.locator('tbody').count()).toBe(0);
  });

  test('countries are blocked by their names', async () => {
    const summary = page.locator('details.pick summary');
    /** The list lies over what stands below it until it is closed. */
    const block = async (choose: (country: Locator) => Promise<void>): Promise<void> => {
      await summary.click();
      for (const name of ['法国 +33', '南非 +27']) await choose(page.getByRole('checkbox', { name }));
      await summary.click();
      await page.locator('form:has(details.pick) button').click();
      await page.locator('.note.ok').waitFor();
    };
    await page.goto(`${platform.url}/blacklist`);
    await block((country) => country.check());
    expect(await summary.innerText()).toBe('法国 +33、南非 +27');
    await block((country) => country.uncheck());
    expect(await summary.innerText()).toBe('未屏蔽任何国家/地区');
  });
});

/** The page renews itself every few seconds; here it is asked again at once. */
const eventually = (state: string) =>
  until(
    async () => {
      // What the page before it began, a form or its own renewal, has arrived.
      await page.waitForLoadState();
      await page.reload();
      return page.locator('.head .badge').innerText();
    },
    (now) => now === state,
  );
