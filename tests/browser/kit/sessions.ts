/** Everybody who sees pages, each as far as their browser has come: before the door, at the code, behind it. */
import type { Browser, BrowserContext } from 'playwright-core';
import type { TestPlatform } from '../../support/server';
import { EMPTY_TENANT, NEW_OPERATOR } from '../../../workers/tenancy/demo-data';
import { contextOptions, openPage, type Look } from './browser';
import { codeFor, enterCode, firstPassword, sessionOf } from './sign-in';

export type Visitor =
  | 'nobody'
  | 'coming'
  | 'forgetful'
  | 'newcomer'
  | 'owner'
  | 'beginner'
  | 'viewer'
  | 'coming operator'
  | 'forgetful operator'
  | 'operator'
  | 'new operator';
type Session = Awaited<ReturnType<typeof sessionOf>>;
export type Sessions = Readonly<Record<Visitor, Session>>;

const NEWCOMER = 'newcomer@demo.jmc.example';

export async function openSessions(browser: Browser, platform: TestPlatform): Promise<Sessions> {
  const within = async <T>(use: (context: BrowserContext) => Promise<T>): Promise<T> => {
    const context = await browser.newContext({ locale: 'zh-CN' });
    try {
      return await use(context);
    } finally {
      await context.close();
    }
  };
  const [owner, , viewer] = platform.line.demo.logins;
  const [other] = platform.line.other.logins;
  if (!owner || !viewer || !other) throw new Error('the seed lacks logins');
  /** The session behind the door, and how the browser stood before the code was typed. */
  const through = ({ email, password }: { email: string; password: string }, door: '' | '/operators' = '') =>
    within(async (context) => {
      const { page } = await openPage(context);
      const before = Date.now();
      await page.goto(`${platform.url}${door}/sign-in`);
      await page.fill('#email', email);
      await page.fill('#password', password);
      await page.click('form.fields button.primary');
      await page.waitForURL('**/sign-in/code');
      const coming = await sessionOf(context);
      await enterCode(page, await codeFor(platform, email, before));
      return { coming, inside: await sessionOf(context) };
    });
  const forgets = (email: string, door: '' | '/operators' = '') =>
    within(async (context) => {
      const { page } = await openPage(context);
      await page.goto(`${platform.url}${door}/forgot`);
      await page.fill('#email', email);
      await page.click('form.fields button.primary');
      await page.waitForURL('**/forgot/reset');
      return sessionOf(context);
    });
  const [beginner] = EMPTY_TENANT.users;
  if (!beginner) throw new Error('the empty tenant has no owner');
  const [owners, viewers, beginners, newcomers, operators, newOperators, forgetful, forgetfulOperator] = await Promise.all([
    through(owner),
    through(viewer),
    through(beginner),
    through({ email: NEWCOMER, password: await firstPassword(platform, NEWCOMER) }),
    through(platform.line.operator, '/operators'),
    through(NEW_OPERATOR, '/operators'),
    forgets(other.email),
    // The page after it is the same for an address that nobody has.
    forgets('nobody@jmc.example', '/operators'),
  ]);
  return {
    nobody: { cookies: [], origins: [] },
    coming: owners.coming,
    forgetful,
    newcomer: newcomers.inside,
    owner: owners.inside,
    viewer: viewers.inside,
    beginner: beginners.inside,
    'coming operator': operators.coming,
    'forgetful operator': forgetfulOperator,
    operator: operators.inside,
    'new operator': newOperators.inside,
  };
}

/** A browser of this visitor that looks as it is told. */
export async function contextFor(
  browser: Browser,
  platform: TestPlatform,
  sessions: Sessions,
  visitor: Visitor,
  look: Look,
): Promise<BrowserContext> {
  const context = await browser.newContext({ ...contextOptions(look), storageState: sessions[visitor] });
  await context.request.post(`${platform.url}/preferences`, {
    form: { locale: look.locale },
    headers: { origin: platform.url },
    maxRedirects: 0,
  });
  return context;
}
