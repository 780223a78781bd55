import { readFile } from 'node:fs/promises';
import { globSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page, ProfileView, UploadView } from '../../schema/console';
import { newExportId, newKeyId, newSessionId, newTaskId, newUploadId, type ShardNumber } from '../../schema/ids';
import { encodeMessageId } from '../../schema/message-id';
import type { LogRow } from '../../schema/protocol/message-shard';
import { exportedText } from './support/exported-log';
import { contentOf, signIn, startJourney, until, untilEnded, untilRead, upload, type Journey, type Somebody } from './support/journey';

const ROOT = resolve(import.meta.dirname, '../..');

type Ids = Readonly<Record<'task' | 'upload' | 'openUpload' | 'message' | 'export' | 'session' | 'key', string>>;

interface Attempt {
  readonly path: string;
  readonly body?: unknown;
}

const content = { name: 'Not yours', sender: 'JINMU', text: 'Hi' };
const logExport = { kind: 'log', format: 'csv', bom: false };

/** For each route that takes an id, in its path or in its body: what somebody tries who has got hold of another tenant's. */
const ATTEMPTS: Readonly<Record<string, (ids: Ids) => readonly Attempt[]>> = {
  'DELETE /api/sessions/:id': ({ session }) => [{ path: `/api/sessions/${session}` }],
  'GET /api/uploads/:id': (ids) => [{ path: `/api/uploads/${ids.upload}` }, { path: `/api/uploads/${ids.openUpload}` }],
  'PUT /api/uploads/:id/parts/:part': (ids) => [{ path: `/api/uploads/${ids.openUpload}/parts/1`, body: new Uint8Array(10) }],
  'POST /api/uploads/:id/complete': (ids) => [
    { path: `/api/uploads/${ids.upload}/complete` },
    { path: `/api/uploads/${ids.openUpload}/complete` },
  ],
  'GET /api/tasks': (ids) => [{ path: `/api/tasks?id=${ids.task}` }],
  'POST /api/tasks': (ids) => [
    { path: '/api/tasks', body: { ...content, key: ids.key } },
    { path: '/api/tasks', body: { ...content, key: ids.key, upload: ids.upload } },
  ],
  'GET /api/tasks/:id': ({ task }) => [{ path: `/api/tasks/${task}` }],
  'PUT /api/tasks/:id': ({ task, key }) => [{ path: `/api/tasks/${task}`, body: { ...content, key } }],
  'GET /api/tasks/:id/exceptions': ({ task }) => [{ path: `/api/tasks/${task}/exceptions` }],
  'GET /api/tasks/:id/exceptions.xlsx': ({ task }) => [{ path: `/api/tasks/${task}/exceptions.xlsx` }],
  'POST /api/tasks/:id/confirm': ({ task }) => [{ path: `/api/tasks/${task}/confirm`, body: { startsAt: null } }],
  'POST /api/tasks/:id/:action': ({ task }) =>
    ['pause', 'resume', 'stop', 'cancel'].map((action) => ({ path: `/api/tasks/${task}/${action}` })),
  'GET /api/messages': ({ task, message, key }) => [
    { path: `/api/messages?task=${task}` },
    { path: `/api/messages?message=${message}` },
    { path: `/api/messages?key=${key}` },
  ],
  'GET /api/messages/:id': ({ message }) => [{ path: `/api/messages/${message}` }],
  'POST /api/exports': ({ task, key }) => [
    { path: '/api/exports', body: { ...logExport, filter: { task } } },
    { path: '/api/exports', body: { ...logExport, filter: { key } } },
  ],
  'GET /api/exports/:id': (ids) => [{ path: `/api/exports/${ids.export}` }],
  'GET /api/exports/:id/file': (ids) => [{ path: `/api/exports/${ids.export}/file` }],
  'POST /api/exports/:id/cancel': (ids) => [{ path: `/api/exports/${ids.export}/cancel` }],
  'POST /api/exports/:id/repeat': (ids) => [{ path: `/api/exports/${ids.export}/repeat` }],
};

/** Routes that know whose things they show from the session alone, or that are nobody's. */
const WITHOUT_IDS: ReadonlySet<string> = new Set([
  'GET /healthz',
  'GET /local/mailbox',
  'GET /local/meter',
  'POST /local/meter/reset',
  'POST /local/seed',
  'GET /carriers/vonage/receipts',
  'POST /carriers/vonage/receipts',
  'GET /carriers/vonage/inbound',
  'POST /carriers/vonage/inbound',
  'POST /api/session',
  'POST /api/session/code',
  'POST /api/session/resend',
  'DELETE /api/session',
  'POST /api/password/forgot',
  'POST /api/password/reset',
  'POST /api/password',
  'GET /api/me',
  'GET /api/profile',
  'PATCH /api/preferences',
  'GET /api/balance',
  'GET /api/home',
  'POST /api/uploads',
  'GET /api/upload-templates/:format',
  'GET /api/task-form',
  'POST /api/measure',
  'GET /api/exports',
  'ALL /api/*',
]);

/** Pages with an id in their path. */
const PAGES: Readonly<Record<string, (ids: Ids) => string>> = {
  'tasks/[id]': ({ task }) => `/tasks/${task}`,
  'tasks/[id]/edit': ({ task }) => `/tasks/${task}/edit`,
  'logs/[id]': ({ message }) => `/logs/${message}`,
};

/** Read as text: importing the table would load the whole Worker into Node. */
async function routeTable(): Promise<readonly string[]> {
  const source = await readFile(resolve(ROOT, 'workers/http/routes.ts'), 'utf8');
  return [...source.matchAll(/^\s*\.(get|post|put|patch|delete|all)\(\s*'([^']+)'/gm)].map(
    ([, method = '', path = '']) => `${method.toUpperCase()} ${path}`,
  );
}

const pagesWithIds = (): readonly string[] =>
  globSync('**/index.{ts,tsx}', { cwd: resolve(ROOT, 'web/routes') })
    .filter((path) => path.includes('['))
    .map((path) =>
      path
        .replace(/\/index\.tsx?$/, '')
        .split('/')
        .filter((folder) => !folder.startsWith('('))
        .join('/'),
    );

describe("another tenant's ids", () => {
  let journey: Journey;
  let other: Somebody;
  let theirs: Ids;
  let nobodys: Ids;
  let before: string;

  /** What the owner sees of all of it. */
  const ownerSees = async (): Promise<string> => {
    const { client } = journey;
    const paths = [`/api/tasks/${theirs.task}`, `/api/uploads/${theirs.openUpload}`, `/api/exports/${theirs.export}`, '/api/profile'];
    const answers = await Promise.all(paths.map(async (path) => (await client.request('GET', path)).text()));
    return answers.join('\n');
  };

  /** Status and body, with what differs by nature taken out: ids, times of this very moment. */
  const answerTo = async (method: string, { path, body }: Attempt, ids: Ids): Promise<{ status: number; body: string }> => {
    const answer = await other.client.request(method, path, body);
    let text = await answer.text();
    for (const id of new Set(Object.values(ids))) text = text.replaceAll(id, 'ID');
    text = text
      .replace(/"request_id":"[^"]*"/, '')
      .replace(/"id":"(?:ex|up)_[^"]*"/, '')
      .replace(/"fileName":"[^"]*"/, '')
      .replace(/"(?:createdAt|expiresAt)":\d+/g, '')
      .replace(/(?:nonce|q:instance)="[^"]*"/g, '');
    return { status: answer.status, body: text };
  };

  beforeAll(async () => {
    journey = await startJourney();
    const { client, platform } = journey;
    other = await signIn(platform, platform.line.other);
    const uploaded = await upload(journey, 'numbers.csv', '+6281210000001\n+6281210000002\n');
    const task = await client.createTask(contentOf(journey, uploaded, 'Hi'));
    await untilRead(journey, task);
    await client.confirm(task);
    await untilEnded(journey, task);
    await exportedText(journey, task);
    const ask = async <T>(method: string, path: string, body?: unknown): Promise<T> => (await client.request(method, path, body)).json<T>();
    const exports = await ask<Page<{ id: string }>>('GET', '/api/exports');
    const messages = await ask<Page<LogRow>>('GET', `/api/messages?task=${task}`);
    const open = await ask<UploadView>('POST', '/api/uploads', { fileName: 'open.csv', size: 10 });
    const { sessions } = await ask<ProfileView>('GET', '/api/profile');
    theirs = {
      task,
      upload: uploaded,
      openUpload: open.id,
      message: messages.rows[0]?.id ?? '',
      export: exports.rows[0]?.id ?? '',
      session: sessions[0]?.id ?? '',
      key: journey.key,
    };
    nobodys = {
      task: newTaskId(),
      upload: newUploadId(),
      openUpload: newUploadId(),
      message: encodeMessageId(987_654_321 as ShardNumber, 1),
      export: newExportId(),
      session: newSessionId(),
      key: newKeyId(),
    };
    if (Object.values(theirs).includes('')) throw new Error('an id is missing');
    before = await ownerSees();
  });
  afterAll(() => journey.stop());

  it('are tried on every route: a new route needs a case here', async () => {
    const routes = await routeTable();
    expect(routes.length).toBeGreaterThan(30);
    expect(routes.filter((route) => !(route in ATTEMPTS) && !WITHOUT_IDS.has(route))).toEqual([]);
    expect([...Object.keys(ATTEMPTS), ...WITHOUT_IDS].filter((route) => !routes.includes(route))).toEqual([]);
    expect(pagesWithIds().toSorted()).toEqual(Object.keys(PAGES).toSorted());
  });

  it.each(Object.keys(ATTEMPTS))('%s answers as for an id that does not exist', async (route) => {
    const method = route.split(' ')[0] ?? '';
    const attemptsOn = ATTEMPTS[route];
    const wanted = attemptsOn?.(nobodys) ?? [];
    const answers = await Promise.all((attemptsOn?.(theirs) ?? []).map((attempt) => answerTo(method, attempt, theirs)));
    expect(answers).toEqual(await Promise.all(wanted.map((attempt) => answerTo(method, attempt, nobodys))));
    const named = route.includes(':id') ? answers : [];
    expect(named.filter(({ status, body }) => status !== 404 || !body.includes('"code":"not_found"'))).toEqual([]);
  });

  it.each(Object.keys(PAGES))('the page %s is as for an id that does not exist', async (page) => {
    const path = PAGES[page] ?? String;
    for (const suffix of ['', '/', '/q-data.json']) {
      const answer = await answerTo('GET', { path: path(theirs) + suffix }, theirs);
      const missing = await answerTo('GET', { path: path(nobodys) + suffix }, nobodys);
      expect(answer).toEqual(missing);
    }
    const plain = await answerTo('GET', { path: path(theirs) }, theirs);
    expect(plain.status).toBe(404);
  });

  it('an export made with them holds nothing', async () => {
    const made = await other.client.request('POST', '/api/exports', { ...logExport, filter: { task: theirs.task } });
    if (made.status === 404) return;
    const { id } = await made.json<{ id: string }>();
    const view = await until(
      'the export',
      30_000,
      () => other.client.export(id),
      ({ state }) => state !== 'queued' && state !== 'running',
    );
    expect(view.rows).toBe(0);
  });

  it('changed nothing of the other tenant', async () => {
    expect(await ownerSees()).toBe(before);
  });
});
