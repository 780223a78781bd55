/** Every route of the platform on one page. Handlers live in one file a resource beside this one; pages are in web/routes. */
import { Router, type IRequest } from 'itty-router';
import { AppError } from '../../schema/errors';
import { mountApi } from './api/mount';
import { getApprovalFile, getOperatorApprovalFile } from './approvals';
import { postBlacklistImport, showBlacklistImport } from './blacklist-imports';
import { receiveInbound, receiveReceipt } from './carriers';
import type { RequestContext } from './context';
import { cancelExport, exportFile, listExports, repeatExport, showExport, startExport } from './exports';
import { showHome } from './home';
import { clearMeter, seedLocal, showMailbox, showMeter } from './local';
import { addFill, beginFill, endFill, sealFill, showFill } from './local-fill';
import { listMessages, showMessage } from './log';
import {
  actOperators,
  deleteOperatorSession,
  postOperatorCode,
  postOperatorForgot,
  postOperatorPassword,
  postOperatorResend,
  postOperatorReset,
  postOperatorSession,
  readOperators,
} from './operators';
import { deleteOwnSession, getBalance, getMe, getProfile, patchPreferences } from './profile';
import { problem } from './problem';
import { showReport } from './reports';
import {
  deleteSession,
  postPassword,
  postPasswordForgot,
  postPasswordReset,
  postSession,
  postSessionCode,
  postSessionResend,
} from './session';
import {
  getTask,
  getTaskExceptions,
  getTaskExceptionsFile,
  getTaskForm,
  getTasks,
  postMeasure,
  postTask,
  postTaskAction,
  postTaskConfirm,
  putTask,
} from './tasks';
import { getUpload, getUploadTemplate, postUpload, postUploadComplete, putUploadPart } from './uploads';
import {
  deleteWebhook,
  getWebhook,
  getWebhookSecrets,
  listInboundMessages,
  listWebhookAttempts,
  listWebhooks,
  patchWebhook,
  postWebhook,
  postWebhookReplay,
  postWebhookSecret,
  postWebhookTest,
} from './webhooks';

const router = Router<IRequest, [RequestContext], Response>();

router
  .get('/healthz', () => Response.json({ ok: true }))
  .get('/carriers/vonage/receipts', receiveReceipt)
  .post('/carriers/vonage/receipts', receiveReceipt)
  .get('/carriers/vonage/inbound', receiveInbound)
  .post('/carriers/vonage/inbound', receiveInbound)
  .get('/local/mailbox', showMailbox)
  .get('/local/meter', showMeter)
  .post('/local/meter/reset', clearMeter)
  .post('/local/seed', seedLocal)
  .get('/local/fill', showFill)
  .post('/local/fill', beginFill)
  .post('/local/fill/:shard', addFill)
  .post('/local/fill/:shard/start', endFill)
  .post('/local/fill/:shard/seal', sealFill)
  .post('/api/session', postSession)
  .post('/api/session/code', postSessionCode)
  .post('/api/session/resend', postSessionResend)
  .delete('/api/session', deleteSession)
  .post('/api/password/forgot', postPasswordForgot)
  .post('/api/password/reset', postPasswordReset)
  .post('/api/password', postPassword)
  .get('/api/me', getMe)
  .get('/api/profile', getProfile)
  .patch('/api/preferences', patchPreferences)
  .delete('/api/sessions/:id', deleteOwnSession)
  .get('/api/balance', getBalance)
  .get('/api/home', showHome)
  .post('/api/uploads', postUpload)
  .get('/api/uploads/:id', getUpload)
  .put('/api/uploads/:id/parts/:part', putUploadPart)
  .post('/api/uploads/:id/complete', postUploadComplete)
  .get('/api/upload-templates/:format', getUploadTemplate)
  .get('/api/task-form', getTaskForm)
  .post('/api/measure', postMeasure)
  .get('/api/tasks', getTasks)
  .post('/api/tasks', postTask)
  .get('/api/tasks/:id', getTask)
  .put('/api/tasks/:id', putTask)
  .get('/api/tasks/:id/exceptions', getTaskExceptions)
  .get('/api/tasks/:id/exceptions.xlsx', getTaskExceptionsFile)
  .post('/api/tasks/:id/confirm', postTaskConfirm)
  .post('/api/tasks/:id/:action', postTaskAction)
  .get('/api/messages', listMessages)
  .get('/api/messages/:id', showMessage)
  .get('/api/reports', showReport)
  .get('/api/exports', listExports)
  .post('/api/exports', startExport)
  .get('/api/exports/:id', showExport)
  .get('/api/exports/:id/file', exportFile)
  .post('/api/exports/:id/cancel', cancelExport)
  .post('/api/exports/:id/repeat', repeatExport)
  .post('/api/blacklist-imports', postBlacklistImport)
  .get('/api/blacklist-imports/:id', showBlacklistImport)
  .get('/api/webhooks', listWebhooks)
  .post('/api/webhooks', postWebhook)
  .get('/api/webhooks/:id', getWebhook)
  .patch('/api/webhooks/:id', patchWebhook)
  .delete('/api/webhooks/:id', deleteWebhook)
  .get('/api/webhooks/:id/secrets', getWebhookSecrets)
  .post('/api/webhooks/:id/secrets', postWebhookSecret)
  .post('/api/webhooks/:id/test', postWebhookTest)
  .get('/api/webhooks/:id/attempts', listWebhookAttempts)
  .post('/api/webhooks/:id/replay', postWebhookReplay)
  .get('/api/inbound', listInboundMessages)
  .post('/api/operators/session', postOperatorSession)
  .post('/api/operators/session/code', postOperatorCode)
  .post('/api/operators/session/resend', postOperatorResend)
  .delete('/api/operators/session', deleteOperatorSession)
  .post('/api/operators/password/forgot', postOperatorForgot)
  .post('/api/operators/password/reset', postOperatorReset)
  .post('/api/operators/password', postOperatorPassword)
  .get('/api/approvals/:id/files/:n', getApprovalFile)
  .get('/api/operators/approvals/:id/files/:n', getOperatorApprovalFile)
  .get('/api/operators/:call', readOperators)
  .post('/api/operators/:call', actOperators);

// What keys call stands in api/operations.ts (v1) and api/faces.ts, because its documentation is made from there.
mountApi(router);

/** Method and path of each, as they are matched: `/api/tasks/:id`. */
export const ROUTES: readonly (readonly [method: string, path: string])[] = router.routes.map(([method, , , path]) => [method, path ?? '']);

/** The router takes a path with a slash behind it as the path itself. */
const plain = (pathname: string): string => pathname.replace(/\/+$/, '');

const PREFIXES = ['/api/', '/carriers/', '/local/', '/docs/'] as const;
const PATHS = new Set(['/healthz']);

/** Everything else is a page of the console. */
export const isRoute = (pathname: string): boolean =>
  isApi(pathname) || PATHS.has(plain(pathname)) || PREFIXES.some((prefix) => pathname.startsWith(prefix));

const API_PREFIXES = ['/v1/', '/send/', '/beta/', '/sms/', '/account/'] as const;
const API_PATHS = new Set(['/sendCallback', '/getBalance']);

/** Where a key speaks: no cookie is looked at, and so nobody's cookie can be misused. */
export const isApi = (pathname: string): boolean =>
  API_PATHS.has(plain(pathname)) || API_PREFIXES.some((prefix) => pathname.startsWith(prefix));

export async function answerRoute(request: Request, context: RequestContext): Promise<Response> {
  const isHead = request.method === 'HEAD';
  const answer = await router.fetch(isHead ? new Request(request, { method: 'GET' }) : request, context);
  if (answer instanceof Response) return isHead ? withoutBody(answer) : answer;
  const allowed = methodsOf(context.url.pathname);
  if (allowed.length === 0) throw new AppError('not_found');
  const refused = problem(new AppError('method_not_allowed'), context.locale, context.requestId);
  refused.headers.set('allow', allowed.join(', '));
  return refused;
}

async function withoutBody(answer: Response): Promise<Response> {
  await answer.body?.cancel();
  return new Response(null, answer);
}

/** Methods that the routes of this path take. */
const methodsOf = (pathname: string): readonly string[] => [
  ...new Set(router.routes.filter(([, pattern]) => pattern.test(pathname)).map(([method]) => method)),
];
