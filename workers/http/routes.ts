/** Every route of the platform on one page. Handlers live in one file a resource beside this one; pages are in web/routes. */
import { Router, type IRequest } from 'itty-router';
import { AppError } from '../../schema/errors';
import type { RequestContext } from './context';
import { cancelExport, exportFile, listExports, repeatExport, showExport, startExport } from './exports';
import { showHome } from './home';
import { clearMeter, seedLocal, showMailbox, showMeter } from './local';
import { listMessages, showMessage } from './log';

const router = Router<IRequest, [RequestContext], Response>();

router
  .get('/healthz', () => Response.json({ ok: true }))
  .get('/local/mailbox', showMailbox)
  .get('/local/meter', showMeter)
  .post('/local/meter/reset', clearMeter)
  .post('/local/seed', seedLocal)
  .get('/api/home', showHome)
  .get('/api/messages', listMessages)
  .get('/api/messages/:id', showMessage)
  .get('/api/exports', listExports)
  .post('/api/exports', startExport)
  .get('/api/exports/:id', showExport)
  .get('/api/exports/:id/file', exportFile)
  .post('/api/exports/:id/cancel', cancelExport)
  .post('/api/exports/:id/repeat', repeatExport)
  // Whatever begins like a route but is none: the same answer as for an id that does not exist.
  .all('/api/*', () => {
    throw new AppError('not_found');
  });

const PREFIXES = ['/api/', '/v1/', '/carriers/', '/local/', '/docs/'] as const;
const PATHS = new Set(['/healthz']);

/** Everything else is a page of the console. */
export const isRoute = (pathname: string): boolean => PATHS.has(pathname) || PREFIXES.some((prefix) => pathname.startsWith(prefix));

export async function answerRoute(request: Request, context: RequestContext): Promise<Response> {
  const answer = await router.fetch(request as unknown as IRequest, context);
  if (answer instanceof Response) return answer;
  throw new AppError('not_found');
}
