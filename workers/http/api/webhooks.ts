/** /v1/webhooks: where a tenant is told of receipts and inbound messages. */
import type { z } from 'zod';
import {
  WebhookAttemptQuery,
  WebhookAttempts,
  WebhookChanges,
  WebhookId,
  WebhookList,
  WebhookMade,
  WebhookReplay,
  WebhookReplayed,
  WebhookRequest,
  WebhookSecret,
  Webhook,
  WebhookAttempt,
} from '../../../schema/api/webhooks';
import { AppError } from '../../../schema/errors';
import type { EndpointId } from '../../../schema/ids';
import type { LaneAttempt } from '../../../schema/protocol/webhook-lane';
import { CALLBACKS, type EndpointForm, type EndpointView } from '../../../schema/webhooks';
import { attemptLog } from '../../webhooks/attempt-log';
import { createEndpoint } from '../../webhooks/create-endpoint';
import { deleteEndpoint } from '../../webhooks/delete-endpoint';
import { editEndpoint } from '../../webhooks/edit-endpoint';
import { endpointsOf, showEndpoint } from '../../webhooks/list-endpoints';
import { replayDeliveries } from '../../webhooks/replay';
import { replaceSecret } from '../../webhooks/secrets';
import { testEndpoint } from '../../webhooks/test-endpoint';
import { operation, type Operation } from './operation';
import { instant, instantOrNull } from './words';

const TAG = 'Webhooks';
const idOf = (params: z.output<typeof WebhookId>): EndpointId => params.id as EndpointId;

const view = ({ batchMax, headerNames, createdAt, updatedAt, ...same }: EndpointView): z.output<typeof Webhook> => ({
  id: same.id,
  kind: same.kind,
  name: same.name,
  url: same.url,
  method: same.method,
  events: [...same.events],
  batch_max: batchMax,
  enabled: same.enabled,
  trouble: same.trouble,
  header_names: [...headerNames],
  created_at: instant(createdAt),
  updated_at: instant(updatedAt),
});

const formOf = ({ batch_max: batchMax, ...same }: z.output<typeof WebhookChanges>): EndpointForm => ({ ...same, batchMax });

const attemptView = (attempt: LaneAttempt): z.output<typeof WebhookAttempt> => ({
  webhook_id: attempt.delivery,
  at: instant(attempt.at),
  duration_ms: attempt.durationMs,
  method: attempt.method,
  url: attempt.url,
  status: attempt.status,
  error: attempt.error,
  answer: attempt.answer,
  events: attempt.events,
  state: attempt.deliveryState,
  next_at: instantOrNull(attempt.nextAt),
  body: attempt.body,
});

const create = operation({
  method: 'POST',
  path: '/v1/webhooks',
  id: 'createWebhook',
  tag: TAG,
  summary: { en: 'Make an endpoint', zh: '新建 Webhook' },
  description:
    'It is sent `{type, timestamp, data}`: `receipt` with the fields of a message, once for each final status, and `inbound` for messages from handsets; with `batch_max` above 1 `{type: "batch", timestamp, data: […]}`. ' +
    'Requests are signed as Standard Webhooks say (`webhook-id`, `webhook-timestamp`, `webhook-signature`). Any 2xx takes them; else they are tried again after 5 s, 5 min, 30 min, 2 h, 5 h and 10 h. They may come twice and in any order.',
  body: WebhookRequest,
  answers: { 201: { text: 'Made. It hears of what becomes final from a few seconds later on.', shape: WebhookMade } },
  reach: 'live',
  errors: ['conflict'],
  async answer({ actor, context, body, now }) {
    const { secret, ...made } = await createEndpoint(context.gateways, actor, formOf(body), now);
    return { status: 201, body: { ...view(made), secret } };
  },
});

const list = operation({
  method: 'GET',
  path: '/v1/webhooks',
  id: 'listWebhooks',
  tag: TAG,
  summary: { en: 'The endpoints of the tenant', zh: 'Webhook 列表' },
  answers: { 200: { text: 'Newest first.', shape: WebhookList } },
  errors: [],
  answer: async ({ actor, context }) => ({
    status: 200,
    body: { webhooks: (await endpointsOf(context.gateways, actor)).map(view) },
  }),
});

const read = operation({
  method: 'GET',
  path: '/v1/webhooks/{id}',
  id: 'getWebhook',
  tag: TAG,
  summary: { en: 'One endpoint', zh: '查询 Webhook' },
  params: WebhookId,
  answers: { 200: { text: 'The endpoint.', shape: Webhook } },
  errors: ['not_found'],
  answer: async ({ actor, context, params }) => ({ status: 200, body: view(await showEndpoint(context.gateways, actor, idOf(params))) }),
});

const edit = operation({
  method: 'PUT',
  path: '/v1/webhooks/{id}',
  id: 'changeWebhook',
  tag: TAG,
  summary: { en: 'Change an endpoint, or switch it on or off', zh: '修改、启用或停用 Webhook' },
  params: WebhookId,
  body: WebhookChanges,
  answers: { 200: { text: 'The endpoint.', shape: Webhook } },
  reach: 'live',
  errors: ['not_found'],
  answer: async ({ actor, context, params, body, now }) => ({
    status: 200,
    body: view(await editEndpoint(context.gateways, actor, idOf(params), formOf(body), now)),
  }),
});

const remove = operation({
  method: 'DELETE',
  path: '/v1/webhooks/{id}',
  id: 'deleteWebhook',
  tag: TAG,
  summary: { en: 'Remove an endpoint, what waits for it and its log', zh: '删除 Webhook' },
  params: WebhookId,
  answers: { 204: { text: 'Removed.', shape: null } },
  reach: 'live',
  errors: ['not_found'],
  async answer({ actor, context, params, now }) {
    await deleteEndpoint(context.gateways, actor, idOf(params), now);
    return { status: 204 };
  },
});

const rotate = operation({
  method: 'POST',
  path: '/v1/webhooks/{id}/secrets',
  id: 'replaceWebhookSecret',
  tag: TAG,
  summary: { en: 'Replace the signing secret', zh: '轮换签名密钥' },
  description:
    'For 24 hours the old secret signs beside the new one, in the same header. The id `callbacks` stands for all callback URLs of messages and tasks, which share one secret.',
  params: WebhookId,
  answers: { 201: { text: 'The new secret, shown this once.', shape: WebhookSecret } },
  reach: 'live',
  errors: ['not_found'],
  answer: async ({ actor, context, params, now }) => ({
    status: 201,
    body: await replaceSecret(context.gateways, actor, params.id === CALLBACKS ? CALLBACKS : idOf(params), now),
  }),
});

const test = operation({
  method: 'POST',
  path: '/v1/webhooks/{id}/test',
  id: 'testWebhook',
  tag: TAG,
  summary: { en: 'Send a test event now', zh: '发送测试推送' },
  params: WebhookId,
  answers: { 200: { text: 'What came of it.', shape: WebhookAttempt } },
  reach: 'live',
  errors: ['not_found'],
  answer: async ({ actor, context, params, now }) => ({
    status: 200,
    body: attemptView(await testEndpoint(context.gateways, actor, idOf(params), now)),
  }),
});

const attempts = operation({
  method: 'GET',
  path: '/v1/webhooks/{id}/attempts',
  id: 'listWebhookAttempts',
  tag: TAG,
  summary: { en: 'What was sent, and what came back', zh: '推送记录' },
  params: WebhookId,
  query: WebhookAttemptQuery,
  answers: { 200: { text: 'One page, newest first. Kept for 30 days.', shape: WebhookAttempts } },
  errors: ['not_found'],
  async answer({ actor, context, params, query }) {
    const before = query.cursor === undefined ? null : Number(query.cursor);
    if (before !== null && !Number.isSafeInteger(before))
      throw new AppError('invalid_request', { fields: [{ field: 'cursor', code: 'invalid' }] });
    const page = await attemptLog(context.gateways, actor, idOf(params), {
      before,
      limit: query.limit,
      ...(query.webhook_id !== undefined && { delivery: query.webhook_id }),
    });
    return { status: 200, body: { attempts: page.rows.map(attemptView), cursor: page.cursor } };
  },
});

const replay = operation({
  method: 'POST',
  path: '/v1/webhooks/{id}/replay',
  id: 'replayWebhook',
  tag: TAG,
  summary: { en: 'Send again one delivery or a period', zh: '补发推送' },
  params: WebhookId,
  body: WebhookReplay,
  answers: { 202: { text: 'How many requests will go out.', shape: WebhookReplayed } },
  reach: 'live',
  errors: ['not_found', 'conflict'],
  isRepeatable: true,
  async answer({ actor, context, params, body, now }) {
    const wish =
      'webhook_id' in body
        ? { delivery: body.webhook_id }
        : { from: Date.parse(body.from), until: Date.parse(body.until), which: body.which };
    return { status: 202, body: await replayDeliveries(context.gateways, actor, idOf(params), wish, now) };
  },
});

export const WEBHOOK_OPERATIONS: readonly Operation[] = [create, list, read, edit, remove, rotate, test, attempts, replay];
