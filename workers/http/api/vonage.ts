/**
 * Vonage's SMS API as its clients know it: any Vonage SDK works by changing its host. Form, JSON and query; Basic, body and signed
 * credentials; HTTP 200 with a status for each part, all values text.
 */
import type { IRequest } from 'itty-router';
import { vonageMessageId } from '../../../schema/api/vonage';
import type { Env } from '../../../schema/env';
import { CLIENT_REF_MAX, TTL_MAX_S, TTL_MIN_S } from '../../../schema/limits';
import type { KeyCredential } from '../../../schema/protocol/objects';
import type { Gateways } from '../../gateways';
import { findApiKey, type ApiKey } from '../../gateways/stores/api-keys';
import { sendOne, type OneOutcome, type OneWanted } from '../../messages/send-one';
import { MICROS_PER_UNIT, type Micros } from '../../rules/money';
import { parseSender } from '../../rules/sender';
import { invalid, missing, refusal, throttled, type Refusal } from '../../rules/vonage-words';
import type { RequestContext } from '../context';
import { callbackError } from './callback';
import { sha256Hex } from './credentials';
import { answerJson, parameter, readParameters, type Parameters } from './parameters';

type Identified = { readonly key: ApiKey; readonly credential: KeyCredential } | { readonly refusal: Refusal };

/** Basic, `api_key` with `api_secret`, or `api_key` with `sig`. */
async function identify(request: Request, parameters: Parameters, { gateways }: RequestContext): Promise<Identified> {
  const [sig, bodyKey, bodySecret] = ['sig', 'api_key', 'api_secret'].map((name) => parameter(parameters, name));
  const header = request.headers.get('authorization');
  // Beside a key that names itself, what else stands there (a proxy's token) is not meant for us.
  const isForOthers = bodyKey !== undefined && (bodySecret !== undefined || !/^basic\s/i.test(header ?? ''));
  const basic = isForOthers ? null : basicCredentials(header);
  const secret = basic?.secret ?? bodySecret;
  const id = basic?.key ?? bodyKey;
  if (sig !== undefined && secret !== undefined) return { refusal: refusal(32) };
  if (id === undefined) return { refusal: missing('api_key') };
  if (sig === undefined && secret === undefined) return { refusal: missing('api_secret') };
  const key = await findApiKey(gateways, id);
  if (!key) return { refusal: refusal(4) };
  if (secret === undefined) return { key, credential: { kind: 'signature', parameters } };
  return { key, credential: { kind: 'secret', sha256: await sha256Hex(secret) } };
}

/** What cannot be read is nobody's key, and is refused as such. */
function basicCredentials(header: string | null): { key: string; secret: string } | null {
  if (header === null) return null;
  let text = '';
  try {
    text = atob(/^basic\s+(\S+)\s*$/i.exec(header)?.[1] ?? '');
  } catch {
    text = '';
  }
  const colon = text.indexOf(':');
  return { key: text.slice(0, Math.max(0, colon)), secret: text.slice(colon + 1) };
}

const RECIPIENT = /^\d{7,15}$/;

function readWanted(parameters: Parameters, env: Env): OneWanted | Refusal {
  const [from, to, text] = ['from', 'to', 'text'].map((name) => parameter(parameters, name));
  if (from === undefined) return missing('from param');
  if (to === undefined) return missing('to param');
  if (text === undefined) return missing('text param');
  if (!RECIPIENT.test(to.replace(/^\+/, ''))) return invalid('Invalid to param');
  const sender = parseSender(from.replaceAll(' ', ''));
  if (!sender.ok) return invalid('Invalid from param');
  const type = parameter(parameters, 'type') ?? 'text';
  if (type !== 'text' && type !== 'unicode') return invalid('Invalid type param');
  const ref = parameter(parameters, 'client-ref') ?? null;
  if (ref !== null && ref.length > CLIENT_REF_MAX) return invalid('Invalid client-ref param');
  const ttl = parameter(parameters, 'ttl');
  if (ttl !== undefined && !(/^\d{1,12}$/.test(ttl) && Number(ttl) >= TTL_MIN_S * 1_000 && Number(ttl) <= TTL_MAX_S * 1_000)) {
    return invalid('value for ttl field out of range');
  }
  const callback = parameter(parameters, 'callback');
  if (callback !== undefined && callbackError(callback, env) !== null) return refusal(23);
  return {
    sender: sender.sender,
    to,
    text,
    textType: type,
    ref,
    own: {
      ...(ttl !== undefined && { ttlMs: Number(ttl) }),
      ...(callback !== undefined && { callback, callbackStyle: 'vonage' as const }),
    },
  };
}

type Unsent = Exclude<OneOutcome, { kind: 'accepted' | 'admitted' }>;

function refusalOf(outcome: Unsent): Refusal {
  switch (outcome.kind) {
    case 'refused':
      return refusal(outcome.why === 'bad_signature' ? 14 : 4);
    case 'rate_limited':
      return throttled(outcome.retryAfterMs);
    case 'insufficient_balance':
      return refusal(9);
    case 'rejected':
      if (outcome.code === 'no_price') return refusal(6);
      if (outcome.code === 'not_approved') return refusal(7);
      return outcome.code === 'text_too_long' ? refusal(12) : invalid('Invalid to param');
    case 'blocked':
      return refusal(outcome.reason === 'daily_messages' || outcome.reason === 'daily_spend' ? 9 : 7);
  }
}

/** Vonage writes money with 8 decimals. */
const decimals = (micros: Micros): string => (micros / MICROS_PER_UNIT).toFixed(8);
const withRef = (ref: string | undefined): Record<string, string> => (ref === undefined ? {} : { 'client-ref': ref });

/** The message is accepted: an answer without a balance is better than none, after which it would be sent again. */
async function balanceLeft({ objects }: Gateways, { tenant }: ApiKey, requestId: string): Promise<Record<string, string>> {
  try {
    const { availableMicros } = await objects.ledger(tenant).balance();
    return { 'remaining-balance': decimals(availableMicros) };
  } catch (thrown) {
    console.error(JSON.stringify({ requestId, balance: thrown instanceof Error ? thrown.name : typeof thrown }));
    return {};
  }
}

/** `POST /sms/json` */
export async function smsJson(request: IRequest, context: RequestContext): Promise<Response> {
  const { gateways, address, locale, requestId } = context;
  const plain = request as unknown as Request;
  const parameters = await readParameters(plain, context.url);
  const ref = parameter(parameters, 'client-ref');
  const answer = (elements: readonly Record<string, string>[], headers: Record<string, string> = {}): Response =>
    answerJson({ 'message-count': String(elements.length), messages: elements }, requestId, headers);
  const refuse = ({ status, text }: Refusal, to?: string, headers?: Record<string, string>): Response =>
    answer([{ ...(to !== undefined && { to }), status: String(status), 'error-text': text, ...withRef(ref) }], headers);

  const identified = await identify(plain, parameters, context);
  if ('refusal' in identified) return refuse(identified.refusal);
  const { key, credential } = identified;
  const wanted = readWanted(parameters, gateways.env);
  const outcome = await sendOne(gateways, { key, credential, address, locale, request: requestId }, 'status' in wanted ? null : wanted);
  const to = parameter(parameters, 'to')?.replace(/^\+/, '');
  if (outcome.kind === 'admitted') {
    if ('status' in wanted) return refuse(wanted);
    throw new Error('a request was neither sent nor refused');
  }
  if (outcome.kind !== 'accepted') {
    const wait = outcome.kind === 'rate_limited' ? { 'retry-after': String(Math.ceil(outcome.retryAfterMs / 1_000)) } : undefined;
    return refuse(refusalOf(outcome), outcome.kind === 'refused' ? undefined : to, wait);
  }
  const { id, message } = outcome;
  const balance = await balanceLeft(gateways, key, requestId);
  const elements = Array.from({ length: message.parts }, (_, at) => ({
    to: message.to,
    'message-id': vonageMessageId(id, at + 1),
    status: '0',
    ...balance,
    'message-price': decimals(message.priceMicros / message.parts),
    network: '',
    ...withRef(ref),
  }));
  return answer(elements);
}

/** `GET /account/get-balance` */
export async function accountBalance(request: IRequest, context: RequestContext): Promise<Response> {
  const { gateways, address, locale, requestId } = context;
  const plain = request as unknown as Request;
  const parameters = await readParameters(plain, context.url);
  const identified = await identify(plain, parameters, context);
  const outcome = 'refusal' in identified ? null : await sendOne(gateways, { ...identified, address, locale, request: requestId }, null);
  if ('refusal' in identified || outcome?.kind === 'refused') {
    return answerJson({ 'error-code': '401', 'error-code-label': 'authentication failed' }, requestId, {}, 401);
  }
  if (outcome?.kind === 'rate_limited') {
    const wait = { 'retry-after': String(Math.ceil(outcome.retryAfterMs / 1_000)) };
    return answerJson({ 'error-code': '429', 'error-code-label': 'throttled' }, requestId, wait, 429);
  }
  const { availableMicros } = await gateways.objects.ledger(identified.key.tenant).balance();
  return answerJson({ value: availableMicros / MICROS_PER_UNIT, autoReload: false }, requestId);
}
