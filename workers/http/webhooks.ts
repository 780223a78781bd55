/** The console's webhooks and inbound messages: /api/webhooks…, /api/inbound. */
import type { IRequest } from 'itty-router';
import { z } from 'zod';
import { AppError } from '../../schema/errors';
import type { EndpointId } from '../../schema/ids';
import { PAGE_ROWS, PAGE_ROWS_MAX } from '../../schema/limits';
import { CALLBACKS } from '../../schema/webhooks';
import { listInbound } from '../messages/list-inbound';
import { attemptLog } from '../webhooks/attempt-log';
import { createEndpoint } from '../webhooks/create-endpoint';
import { deleteEndpoint } from '../webhooks/delete-endpoint';
import { editEndpoint } from '../webhooks/edit-endpoint';
import { endpointsOf, showEndpoint } from '../webhooks/list-endpoints';
import { replayDeliveries } from '../webhooks/replay';
import { replaceSecret, showSecrets } from '../webhooks/secrets';
import { testEndpoint } from '../webhooks/test-endpoint';
import { readJson } from './body';
import type { RequestContext } from './context';
import { signedIn } from './guards';

const NO_STORE = { 'cache-control': 'no-store' };
const TEXT_MAX = 4_096;
const endpointId = (request: IRequest): EndpointId => String(request.params['id']) as EndpointId;
const json = (value: unknown, status = 200): Response => Response.json(value, { status, headers: NO_STORE });

const text = z.string().max(TEXT_MAX);
const EndpointShape = z.strictObject({
  name: text.optional(),
  url: text.optional(),
  method: text.optional(),
  events: z.array(text).max(16).optional(),
  batchMax: z.number().optional(),
  enabled: z.boolean().optional(),
  headers: z.record(text, text).optional(),
});
const ReplayShape = z.union([
  z.strictObject({ delivery: text.min(1) }),
  z.strictObject({
    from: z.number().int().nonnegative(),
    until: z.number().int().nonnegative(),
    which: z.enum(['failed', 'all']).default('failed'),
  }),
]);

export async function listWebhooks(_request: IRequest, context: RequestContext): Promise<Response> {
  return json({ rows: await endpointsOf(context.gateways, signedIn(context)) });
}

/** → 201 with the endpoint and, this once, its secret. */
export async function postWebhook(request: IRequest, context: RequestContext): Promise<Response> {
  const actor = signedIn(context);
  const form = await readJson(request as unknown as Request, EndpointShape);
  return json(await createEndpoint(context.gateways, actor, form, Date.now()), 201);
}

export async function getWebhook(request: IRequest, context: RequestContext): Promise<Response> {
  return json(await showEndpoint(context.gateways, signedIn(context), endpointId(request)));
}

export async function patchWebhook(request: IRequest, context: RequestContext): Promise<Response> {
  const actor = signedIn(context);
  const form = await readJson(request as unknown as Request, EndpointShape);
  return json(await editEndpoint(context.gateways, actor, endpointId(request), form, Date.now()));
}

export async function deleteWebhook(request: IRequest, context: RequestContext): Promise<Response> {
  await deleteEndpoint(context.gateways, signedIn(context), endpointId(request), Date.now());
  return new Response(null, { status: 204, headers: NO_STORE });
}

/** `:id` may be `callbacks`. */
export async function getWebhookSecrets(request: IRequest, context: RequestContext): Promise<Response> {
  return json({ secrets: await showSecrets(context.gateways, signedIn(context), ownerId(request), Date.now()) });
}

export async function postWebhookSecret(request: IRequest, context: RequestContext): Promise<Response> {
  return json(await replaceSecret(context.gateways, signedIn(context), ownerId(request), Date.now()), 201);
}

const ownerId = (request: IRequest): EndpointId | typeof CALLBACKS =>
  request.params['id'] === CALLBACKS ? CALLBACKS : endpointId(request);

export async function postWebhookTest(request: IRequest, context: RequestContext): Promise<Response> {
  return json(await testEndpoint(context.gateways, signedIn(context), endpointId(request), Date.now()));
}

/** `?cursor=&limit=&delivery=` */
export async function listWebhookAttempts(request: IRequest, context: RequestContext): Promise<Response> {
  const actor = signedIn(context);
  const { cursor, limit } = pageWish(context.url.searchParams);
  const delivery = context.url.searchParams.get('delivery');
  const before = cursor === null ? null : Number(cursor);
  if (before !== null && !Number.isSafeInteger(before)) throw invalid('cursor');
  return json(await attemptLog(context.gateways, actor, endpointId(request), { before, limit, ...(delivery !== null && { delivery }) }));
}

/** `{delivery}`, or `{from, until, which}` with times in ms UTC → 202 with how many go out. */
export async function postWebhookReplay(request: IRequest, context: RequestContext): Promise<Response> {
  const actor = signedIn(context);
  const wish = await readJson(request as unknown as Request, ReplayShape);
  return json(await replayDeliveries(context.gateways, actor, endpointId(request), wish, Date.now()), 202);
}

/** `?cursor=&limit=` */
export async function listInboundMessages(_request: IRequest, context: RequestContext): Promise<Response> {
  const actor = signedIn(context);
  const { cursor, limit } = pageWish(context.url.searchParams);
  return json(await listInbound(context.gateways, actor, cursor, limit));
}

function pageWish(parameters: URLSearchParams): { cursor: string | null; limit: number } {
  const limit = parameters.get('limit');
  const wanted = limit === null ? PAGE_ROWS : Number(limit);
  if (!Number.isInteger(wanted) || wanted < 1 || wanted > PAGE_ROWS_MAX) throw invalid('limit');
  return { cursor: parameters.get('cursor'), limit: wanted };
}

const invalid = (field: string): AppError => new AppError('invalid_request', { fields: [{ field, code: 'invalid' }] });
