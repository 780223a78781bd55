/** The way through the door, as a person goes it: password, then the code from the mailbox. */
import type { BrowserContext, Page } from 'playwright-core';
import type { DemoLogin } from '../../../scripts/platform/local-platform';
import type { TestPlatform } from '../../support/server';

interface Mail {
  readonly recipient: string;
  readonly at: number;
  readonly code: string | null;
  readonly body: string;
}

async function mails(platform: TestPlatform): Promise<readonly Mail[]> {
  const answer = await fetch(platform.mailbox);
  return ((await answer.json()) as { mails: Mail[] }).mails;
}

/** The newest code to `recipient` (an address or a phone); waits for it, since phones get theirs through the carrier's queue. */
export async function codeFor(platform: TestPlatform, recipient: string, after = 0): Promise<string> {
  for (let tries = 0; tries < 50; tries++) {
    const found = (await mails(platform)).filter((mail) => mail.recipient === recipient && mail.code !== null && mail.at >= after);
    const newest = found.toSorted((a, b) => b.at - a.at)[0];
    if (newest?.code) return newest.code;
    await new Promise((done) => setTimeout(done, 200));
  }
  throw new Error(`no code came for ${recipient}`);
}

/** First password of an account that was just opened. */
export async function firstPassword(platform: TestPlatform, recipient: string): Promise<string> {
  const mail = (await mails(platform)).find((found) => found.recipient === recipient && found.code === null);
  const password = /[a-z0-9]{4}(?:-[a-z0-9]{4}){3}/.exec(mail?.body ?? '')?.[0];
  if (password === undefined) throw new Error(`no first password came for ${recipient}`);
  return password;
}

/** @param door '' for tenants' users, `/operators` for the service team */
export async function signIn(
  page: Page,
  platform: TestPlatform,
  login: Pick<DemoLogin, 'email' | 'password'>,
  door: '' | '/operators' = '',
): Promise<void> {
  const before = Date.now();
  await page.goto(`${platform.url}${door}/sign-in`);
  await page.fill('#email', login.email);
  await page.fill('#password', login.password);
  await page.click('form.fields button.primary');
  await page.waitForURL('**/sign-in/code');
  await enterCode(page, await codeFor(platform, login.email, before));
}

export async function enterCode(page: Page, code: string): Promise<void> {
  await page.fill('#code', code);
  await page.click('form.fields button.primary');
  await page.waitForURL((url) => !url.pathname.includes('/sign-in'));
}

/** What a browser keeps after signing in, to begin other tests with: codes are few a day. */
export const sessionOf = (context: BrowserContext) => context.storageState();
