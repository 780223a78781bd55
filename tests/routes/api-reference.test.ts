/** The OpenAPI document against the routes: nothing undocumented, nothing that is documented and not there. */
import { describe, expect, it } from 'vitest';
import { ERRORS } from '../../schema/errors';
import { CHINESE_KEYS } from '../../workers/http/api/docs-chinese';
import { FACES } from '../../workers/http/api/faces';
import { OPERATIONS } from '../../workers/http/api/operations';
import { isApi } from '../../workers/http/routes';
import { apiClient } from '../support/api-client';
import { makeWorld, request } from '../support/world';

interface Described {
  readonly operationId: string;
  readonly summary: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, unknown>> };
  readonly responses: Readonly<Record<string, { readonly headers?: Readonly<Record<string, unknown>> }>>;
}
interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
}
const readDocument = async (): Promise<Document> => (await request('/v1/openapi.json')).json();
const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH'] as const;

describe('the OpenAPI document', () => {
  it('names every call once and no other', async () => {
    const { openapi, paths } = await readDocument();
    expect(openapi).toBe('3.1.0');
    const documented = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const routed = [
      ...OPERATIONS.map(({ method, path }) => `${method} ${path}`),
      ...FACES.flatMap(({ path }) => [`GET ${path}`, `POST ${path}`]),
      'GET /v1/openapi.json',
    ];
    expect(documented.toSorted()).toEqual(routed.toSorted());
    const ids = Object.values(paths).flatMap((methods) => Object.values(methods).map(({ operationId }) => operationId));
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('says of each path exactly the methods that the router takes', async () => {
    const { paths } = await readDocument();
    for (const [path, methods] of Object.entries(paths)) {
      expect(isApi(path)).toBe(true);
      const url = path.replace('{id}', 'x').replace('{part}', '1');
      const refused = METHODS.filter((method) => !Object.hasOwn(methods, method.toLowerCase()));
      for (const method of refused) {
        const answer = await request(url, { method });
        expect([method, url, answer.status, answer.headers.get('allow')?.split(', ').toSorted()]).toEqual([
          method,
          url,
          405,
          Object.keys(methods)
            .map((known) => known.toUpperCase())
            .toSorted(),
        ]);
        await answer.body?.cancel();
      }
      for (const method of Object.keys(methods)) {
        const answer = await request(url, { method: method.toUpperCase() });
        expect([method, url, answer.status]).not.toEqual([method, url, 404]);
        expect([method, url, answer.status]).not.toEqual([method, url, 405]);
        await answer.body?.cancel();
      }
    }
  });

  it('resolves every reference, describes every parameter of a path and gives every call an error', async () => {
    const document = await readDocument();
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name ?? '');
    expect(references.length).toBeGreaterThan(20);
    for (const name of references) expect(Object.keys(document.components.schemas)).toContain(name);
    expect(JSON.stringify(document)).not.toContain('$defs');
    for (const [path, methods] of Object.entries(document.paths)) {
      for (const { parameters = [], responses, operationId } of Object.values(methods)) {
        const inPath = parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name);
        expect([operationId, inPath]).toEqual([operationId, [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)]);
        expect([operationId, Object.keys(responses).some((status) => status.startsWith('2'))]).toEqual([operationId, true]);
      }
    }
  });
});

describe('what the document says of headers and bodies', () => {
  const headersOf = async (path: string, method: string, status: string): Promise<string[]> => {
    const { paths } = await readDocument();
    return Object.keys(paths[path]?.[method]?.responses[status]?.headers ?? {});
  };

  it('is which headers each answer has', async () => {
    const rate = ['RateLimit-Limit', 'RateLimit-Remaining', 'RateLimit-Reset', 'RateLimit-Policy'];
    expect(await headersOf('/v1/messages', 'post', '202')).toEqual(['X-Request-Id', ...rate, 'Idempotency-Replayed']);
    expect(await headersOf('/v1/messages', 'post', '401')).toEqual(['X-Request-Id', 'WWW-Authenticate']);
    expect(await headersOf('/v1/messages', 'post', '402')).toEqual(['X-Request-Id', ...rate]);
    expect(await headersOf('/v1/messages', 'post', '409')).toEqual(['X-Request-Id', ...rate, 'Retry-After']);
    expect(await headersOf('/v1/balance', 'get', '200')).toEqual(['X-Request-Id', ...rate]);
    expect(await headersOf('/v1/balance', 'get', '429')).toEqual(['X-Request-Id', ...rate, 'Retry-After']);
  });

  it('is what an answer has indeed', async () => {
    const answer = await apiClient((await makeWorld()).transactional).call('GET', '/v1/balance');
    for (const name of await headersOf('/v1/balance', 'get', '200')) expect([name, answer.headers.has(name)]).toEqual([name, true]);
  });

  it('is how older clients write, and which of their answers is no 200', async () => {
    const { paths } = await readDocument();
    for (const { path } of FACES) {
      expect(Object.keys(paths[path]?.['post']?.requestBody?.content ?? {})).toEqual([
        'application/json',
        'application/x-www-form-urlencoded',
        'multipart/form-data',
      ]);
    }
    expect(Object.keys(paths['/account/get-balance']?.['get']?.responses ?? {})).toEqual(expect.arrayContaining(['200', '401', '429']));
  });
});

describe('the reference page', () => {
  it.each([
    ['en', 'API reference', 'Send one message, or up to 1,000'],
    ['zh-CN', 'API 文档', '发送一条短信，或一次最多 1,000 条'],
  ])('explains every call in %s, and loads nothing from elsewhere', async (language, title, summary) => {
    const answer = await request('/docs/api', { headers: { 'accept-language': language } });
    expect(answer.status).toBe(200);
    const html = await answer.text();
    expect(html).toContain(`<h1>${title}</h1>`);
    expect(html).toContain(`<html lang="${language}"`);
    expect(html).toContain(summary);
    for (const { id } of [...OPERATIONS, ...FACES]) expect(html).toContain(`<section class="card call" id="${id}">`);
    expect(html).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  it('says each sentence of the document in Chinese as well, and no sentence that is gone', async () => {
    const said = new Set<string>();
    const listen = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      for (const [name, inner] of Object.entries(value)) {
        if (name === 'description' && typeof inner === 'string') said.add(inner);
        else if (name !== 'examples' && name !== 'info' && name !== 'securitySchemes') listen(inner);
      }
    };
    listen(await readDocument());
    // Refusals are listed by their codes, whose texts are in both languages anyway.
    const sentences = [...said].filter((text) => !/^`(\w+)`: /.test(text) || !Object.hasOwn(ERRORS, /^`(\w+)`/.exec(text)?.[1] ?? ''));
    expect(sentences.length).toBeGreaterThan(100);
    expect(sentences.filter((text) => !CHINESE_KEYS.includes(text))).toEqual([]);
    expect(CHINESE_KEYS.filter((text) => !said.has(text))).toEqual([]);
  });

  it('has the language of its address before that of the browser', async () => {
    const answer = await request('/docs/api?lang=en', { headers: { 'accept-language': 'zh-CN' } });
    expect(await answer.text()).toContain('<h1>API reference</h1>');
  });

  it('explains every error code where a problem document points', async () => {
    const html = await (await request('/docs/errors')).text();
    for (const code of Object.keys(ERRORS)) expect(html).toContain(`<tr id="${code}">`);
  });
});
