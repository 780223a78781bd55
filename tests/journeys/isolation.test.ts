import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page, ProfileView, UploadView } from '../../schema/console';
import {
  newApprovalId,
  newBlacklistImportId,
  newEndpointId,
  newExportId,
  newKeyId,
  newSessionId,
  newTaskId,
  newTemplateId,
  newTenantId,
  newUploadId,
  newUserId,
  type ShardNumber,
} from '../../schema/ids';
import { encodeMessageId } from '../../schema/message-id';
import type { LogRow } from '../../schema/protocol/message-shard';
import { DEMO_APPROVALS, DEMO_TENANT } from '../../workers/tenancy/demo-data';
import { exportedText } from './support/exported-log';
import { API_ATTEMPTS, CONSOLE_ATTEMPTS, ID_KINDS, PAGES, WITHOUT_IDS, type Attempt, type Ids } from './support/isolation-attempts';
import { contentOf, signIn, startJourney, until, untilEnded, untilRead, upload, type Journey, type Somebody } from './support/journey';

const ROOT = resolve(import.meta.dirname, '../..');

/** The console's routes. Read as text: importing the table would load the whole Worker into Node. */
async function consoleRoutes(): Promise<readonly string[]> {
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

/** What differs by nature: ids, times and names of this very moment. */
function withoutTheMoment(text: string, ids: Ids): string {
  let plain = text;
  for (const kind of ID_KINDS) plain = plain.replaceAll(ids[kind], 'ID');
  return plain
    .replace(/"request_id":"[^"]*"/, '')
    .replace(/"id":"(?:ex|up)_[^"]*"/, '')
    .replace(/"(?:fileName|file_name)":"[^"]*"/, '')
    .replace(/"(?:createdAt|expiresAt|created_at|expires_at)":(?:\d+|"[^"]*")/g, '')
    .replace(/(?:nonce|q:instance)="[^"]*"/g, '');
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

describe("another tenant's ids", () => {
  let journey: Journey;
  let other: Somebody;
  let theirs: Ids;
  let nobodys: Ids;
  let before: string;

  /** The owner's view of all of it. */
  const ownerSees = async (): Promise<string> => {
    const { client } = journey;
    const { task, openUpload, export: made, endpoint } = theirs;
    const paths = [`tasks/${task}`, `uploads/${openUpload}`, `exports/${made}`, `webhooks/${endpoint}`, 'profile'];
    const answers = await Promise.all(paths.map(async (path) => (await client.request('GET', `/api/${path}`)).text()));
    return answers.join('\n');
  };

  const bySession = async (method: string, { path, body }: Attempt, ids: Ids): Promise<Answer> => {
    const answer = await other.client.request(method, path, body);
    return { status: answer.status, body: withoutTheMoment(await answer.text(), ids) };
  };

  const byKey = async (method: string, { path, body }: Attempt, ids: Ids): Promise<Answer> => {
    const key = journey.platform.line.other.keys.find(({ kind }) => kind === 'marketing');
    const headers = new Headers({ authorization: `Bearer ${key?.baseKey ?? ''}:${key?.secret ?? ''}` });
    if (body !== undefined && !(body instanceof Uint8Array)) headers.set('content-type', 'application/json');
    const payload = body instanceof Uint8Array ? Buffer.from(body) : body === undefined ? null : JSON.stringify(body);
    const answer = await fetch(`${journey.platform.url}${path}`, { method, headers, body: payload });
    return { status: answer.status, body: withoutTheMoment(await answer.text(), ids) };
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
    const ask = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
      const answer = await client.request(method, path, body);
      return answer.json<T>();
    };
    const exports = await ask<Page<{ id: string }>>('GET', '/api/exports');
    const imported = await ask<{ id: string }>('POST', '/api/blacklist-imports', { key: journey.key, upload: uploaded });
    const messages = await ask<Page<LogRow>>('GET', `/api/messages?task=${task}`);
    const open = await ask<UploadView>('POST', '/api/uploads', { fileName: 'open.csv', size: 10 });
    const endpoint = await ask<{ id: string }>('POST', '/api/webhooks', { url: 'http://localhost:9/theirs', enabled: false });
    const me = await ask<{ tenant: string; user: string }>('GET', '/api/me');
    const { sessions } = await ask<ProfileView>('GET', '/api/profile');
    theirs = {
      task,
      upload: uploaded,
      openUpload: open.id,
      message: messages.rows[0]?.id ?? '',
      export: exports.rows[0]?.id ?? '',
      blacklistImport: imported.id,
      session: sessions[0]?.id ?? '',
      key: journey.key,
      endpoint: endpoint.id,
      tenant: me.tenant,
      user: me.user,
      approval: DEMO_APPROVALS[0].id,
      template: DEMO_TENANT.templates[0]?.id ?? '',
    };
    nobodys = {
      task: newTaskId(),
      upload: newUploadId(),
      openUpload: newUploadId(),
      message: encodeMessageId(987_654_321 as ShardNumber, 1),
      export: newExportId(),
      blacklistImport: newBlacklistImportId(),
      session: newSessionId(),
      key: newKeyId(),
      endpoint: newEndpointId(),
      tenant: newTenantId(),
      user: newUserId(),
      approval: newApprovalId(),
      template: newTemplateId(),
    };
    const missing = ID_KINDS.filter((kind) => !theirs[kind]);
    if (missing.length > 0) throw new Error(`no id for ${missing.join(', ')}`);
    before = await ownerSees();
  });
  afterAll(() => journey.stop());

  it('are tried on every route: a new one needs its case in isolation-attempts.ts', async () => {
    const document = await fetch(`${journey.platform.url}/v1/openapi.json`);
    const { paths } = await document.json<{ paths: Record<string, Record<string, unknown>> }>();
    const methods = new Set(['get', 'post', 'put', 'patch', 'delete']);
    const apiRoutes = Object.entries(paths).flatMap(([path, operations]) =>
      Object.keys(operations)
        .filter((name) => methods.has(name))
        .map((name) => `${name.toUpperCase()} ${path}`),
    );
    const all = [...(await consoleRoutes()), ...apiRoutes];
    expect(all.length).toBeGreaterThan(70);
    const tried = [...Object.keys(CONSOLE_ATTEMPTS), ...Object.keys(API_ATTEMPTS), ...WITHOUT_IDS];
    expect(all.filter((route) => !tried.includes(route))).toEqual([]);
    expect(tried.filter((route) => !all.includes(route))).toEqual([]);
    expect(pagesWithIds().toSorted()).toEqual(Object.keys(PAGES).toSorted());
  });

  it.each([
    ...Object.entries(CONSOLE_ATTEMPTS).map(([route, attempts]) => ({ route, attempts, isApi: false })),
    ...Object.entries(API_ATTEMPTS).map(([route, attempts]) => ({ route, attempts, isApi: true })),
  ])('$route answers as for an id that does not exist', async ({ route, attempts, isApi }) => {
    const method = route.split(' ')[0] ?? '';
    const ask = isApi ? byKey : bySession;
    const answers = await Promise.all(attempts(theirs).map((attempt) => ask(method, attempt, theirs)));
    expect(answers).toEqual(await Promise.all(attempts(nobodys).map((attempt) => ask(method, attempt, nobodys))));
    const named = /[:{]id/.test(route) ? answers : [];
    expect(named.filter(({ status, body }) => status !== 404 || !body.includes('"code":"not_found"'))).toEqual([]);
  });

  it.each(Object.entries(PAGES))('the page %s is as for an id that does not exist', async (_, pathOf) => {
    for (const suffix of ['', '/', '/q-data.json']) {
      const answer = await bySession('GET', { path: pathOf(theirs) + suffix }, theirs);
      expect(answer).toEqual(await bySession('GET', { path: pathOf(nobodys) + suffix }, nobodys));
    }
    expect(await bySession('GET', { path: pathOf(theirs) }, theirs)).toMatchObject({ status: 404 });
  });

  it('put nothing into an export that was made with them', async () => {
    const body = { kind: 'log', format: 'csv', bom: false, filter: { task: theirs.task } };
    const made = await other.client.request('POST', '/api/exports', body);
    const { id } = await made.json<{ id: string }>();
    const view = await until(
      'the export',
      30_000,
      () => other.client.export(id),
      ({ state }) => state !== 'queued' && state !== 'running',
    );
    expect(view).toMatchObject({ state: 'ready', rows: 0 });
  });

  it('changed nothing of the other tenant', async () => {
    expect(await ownerSees()).toBe(before);
  });
});
