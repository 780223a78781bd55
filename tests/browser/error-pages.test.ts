/** What the built console answers when something is wrong: called as the Worker calls it, with verbs that fail as they are told. */
import { beforeAll, describe, expect, test, vi } from 'vitest';
import type { Actor, BuiltConsole, ConsolePlatform, ConsoleServices } from '../../schema/console';
import type { Operator, OperatorServices } from '../../schema/operators';
import { AppError } from '../../schema/errors';

let answerPage: BuiltConsole['answerPage'];
/** Made by the build, so there is nothing to look into before. */
const BUILT = new URL('../../server/entry.worker.js', import.meta.url).href;

beforeAll(async () => {
  ({ answerPage } = (await import(BUILT)) as BuiltConsole);
});

const REQUEST_ID = 'b9a9c7f2-0000-4000-8000-000000000001';
const ACTOR = {
  name: 'Lin',
  email: 'lin@demo.jmc.example',
  tenantName: 'Demo',
  role: 'owner',
  timeZone: 'UTC',
  locale: 'en',
  mustChangePassword: false,
  masksBodies: false,
};

/** Every verb does the same. */
const platform = (verb: () => Promise<never>, actor: typeof ACTOR | null = ACTOR): ConsolePlatform => ({
  services: new Proxy({}, { get: () => verb }) as ConsoleServices,
  operatorServices: new Proxy({}, { get: () => verb }) as OperatorServices,
  actor: actor as Actor | null,
  operator: null,
  isStranger: false,
  locale: 'en',
  address: '127.0.0.1',
  userAgent: '',
  local: true,
  requestId: REQUEST_ID,
});
const fails = (thrown: Error, actor?: typeof ACTOR | null): ConsolePlatform => platform(() => Promise.reject(thrown), actor);
const ask = (path: string, given: ConsolePlatform, init: RequestInit = {}): Promise<Response> =>
  answerPage(new Request(`https://console.example${path}`, init), given, () => {});

describe('An error page', () => {
  test('tells nothing of an unexpected exception but a number, which the log has too', async () => {
    const logged = vi.spyOn(console, 'error').mockImplementation(() => {});
    const answer = await ask('/', fails(new TypeError('secret +8613800138000')));
    const html = await answer.text();
    const line = String(logged.mock.calls[0]?.[0]);
    logged.mockRestore();
    expect(answer.status).toBe(500);
    expect(html).not.toContain('secret');
    const { requestId } = JSON.parse(line) as { requestId: string };
    expect(requestId).toBe(REQUEST_ID);
    expect(html).toContain(requestId);
    expect(line).not.toContain('8613800138000');
  });

  test('has the status of a named refusal and says what it is', async () => {
    const answer = await ask('/', fails(new AppError('forbidden')));
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain('You do not have the right to do this');
  });

  test('is the same for a task that does not exist and a page that does not exist', async () => {
    const [task, page] = await Promise.all([
      ask('/tasks/T-00000-00000', fails(new AppError('not_found'))),
      ask('/no-such-page', fails(new AppError('not_found'))),
    ]);
    expect([task.status, page.status]).toEqual([404, 404]);
    // Each rendering has a number and a nonce of its own.
    const words = async (answer: Response): Promise<string> => (await answer.text()).replaceAll(/ (?:q:instance|nonce)="[^"]+"/g, '');
    expect(await words(task)).toBe(await words(page));
  });

  test('leads home, on the side of whoever asks', async () => {
    const homeOf = async (path: string, isStranger: boolean): Promise<string | undefined> => {
      const given = { ...platform(() => Promise.reject(new AppError('not_found')), null), isStranger };
      return /<a (?=[^>]*class="btn primary")[^>]*href="([^"]+)"/.exec(await (await ask(path, given)).text())?.[1];
    };
    expect(await homeOf('/operators/no-such-page', false)).toBe('/operators');
    expect(await homeOf('/no-such-page', false)).toBe('/');
    expect(await homeOf('/no-such-page', true)).toBe('/operators');
    expect(await homeOf('/operators/no-such-page', true)).toBe('/');
  });

  test('is not what a form becomes when something that it names is not there: its texts stay', async () => {
    const operator = { ...ACTOR, operator: 'op_1' } as unknown as Operator;
    const services = {
      waitingApprovals: () => Promise.resolve(0),
      notices: () => Promise.resolve({ rows: [], cursor: null }),
      postNotice: () => Promise.reject(new AppError('not_found')),
    };
    const given = {
      ...platform(() => Promise.reject(new Error('never asked'))),
      operator,
      operatorServices: services as unknown as OperatorServices,
    };
    const action = /action="([^"]*qaction[^"]*)"/.exec(await (await ask('/operators/notices', given)).text())?.[1] ?? '';
    const answer = await ask(action.replace(/^\?/, '/operators/notices?').replaceAll('&amp;', '&'), given, {
      method: 'POST',
      headers: { origin: 'https://console.example' },
      body: new URLSearchParams({ titleEn: 'Typed with care' }),
    });
    expect(answer.status).toBe(404);
    const html = await answer.text();
    expect(html).toContain('Typed with care');
    expect(html).toContain('Not found');
  });

  test('leads to the sign-in where nobody is signed in, with the way back', async () => {
    const answer = await ask('/logs?state=failed', fails(new Error('never asked'), null));
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/sign-in?next=%2Flogs%3Fstate%3Dfailed']);
  });

  test('refuses a form that another site posts, and the verb is never asked', async () => {
    const verb = vi.fn<() => Promise<never>>(() => Promise.reject(new Error('asked')));
    for (const [name, value] of [
      ['origin', 'https://evil.example'],
      ['sec-fetch-site', 'cross-site'],
    ] as const) {
      const headers = new Headers({ 'content-type': 'application/x-www-form-urlencoded', [name]: value });
      const answer = await ask('/preferences', platform(verb), { method: 'POST', body: 'locale=en', headers });
      expect(answer.status).toBe(403);
    }
    expect(verb).not.toHaveBeenCalled();
  });

  test('carries a policy that allows no inline script without its nonce, another for every answer', async () => {
    const policy = async () => (await ask('/sign-in', fails(new Error('never asked'), null))).headers.get('content-security-policy');
    const policies = [await policy(), await policy()];
    expect(policies[0]).toMatch(/script-src 'self' 'nonce-[\w+/=]{24}'/);
    expect(policies[0]).not.toContain('unsafe-inline');
    expect(policies[0]).not.toBe(policies[1]);
  });
});
