/** The main job in a real browser: text, file, check, confirmation, progress, log, export, file. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page, FileChooser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { UPLOAD_PART_BYTES } from '../../schema/limits';
import { startPlatform, type TestPlatform } from '../support/server';
import { launchBrowser, openPage } from './kit/browser';
import { furnish } from './kit/furnish';
import { brazilian, numbersFile } from './kit/numbers';
import { signIn } from './kit/sign-in';
import { until } from './kit/wait';

const VALID = 40;
const TEXT = 'Hi {{name}}, use code {{code}} today. Reply STOP to opt out.';

let platform: TestPlatform;
let browser: Browser;
let page: Page;
let complaints: string[];
let folder: string;

beforeAll(async () => {
  [platform, browser, folder] = await Promise.all([startPlatform(), launchBrowser(), mkdtemp(join(tmpdir(), 'jmc-downloads-'))]);
  const login = platform.line.demo.logins[0];
  if (!login) throw new Error('the seed has no login');
  const context = await browser.newContext({ locale: 'zh-CN', acceptDownloads: true, viewport: { width: 1280, height: 900 } });
  ({ page, complaints } = await openPage(context));
  page.setDefaultTimeout(15_000);
  await signIn(page, platform, login);
});

afterAll(async () => {
  await browser?.close();
  await platform?.stop();
  await rm(folder, { recursive: true, force: true });
});

const open = (path: string) => page.goto(`${platform.url}${path}`);
const figure = (label: string) =>
  page.locator('dl.figures > div', { has: page.locator('dt', { hasText: new RegExp(`^${label}$`) }) }).locator('dd');
/** Waits until `selector` says so; a page that comes to it late is right all the same. */
const says = (selector: string, text: string | RegExp, timeout = 15_000) =>
  page.locator(selector, { hasText: text }).first().waitFor({ timeout });

async function saved(click: string, name: string): Promise<Buffer> {
  const [download] = await Promise.all([page.waitForEvent('download'), page.locator(click).first().click()]);
  const path = join(folder, name);
  await download.saveAs(path);
  return readFile(path);
}

describe('A task in the browser', () => {
  test('measures the text while it is typed and names what makes it expensive', async () => {
    await open('/tasks/new');
    await page.fill('#text', 'Olá');
    await says('.measure', 'UCS-2');
    expect(await page.locator('.letters code').allInnerTexts()).toEqual(['á']);
    await page.fill('#text', TEXT);
    await says('.measure', 'GSM-7');
    expect(await page.locator('.letters').count()).toBe(0);
  });

  test('replaces what makes the text dearer with one click', async () => {
    await open('/tasks/new');
    await page.fill('#text', 'It’s “new” — 您好');
    await page.locator('.letters dt', { hasText: '汉字' }).waitFor();
    await page.click('button[value="replace"]');
    await page.waitForFunction(() => (document.querySelector('#text') as HTMLTextAreaElement).value === 'It\'s "new" - 您好');
    await page.fill('#text', 'It’s “new”');
    await page.locator('.letters dt', { hasText: '弯引号' }).waitFor();
    await page.click('button[value="replace"]');
    await page.locator('.measure .badge.ok', { hasText: 'GSM-7' }).waitFor();
    expect(await page.inputValue('#text')).toBe('It\'s "new"');
    expect(page.url()).toBe(`${platform.url}/tasks/new`);
  });

  test('goes from a file to delivered messages and to an exported log, without a reload by hand', async () => {
    await open('/tasks/new');
    await page.fill('#name', '浏览器里的任务');
    await page.fill('#sender', 'JINMU');
    await page.fill('#text', TEXT);
    await page.setInputFiles('#file', numbersFile('numbers.csv', VALID));
    await says('.sending-file', '已上传 ·');
    await says('.bubble', 'Hi Ana 0, use code C0 today. Reply STOP to opt out.');

    await page.click('button[value="check"]');
    await page.waitForURL(/\/tasks\/T-/);
    await page.locator('.head .badge', { hasText: '待确认' }).waitFor();
    const task = new URL(page.url()).pathname;
    expect(await figure('有效').innerText()).toBe(String(VALID));
    expect(await figure('异常').innerText()).toBe('1');
    expect(await figure('重复').innerText()).toBe('1');
    await says('.bubble', 'Hi Ana 0, use code C0 today. Reply STOP to opt out.');
    await says('tbody tr', 'no number');
    expect((await saved('a[href$="/exceptions.xlsx"]', 'bad.xlsx')).subarray(0, 2).toString()).toBe('PK');

    await page.click('[popovertarget^="cancel-"]:not([popovertargetaction])');
    await page.locator('.ask:popover-open').getByText('不，保留').click();
    await page.locator('.ask:popover-open').waitFor({ state: 'detached' });

    await page.getByRole('button', { name: '确认并发送' }).click();
    await page.locator('.head .badge', { hasText: '已完成' }).waitFor({ timeout: 60_000 });
    expect(await figure('已送达').innerText()).toBe(String(VALID));

    await page.getByText('查看日志').click();
    await page.waitForURL(/\/logs\?task=/);
    expect(await page.locator('tbody tr').count()).toBe(VALID);
    await page.selectOption('main select[name="format"]', 'csv');
    await page.getByRole('button', { name: '导出', exact: true }).click();
    await page.waitForURL('**/downloads');
    await page.locator('a.btn[href$="/file"]').first().waitFor({ timeout: 60_000 });
    const lines = (await saved('a.btn[href$="/file"]', 'log.csv')).toString('utf8').trim().split('\r\n');
    expect(lines).toHaveLength(VALID + 1);
    expect(lines.filter((line) => line.includes(brazilian(3).slice(1)))).toHaveLength(1);

    await open(`/logs?to=${encodeURIComponent(brazilian(3))}`);
    expect(await page.locator('tbody tr').count()).toBe(1);
    await page.locator('tbody a.mono').click();
    await page.waitForURL(/\/logs\/[0-9A-Z*~$=%]+/);
    await says('.bubble', 'Hi Ana 3, use code C3 today. Reply STOP to opt out.');

    await open(`/tasks?name=${encodeURIComponent('浏览器')}`);
    expect(await page.locator('tbody a').first().getAttribute('href')).toBe(task);
    expect(complaints).toEqual([]);
  });

  test('schedules a task in the time of the user, pauses, edits, resumes and cancels it before its start', async () => {
    await open('/tasks/new');
    await page.fill('#name', '定时任务');
    await page.fill('#sender', 'JINMU');
    await page.fill('#text', 'Hello');
    await page.setInputFiles('#file', numbersFile('numbers.csv', 3));
    await says('.sending-file', '已上传');
    await page.click('button[value="check"]');
    const badge = (state: string) => page.locator('.head .badge', { hasText: state }).waitFor();
    await badge('待确认');
    await page.locator('.when .segments label').nth(1).click();
    await page.fill('#startsAt', '2020-01-01T10:00');
    await page.getByRole('button', { name: '确认并发送' }).click();
    await page.locator('#startsAt-error').waitFor();
    await page.fill('#startsAt', '2090-01-01T10:00');
    await page.getByRole('button', { name: '确认并发送' }).click();
    await badge('定时待发');
    await says('.note', '2090/01/01 10:00（Asia/Shanghai）');
    await page.getByRole('button', { name: '暂停' }).click();
    await badge('已暂停');
    await page.getByRole('button', { name: '继续发送' }).click();
    await badge('定时待发');
    await page.getByRole('link', { name: '编辑' }).click();
    await page.fill('#text', 'Hello again');
    await page.click('button[value="check"]');
    await badge('待确认');
    await says('.bubble', 'Hello again');
    await page.click('[popovertarget^="cancel-"]:not([popovertargetaction])');
    await page.locator('.ask:popover-open button.primary').click();
    await badge('已取消');
    expect(await page.locator('.head .btn').count()).toBe(0);
  });

  test('asks before the text of a template takes the place of what was typed', async () => {
    await open('/tasks/new');
    const choose = (label: string) => page.selectOption('#template', { label });
    const text = (wanted: string) => page.waitForFunction((part) => document.querySelector('textarea')?.value.includes(part), wanted);
    await choose('Early access');
    await text('early access');
    // The text of another template is nobody's.
    await choose('Parcel on its way');
    await text('parcel');
    await page.fill('#text', 'My own words');
    const asked = (answer: 'accept' | 'dismiss') => page.waitForEvent('dialog').then((dialog) => dialog[answer]());
    await Promise.all([asked('dismiss'), choose('Early access')]);
    await page.waitForFunction(() => document.querySelector<HTMLSelectElement>('#template')?.value === '');
    expect(await page.inputValue('#text')).toBe('My own words');
    await Promise.all([asked('accept'), choose('Early access')]);
    await text('early access');
  });

  test('shows a viewer masked numbers and nothing to start', async () => {
    const viewer = platform.line.demo.logins[2];
    if (!viewer) throw new Error('the seed has no viewer');
    const context = await browser.newContext({ locale: 'zh-CN' });
    const { page: theirs } = await openPage(context);
    await signIn(theirs, platform, viewer);
    await theirs.goto(`${platform.url}/logs`);
    const numbers = await theirs.locator('td[data-label="To"]').allInnerTexts();
    expect(numbers.length).toBeGreaterThan(0);
    expect(numbers.filter((number) => !number.includes('•'))).toEqual([]);
    await theirs.goto(`${platform.url}/tasks`);
    expect(await theirs.locator('a[href^="/tasks/new"]').count()).toBe(0);
    expect((await theirs.goto(`${platform.url}/tasks/new`))?.status()).toBe(403);
    await context.close();
  });

  test('is made, checked and sent by keyboard alone', async () => {
    const focused = (selector: string): Promise<boolean> =>
      page
        .locator(`${selector}:focus`)
        .count()
        .then((count) => count > 0);
    /** Presses Tab until this has the focus: whatever cannot be reached so fails here. */
    const tabTo = async (selector: string): Promise<void> => {
      for (let presses = 0; presses < 60; presses++) {
        if (await focused(selector)) return;
        await page.keyboard.press('Tab');
      }
      throw new Error(`${selector} is not reached`);
    };
    const press = (key: string): Promise<void> => page.keyboard.press(key);
    const typeInto = async (selector: string, text: string): Promise<void> => {
      await tabTo(selector);
      await press('ControlOrMeta+A');
      await page.keyboard.type(text);
    };

    // From the start: the browser asks for files without telling us until it was told to.
    const chosen = new Promise<FileChooser>((done) => void page.once('filechooser', done));
    await open('/');
    await press('Tab');
    expect(await focused('.skip')).toBe(true);
    await tabTo('.menu > summary');
    await press('Enter');
    await page.locator('.menu[open] .pop').waitFor();
    // On a busy machine the page may not listen yet; whoever sees the menu still open presses again.
    await until(
      () => press('Escape').then(() => page.locator('.menu:not([open])').count()),
      (closed) => closed > 0,
    );
    expect(await focused('.menu > summary')).toBe(true);

    await open('/tasks/new');
    await press('Tab');
    await press('Enter');
    await page.waitForURL('**/tasks/new#content');
    await typeInto('#name', '键盘里的任务');
    await typeInto('#sender', 'JINMU');
    await typeInto('#text', TEXT);
    await tabTo('#file');
    await press('Enter');
    await (await chosen).setFiles(numbersFile('numbers.csv', 3));
    await says('.sending-file', '已上传 ·');
    await tabTo('button[value="check"]');
    await press('Enter');
    await page.waitForURL(/\/tasks\/T-/);
    await page.locator('.head .badge', { hasText: '待确认' }).waitFor();

    const question = '[popovertarget^="cancel-"]:not([popovertargetaction])';
    await tabTo(question);
    await press('Enter');
    await page.locator('.ask:popover-open').waitFor();
    expect(await focused('.ask [popovertargetaction="hide"]')).toBe(true);
    await press('Escape');
    expect(await page.locator('.ask:popover-open').count()).toBe(0);
    expect(await focused(question)).toBe(true);
    await tabTo('form.when button.primary');
    await press('Enter');
    await page.locator('.head .badge', { hasText: '已完成' }).waitFor({ timeout: 60_000 });
  });

  test('is followed on the first page while it is under way, without a reload', async () => {
    const { tasks } = await furnish(platform, page.context());
    await open('/');
    const row = page.locator('tbody tr', { hasText: tasks.scheduled });
    await row.locator('.badge', { hasText: '定时待发' }).waitFor();
    await page.context().request.post(`${platform.url}/api/tasks/${tasks.scheduled}/pause`);
    const badge = row.locator('.badge');
    await badge.filter({ hasText: '已暂停' }).waitFor({ timeout: 25_000 });
    expect(await badge.innerText()).toBe('已暂停');
  });

  test('says at the fields what is missing, all at once, and begins at the first', async () => {
    await open('/tasks/new');
    await page.click('button[value="check"]');
    for (const name of ['name', 'text', 'upload']) await page.locator(`#${name}-error`).waitFor();
    expect(await page.locator('#name:focus').count()).toBe(1);
  });

  test('keeps what was typed where something is wrong', async () => {
    await open('/tasks/new');
    await page.fill('#name', '缺少内容');
    await page.fill('#sender', 'too long a name');
    await page.fill('#text', 'Hello');
    await page.setInputFiles('#file', numbersFile('numbers.csv', 3));
    await says('.sending-file', '已上传 ·');
    await page.click('button[value="check"]');
    await says('#sender-error', 'From');
    expect(await page.inputValue('#name')).toBe('缺少内容');
    expect(await page.inputValue('#text')).toBe('Hello');
    await says('.sending-file', 'numbers.csv');
  });

  test('says what is wrong with a file that cannot be read', async () => {
    await open('/tasks/new');
    await page.setInputFiles('#file', { name: 'numbers.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF') });
    await page.locator('#file-refused-error').waitFor();
    expect(await page.locator('#file-refused-error').innerText()).toContain('xlsx');
  });

  test('goes on with an upload after the connection was lost', async () => {
    await open('/tasks/new');
    let cut = true;
    await page.route('**/parts/2', (route) => (cut ? route.abort('connectionreset') : route.continue()));
    await page.setInputFiles('#file', await largeFile('many.csv'));
    await says('.sending-file', '连接中断');
    cut = false;
    await says('.sending-file', '已上传 ·', 30_000);
    expect(await page.inputValue('[name="upload"]')).toMatch(/^up_/);
  });

  test('resumes an upload where it was paused, when the same file is chosen again', async () => {
    const file = await largeFile('resumed.csv');
    await open('/tasks/new');
    await page.route('**/parts/3', (route) => route.abort('connectionreset'));
    const stored = [1, 2].map((part) => page.waitForResponse((response) => response.url().endsWith(`/parts/${part}`)));
    await page.setInputFiles('#file', file);
    await Promise.all(stored);
    await page.getByRole('button', { name: '暂停上传' }).click();
    await says('.sending-file', '已暂停');
    await page.unroute('**/parts/3');

    await open('/tasks/new');
    const sent: string[] = [];
    page.on('request', (request) => {
      if (request.method() === 'PUT') sent.push(new URL(request.url()).pathname.replace(/.*\//, ''));
    });
    await page.setInputFiles('#file', file);
    await says('.sending-file', '已上传 ·', 30_000);
    expect(sent).toEqual(['3']);
  });
});

/** Three parts: two whole ones and a rest. */
async function largeFile(name: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, Buffer.alloc(2.5 * UPLOAD_PART_BYTES, '+5511980000000\n'));
  return path;
}
