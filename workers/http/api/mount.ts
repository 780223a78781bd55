/** Puts the API's calls on the router: each path with its methods, everything else under it as a problem document. */
import type { IRequest, RouterType } from 'itty-router';
import { AppError } from '../../../schema/errors';
import type { RequestContext } from '../context';
import { pathParameter } from '../path-parameter';
import { problem } from '../problem';
import { showErrorReference } from './docs-errors';
import { showApiReference } from './docs-page';
import { FACES } from './faces';
import { openApiDocument } from './openapi';
import { OPERATIONS } from './operations';
import type { Operation } from './operation';
import { runOperation } from './run-operation';

type ApiRouter = RouterType<IRequest, [RequestContext], Response>;

const ittyPath = (path: string): string => path.replaceAll(/\{(\w+)\}/g, ':$1');

export function mountApi(router: ApiRouter): void {
  for (const { path, answer } of FACES) {
    router.get(path, answer).post(path, answer);
    allow(router, path, ['GET', 'POST']);
  }
  router.get('/v1/openapi.json', () => Response.json(openApiDocument(), { headers: { 'cache-control': 'public, max-age=300' } }));
  allow(router, '/v1/openapi.json', ['GET']);
  router.get('/docs/api', showApiReference).get('/docs/errors', showErrorReference);
  const methods = new Map<string, string[]>();
  for (const operation of OPERATIONS) {
    const path = ittyPath(operation.path);
    methods.set(path, [...(methods.get(path) ?? []), operation.method]);
    add(router, operation.method, path, operation);
  }
  for (const [path, allowed] of methods) allow(router, path, allowed);
}

const parametersOf = (request: IRequest): Record<string, string> =>
  Object.fromEntries(Object.keys(request.params).map((name) => [name, pathParameter(request, name)]));

function add(router: ApiRouter, method: Operation['method'], path: string, operation: Operation): void {
  const answer = (request: IRequest, context: RequestContext): Promise<Response> =>
    runOperation(operation, request, parametersOf(request), context);
  switch (method) {
    case 'GET':
      router.get(path, answer);
      return;
    case 'POST':
      router.post(path, answer);
      return;
    case 'PUT':
      router.put(path, answer);
      return;
    case 'DELETE':
      router.delete(path, answer);
  }
}

/** 405 with the methods that there are, for every other method of a path. After the path's own routes. */
function allow(router: ApiRouter, path: string, methods: readonly string[]): void {
  router.all(path, (_request, { locale, requestId }) => {
    const refused = problem(new AppError('method_not_allowed'), locale, requestId);
    refused.headers.set('allow', methods.join(', '));
    return refused;
  });
}
