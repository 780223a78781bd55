/** /v1/messages: sending one or a thousand, reading them, cancelling one that waits. */
import { AppError, blockReasonText, rowRejectionText, type BlockReason } from '../../../schema/errors';
import { Message, MessageId as MessagePath, MessagePage, MessageQuery, SendAnswer, SendRequest } from '../../../schema/api/messages';
import type { Env } from '../../../schema/env';
import type { LogFilter } from '../../../schema/console';
import type { Iso2, KeyId, MessageId, TaskId, UserId } from '../../../schema/ids';
import { BOUND_CHARACTERS } from '../../../schema/limits';
import type { Locale } from '../../../schema/states';
import { rememberedPrices } from '../../gateways/stores/api-keys';
import { acceptedEarlier } from '../../messages/accept';
import { acceptRequest, scheduledTime } from '../../messages/accept-request';
import { cancelMessage } from '../../messages/cancel-message';
import { approvalCheck } from '../../messages/mainland-approval';
import { planRequest, type RecipientWish, type RequestPlan } from '../../messages/plan-request';
import { readMessage, searchMessages } from '../../messages/search';
import { findOwnMessage } from '../../messages/search-one';
import { messageView } from '../../rules/message-view';
import { searchedDigits } from '../../rules/phone';
import { parseSender } from '../../rules/sender';
import { callbackError } from './callback';
import { operation, type ApiAnswer, type Operation } from './operation';
import { textOf } from './text-of';
import { e164, money } from './words';

/** @throws AppError invalid_request naming `from` */
function senderOf(from: string): string {
  const sender = parseSender(from);
  if (!sender.ok) throw new AppError('invalid_request', { fields: [{ field: 'from', code: 'sender_invalid' }] });
  return sender.sender;
}

/** @throws AppError invalid_request naming `callback_url` */
function checkCallback(url: string, env: Env): void {
  const code = callbackError(url, env);
  if (code !== null) throw new AppError('invalid_request', { fields: [{ field: 'callback_url', code }] });
}

/** If nobody brings variables, the text of a call has none, whatever braces it holds. */
const namesVariables = (to: SendRequest['to']): boolean =>
  typeof to !== 'string' && to.some((one) => typeof one !== 'string' && one.variables !== undefined);

function recipientsOf({ to, client_ref: ref }: Pick<SendRequest, 'to' | 'client_ref'>, isFilled: boolean): RecipientWish[] {
  const list = typeof to === 'string' ? [to] : to;
  const none = isFilled ? {} : null;
  const common = ref ?? null;
  return list.map((one) =>
    typeof one === 'string'
      ? { input: one, variables: none, ref: common }
      : { input: one.to, variables: one.variables ?? none, ref: one.client_ref ?? common },
  );
}

/** All of an answer but the ids, which messages have when they are accepted. */
interface Draft {
  readonly messages: readonly Omit<SendAnswer['messages'][number], 'id'>[];
  readonly rejected: SendAnswer['rejected'];
}

const draftOf = ({ messages, rejected }: RequestPlan, blocked: readonly (BlockReason | null)[], locale: Locale): Draft => ({
  messages: messages.map(({ to, country, parts, priceMicros, ref }, at) => {
    const reason = blocked[at] ?? null;
    return {
      to: e164(to),
      status: reason === null ? 'accepted' : 'blocked',
      error: reason && { code: reason, text: blockReasonText(reason, locale) },
      country,
      parts,
      price: money(reason === null ? priceMicros : 0),
      client_ref: ref,
    };
  }),
  rejected: rejected.map(({ input, code, details }) => ({ to: input, code, detail: rowRejectionText(code, locale, details) })),
});

const sentAnswer = ({ messages, rejected }: Draft, ids: readonly MessageId[]): ApiAnswer => ({
  status: 202,
  body: { messages: messages.map((message, at) => ({ id: ids[at] ?? '', ...message })), rejected } satisfies SendAnswer,
});

/** Kept with the messages of a request that may be repeated, if it is not out of all proportion. */
function noteOf(draft: Draft): string | null {
  const note = JSON.stringify(draft);
  return note.length > BOUND_CHARACTERS ? null : note;
}

const sendMessages = operation({
  method: 'POST',
  path: '/v1/messages',
  id: 'sendMessages',
  tag: 'Messages',
  summary: { en: 'Send one message, or up to 1,000', zh: '发送一条短信，或一次最多 1,000 条' },
  description:
    'Each recipient is a token of the rate and a message of its own. Recipients that are no numbers, have no price or lack a variable are in `rejected`; ' +
    'those on the blacklist or over a cap are logged as `blocked` and cost nothing. All others are safe when this answers.',
  body: SendRequest,
  answers: { 202: { text: 'Accepted.', shape: SendAnswer } },
  errors: ['insufficient_balance'],
  isRepeatable: true,
  async send({ body, key, context, now, repeatKey }) {
    const { gateways, locale, requestId } = context;
    const sender = senderOf(body.from);
    if (body.callback_url !== undefined) checkCallback(body.callback_url, gateways.env);
    const sendAt = scheduledTime(body.send_at, now);
    const isFilled = body.template_id !== undefined || namesVariables(body.to);
    const text = await textOf(gateways, key.tenant, body, isFilled);
    const prices = key.test ? null : await rememberedPrices(gateways, key.tenant);
    const isApproved = await approvalCheck(gateways, key, sender);
    const plan = planRequest(text, body.type, recipientsOf(body, isFilled), prices, isApproved);
    const own = {
      ...(body.ttl_s !== undefined && { ttlMs: body.ttl_s * 1_000 }),
      ...(body.callback_url !== undefined && { callback: body.callback_url }),
    };
    return {
      messages: plan.messages,
      answer: async (admitted) => {
        const draft = draftOf(plan, admitted.blocked, locale);
        const accepted = await acceptRequest(gateways, key, admitted, {
          sender,
          textType: body.type,
          messages: plan.messages,
          own,
          sendAt,
          request: repeatKey ?? requestId,
          isRepeatable: repeatKey !== null,
          note: repeatKey === null ? null : noteOf(draft),
          locale,
        });
        return sentAnswer(
          draft,
          accepted.map(({ id }) => id),
        );
      },
    };
  },
  async earlier(gateways, { id: key, tenant, kind }, at, repeatKey) {
    const found = await acceptedEarlier(gateways, { tenant, key, kind }, at, repeatKey);
    if (!found || found.note === null) return null;
    return sentAnswer(JSON.parse(found.note) as Draft, found.ids);
  },
});

const getMessage = operation({
  method: 'GET',
  path: '/v1/messages/{id}',
  id: 'getMessage',
  tag: 'Messages',
  summary: { en: 'One message', zh: '查询一条短信' },
  params: MessagePath,
  answers: { 200: { text: 'The message as it stands.', shape: Message } },
  errors: ['not_found'],
  async answer({ params, actor, context }) {
    return { status: 200, body: messageView(await readMessage(context.gateways, actor, params.id), context.locale) };
  },
});

const listMessages = operation({
  method: 'GET',
  path: '/v1/messages',
  id: 'listMessages',
  tag: 'Messages',
  summary: { en: 'The log of all messages of the tenant', zh: '查询本客户的全部短信日志' },
  query: MessageQuery,
  answers: { 200: { text: 'One page, newest first.', shape: MessagePage } },
  errors: [],
  async answer({ query, actor, context }) {
    const { limit, cursor, ...wanted } = query;
    const page = await searchMessages(context.gateways, actor, logFilterOf(wanted), cursor ?? null, limit);
    return { status: 200, body: { messages: page.rows.map((row) => messageView(row, context.locale)), cursor: page.cursor } };
  },
});

interface FilterWords {
  readonly kind?: LogFilter['kind'] | undefined;
  readonly message_id?: string | undefined;
  readonly user?: string | undefined;
  readonly task_id?: string | undefined;
  readonly task_name?: string | undefined;
  readonly key?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly status?: LogFilter['states'] | undefined;
  readonly country?: readonly string[] | undefined;
  readonly created_from?: string | undefined;
  readonly created_until?: string | undefined;
}

/** @throws AppError invalid_request naming `to` */
export function logFilterOf(words: FilterWords): LogFilter {
  const to = words.to === undefined ? undefined : searchedDigits(words.to);
  if (to === null) throw new AppError('invalid_request', { fields: [{ field: 'to', code: 'invalid' }] });
  return {
    ...(words.kind !== undefined && { kind: words.kind }),
    ...(words.message_id !== undefined && { message: words.message_id }),
    ...(words.user !== undefined && { user: words.user as UserId }),
    ...(words.task_id !== undefined && { task: words.task_id.toUpperCase() as TaskId }),
    ...(words.task_name !== undefined && { taskName: words.task_name }),
    ...(words.key !== undefined && { key: words.key as KeyId }),
    ...(words.from !== undefined && { from: words.from }),
    ...(to !== undefined && { to }),
    ...(words.status !== undefined && { states: words.status }),
    ...(words.country !== undefined && { countries: words.country as Iso2[] }),
    ...(words.created_from !== undefined && { receivedFrom: Date.parse(words.created_from) }),
    ...(words.created_until !== undefined && { receivedUntil: Date.parse(words.created_until) }),
  };
}

const cancel = operation({
  method: 'DELETE',
  path: '/v1/messages/{id}',
  id: 'cancelMessage',
  tag: 'Messages',
  summary: { en: 'Cancel a message that waits for its time', zh: '取消一条尚未到时间的定时短信' },
  params: MessagePath,
  answers: { 200: { text: 'Cancelled; it costs nothing.', shape: Message } },
  errors: ['not_found', 'not_scheduled'],
  async reach({ params, actor, context }) {
    const found = await findOwnMessage(context.gateways, actor.tenant, params.id);
    if (!found) throw new AppError('not_found');
    return found.row.key;
  },
  async answer({ params, actor, context }) {
    return { status: 200, body: messageView(await cancelMessage(context.gateways, actor, params.id), context.locale) };
  },
});

export const MESSAGE_OPERATIONS: readonly Operation[] = [sendMessages, listMessages, getMessage, cancel];
