/** Puts the API's calls on the router: each path with its methods, everything else under it as a problem document. */
import type { IRequest, RouterType } from 'itty-router';
import { AppError } from '../../../schema/errors';
import type { RequestContext } from '../context';
import { problem } from '../problem';
import { OPERATIONS } from './operations';
import type { Operation } from './operation';
import { runOperation } from './run-operation';

type ApiRouter = RouterType<IRequest, [RequestContext], Response>;

const ittyPath = (path: string): string => path.replaceAll(/\{(\w+)\}/g, ':$1');

export function mountApi(router: ApiRouter): void {
  const methods = new Map<string, string[]>();
  for (const operation of OPERATIONS) {
    const path = ittyPath(operation.path);
    methods.set(path, [...(methods.get(path) ?? []), operation.method]);
    add(router, operation.method, path, operation);
  }
  for (const [path, allowed] of methods) allow(router, path, allowed);
}

function add(router: ApiRouter, method: Operation['method'], path: string, operation: Operation): void {
  const answer = (request: IRequest, context: RequestContext): Promise<Response> =>
    runOperation(operation, request as unknown as Request, request.params, context);
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
export function allow(router: ApiRouter, path: string, methods: readonly string[]): void {
  router.all(path, (_request, { locale, requestId }) => {
    const refused = problem(new AppError('method_not_allowed'), locale, requestId);
    refused.headers.set('allow', methods.join(', '));
    return refused;
  });
}
