/** Puts the API's calls on the router: each path with its methods. */
import type { IRequest, RouterType } from 'itty-router';
import type { RequestContext } from '../context';
import { pathParameter } from '../path-parameter';
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
  }
  router.get('/v1/openapi.json', () => Response.json(openApiDocument(), { headers: { 'cache-control': 'public, max-age=300' } }));
  router.get('/docs/api', showApiReference).get('/docs/errors', showErrorReference);
  for (const operation of OPERATIONS) add(router, operation.method, ittyPath(operation.path), operation);
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
