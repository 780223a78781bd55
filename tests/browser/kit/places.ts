/** Every page of the console, with the looks it can have: what the browser tests visit and `npm run screenshots` draws. */
import { readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { Page } from 'playwright-core';
import type { Furniture } from './furnish';
import { numbersFile } from './numbers';
import type { Visitor } from './sessions';

export interface Place {
  readonly visitor: Visitor;
  readonly path: string;
  /** Tells looks of one page apart, in names of files. */
  readonly look?: string;
  /** 200 unless it says otherwise. */
  readonly status?: number;
  /** What is done to the page before one looks: something opened, a form sent with mistakes. */
  readonly touch?: (page: Page) => Promise<void>;
  /** Much like a place that is seen in every look: visited in one of them. */
  readonly once?: boolean;
}

const TENANT = '/operators/tenants/tn_DEM00000000000000000';

export function placesOf({ tasks, message, legacyMessage, endpoint, key }: Furniture): readonly Place[] {
  const of = (visitor: Visitor, ...paths: readonly (string | readonly [path: string, look: string, status?: number])[]): Place[] =>
    paths.map((one) => {
      if (typeof one === 'string') return { visitor, path: one };
      const [path, look, status] = one;
      return { visitor, path, look, ...(status !== undefined && { status }) };
    });
  return [
    ...of(
      'nobody',
      '/sign-in',
      ['/sign-in?reset', 'after a reset'],
      '/forgot',
      '/operators/sign-in',
      '/operators/forgot',
      '/docs/api',
      '/docs/errors',
    ),
    ...of('coming', '/sign-in/code'),
    ...of('forgetful', '/forgot/reset'),
    ...of('coming operator', '/operators/sign-in/code'),
    ...of('forgetful operator', '/operators/forgot/reset'),
    ...of('newcomer', '/first-password'),
    ...of(
      'owner',
      '/',
      '/tasks',
      '/tasks/new',
      '/tasks/new/domestic',
      ...Object.entries(tasks).map(([look, id]) => [`/tasks/${id}`, look] as const),
      `/tasks/${tasks.checked}/edit`,
      '/logs',
      `/logs/${message}`,
      '/reports',
      [
        '/reports?groupBy=hour&receivedFrom=2026-11-01&receivedUntil=2026-11-02&country=CN&country=SG&kind=marketing',
        'hours of two countries',
      ],
      '/legacy',
      `/legacy/messages/${encodeURIComponent(legacyMessage)}`,
      '/legacy/tasks',
      '/legacy/reports',
      '/balance',
      '/downloads',
      '/notices',
      '/webhooks',
      '/webhooks/new',
      `/webhooks/${endpoint}`,
      `/webhooks/${endpoint}/edit`,
      '/inbound',
      '/keys',
      `/keys/${key}`,
      '/blacklist',
      ['/blacklist?search=nonsense', 'wrong search', 400],
      '/profile',
      '/users',
      '/users/us_DEM0SENDER0000000000',
      '/templates',
      ['/templates?search=nothing-like-it', 'none'],
      '/templates/new',
      ['/templates/new?copy=tp_DEM00000000000000002', 'a copy'],
      '/templates/tp_DEM00000000000000002',
      '/templates/tp_DEM00000000000000001/edit',
      '/approvals',
      '/approvals/new',
      '/approvals/ap_DEM00000000000000003',
      ['/no-such-page', 'not found', 404],
    ),
    ...touched('nobody', '/sign-in', 'with mistakes', send),
    ...touched('owner', '/', 'account menu', (page) => page.click('details.menu summary')),
    ...touched('owner', '/', 'more places', async (page) => {
      const more = page.locator('.dock summary');
      if (await more.isVisible()) await more.click();
    }),
    ...touched('owner', '/tasks/new', 'with mistakes', (page) => send(page, 'button[value="check"]')),
    ...touched('owner', '/tasks/new', 'filled in', fillTaskForm),
    ...touched('owner', `/tasks/${tasks.checked}`, 'a question', (page) => page.click('[popovertarget^="cancel-"]')),
    ...touched('owner', '/webhooks/new', 'with mistakes', send),
    ...touched('owner', '/approvals/new', 'with mistakes', send),
    ...touched('owner', '/templates/new', 'with look-alikes', async (page) => {
      await page.fill('#body', 'It’s “new” — 您好, {{name}} 😀');
      await page.locator('.costly').waitFor();
    }),
    ...touched('owner', '/templates/tp_DEM00000000000000002', 'a question', (page) => page.click('[popovertarget="remove"]')),
    ...touched('owner', '/blacklist', 'countries', (page) => page.click('details.pick summary')),
    ...touched('owner', `/keys/${key}`, 'countries', (page) => page.click('details.pick summary')),
    // A tenant of the first day: what every list says while there is nothing in it.
    ...once(
      of(
        'beginner',
        ...EMPTY_LISTS.map((path) => [path, 'empty'] as const),
        ['/legacy', 'empty'],
        ['/legacy/tasks', 'empty'],
        ['/tasks/new', 'empty'],
        ['/tasks/new/domestic', 'empty'],
      ),
    ),
    ...once(
      of(
        'viewer',
        [`/tasks/${tasks.checked}`, 'viewer'],
        [`/tasks/${tasks.draft}`, 'viewer'],
        ['/tasks', 'viewer'],
        ['/approvals', 'viewer'],
        ['/inbound', 'viewer'],
        ['/downloads', 'viewer'],
      ),
    ),
    ...once(
      of(
        'owner',
        ['/logs?columns=all', 'all columns'],
        ['/logs?to=nonsense', 'wrong filter', 400],
        ['/reports?receivedFrom=nonsense', 'wrong filter', 400],
        ['/legacy/reports?receivedFrom=nonsense', 'wrong filter', 400],
        ['/balance?cursor=nonsense', 'wrong cursor', 400],
        ['/templates?cursor=nonsense', 'wrong cursor', 400],
        ['/legacy/reports?groupBy=day,country&country=HK', 'days of a country'],
        ['/legacy/tasks?id=none', 'none'],
        ['/tasks?state=cancelled', 'none'],
        ['/approvals?state=refused', 'none'],
      ),
    ),
    ...of('new operator', '/operators/first-password'),
    ...of(
      'viewer',
      ['/', 'viewer'],
      ['/logs', 'viewer'],
      ['/templates', 'viewer'],
      ['/blacklist', 'viewer'],
      [`/keys/${key}`, 'viewer'],
      ['/users', 'forbidden', 403],
    ),
    ...of(
      'operator',
      '/operators',
      '/operators/tenants',
      ['/operators/tenants?name=nobody', 'none'],
      '/operators/tenants/new',
      TENANT,
      `${TENANT}/users`,
      `${TENANT}/users/us_DEM0SENDER0000000000`,
      `${TENANT}/keys`,
      `${TENANT}/keys/JMDEM0MARKET0001`,
      '/operators/approvals',
      ['/operators/approvals?state=any', 'all'],
      '/operators/approvals/ap_DEM00000000000000004',
      '/operators/prices',
      ['/operators/prices?tenant=tn_DEM00000000000000000', 'of a tenant'],
      '/operators/notices',
      '/operators/carriers',
      '/operators/carriers/new',
      '/operators/carriers/ca_DEM00000000000000000',
      '/operators/audit',
      ['/operators/audit?action=sign_in', 'sign-ins'],
      '/operators/dead-letters',
      '/operators/legacy',
      '/operators/profile',
      ['/operators/no-such-page', 'not found', 404],
    ),
  ];
}

/** Lists of the console that begin with nothing in them. */
const EMPTY_LISTS = [
  '/',
  '/tasks',
  '/logs',
  '/reports',
  '/inbound',
  '/templates',
  '/approvals',
  '/keys',
  '/webhooks',
  '/blacklist',
  '/balance',
  '/downloads',
] as const;

const once = (places: readonly Place[]): readonly Place[] => places.map((place) => ({ ...place, once: true }));

const touched = (visitor: Visitor, path: string, look: string, touch: (page: Page) => Promise<void>): readonly Place[] => [
  { visitor, path, look, touch },
];
/** Sends a form that is not filled in and waits for what it says to that. */
async function send(page: Page, button = 'main form button[type="submit"].primary'): Promise<void> {
  await page.click(button);
  await page.waitForSelector('[aria-invalid="true"]');
}

async function fillTaskForm(page: Page): Promise<void> {
  await page.fill('#name', '双十二会员预热');
  await page.fill('#sender', 'JINMU');
  await page.setInputFiles('#file', numbersFile('members-1212.csv', 30));
  await page.fill('#text', 'Hi {{name}}, your early access opens at 20:00 — use code {{code}}.');
  await page.locator('.bubble', { hasText: 'Ana' }).waitFor();
}

const ROUTES = join(import.meta.dirname, '../../../web/routes');

/** Pages that no place shows: `/tasks/[id]` and the like, as web/routes names them. */
export function unvisited(places: readonly Place[]): string[] {
  const routes = readdirSync(ROUTES, { recursive: true, withFileTypes: true })
    .filter(({ name }) => name === 'index.tsx')
    .map(
      ({ parentPath }) =>
        `/${relative(ROUTES, parentPath)
          .split(sep)
          .filter((part) => !part.startsWith('('))
          .join('/')}`,
    );
  const visited = new Set(places.map(({ path }) => routeOf(path.replace(/\?.*$/, ''), routes)));
  return routes.filter((route) => !visited.has(route));
}

/** The route that answers a path: the one with the fewest parameters. */
function routeOf(path: string, routes: readonly string[]): string | undefined {
  const fits = (route: string): boolean => new RegExp(`^${route.replaceAll(/\[\w+\]/g, '[^/]+')}$`).test(path);
  return routes.filter(fits).toSorted((a, b) => a.split('[').length - b.split('[').length)[0];
}
