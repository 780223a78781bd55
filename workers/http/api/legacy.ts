/**
 * The endpoints of the original JMC, for clients that only change their host. GET query, form and JSON; HTTP 200 whatever the code, as
 * those clients expect. Codes that JMC had are as they were; all others are Vonage's numbers, from which JMC's came.
 */
import type { IRequest } from 'itty-router';
import type { Env } from '../../../schema/env';
import { findApiKey } from '../../gateways/stores/api-keys';
import { sendOne, type OneOutcome, type OneWanted } from '../../messages/send-one';
import { countryName, countryOf } from '../../rules/countries';
import { MICROS_PER_UNIT } from '../../rules/money';
import { parseSender } from '../../rules/sender';
import type { RequestContext } from '../context';
import { callbackError } from './callback';
import { sha256Hex } from './credentials';
import { answerJson, parameter, readParameters, type Parameters } from './parameters';

interface Answer {
  readonly msg: string;
  readonly code: number;
  readonly data: unknown;
  readonly messageID?: string;
}

const refused = (code: number, msg: string, data: unknown = null): Answer => ({ msg, code, data });
const THROTTLED = 1;
const MISSING = 2;
const INVALID = 3;
const BARRED = 7;
const QUOTA = 9;
const UNROUTABLE = 6;
const TOO_LONG = 12;
const SENDER = 15;
const CALLBACK = 23;
const AUTHENTICATION = 34;
const NO_KEY = 35;
const BLACKLISTED = 3333;

const authenticationFailed = refused(AUTHENTICATION, '认证失败');
const noKey = refused(NO_KEY, 'baseKey不存在或已禁用');

/** Names that one endpoint gives to what all of them take. */
interface Names {
  readonly key: 'baseKey' | 'appKey';
  readonly secret: 'secret' | 'appSecret' | null;
  readonly text: 'msg' | 'content';
  readonly takesCallback: boolean;
}

type Read = { readonly wanted: OneWanted } | { readonly refusal: Answer };

function readWanted(parameters: Parameters, { text: textName, takesCallback }: Names, env: Env): Read {
  const missing = ['from', textName, 'to', ...(takesCallback ? ['callback'] : [])].find(
    (name) => parameter(parameters, name) === undefined,
  );
  if (missing !== undefined) return { refusal: missing === 'callback' ? badCallback : refused(MISSING, `缺少参数 ${missing}`) };
  const sender = parseSender(parameters['from'] ?? '');
  if (!sender.ok) return { refusal: refused(SENDER, 'from 无效') };
  const type = parameter(parameters, 'type') ?? 'auto';
  if (type !== 'text' && type !== 'unicode' && type !== 'auto') return { refusal: refused(INVALID, '参数 type 无效') };
  const callback = takesCallback ? (parameters['callback'] ?? '') : null;
  if (callback !== null && callbackError(callback, env) !== null) return { refusal: badCallback };
  const own = callback === null ? {} : { callback };
  return {
    wanted: { sender: sender.sender, to: parameters['to'] ?? '', text: parameters[textName] ?? '', textType: type, ref: null, own },
  };
}
const badCallback = refused(CALLBACK, 'callback 无效');

async function send(request: IRequest, context: RequestContext, names: Names): Promise<OneOutcome | Answer> {
  const parameters = await readParameters(request, context.url);
  const read = readWanted(parameters, names, context.gateways.env);
  const outcome = await ask(parameters, context, names, 'wanted' in read ? read.wanted : null);
  if (isAnswer(outcome)) return outcome;
  return outcome.kind === 'admitted' && 'refusal' in read ? read.refusal : outcome;
}

async function ask(
  parameters: Parameters,
  { gateways, address, locale, requestId }: RequestContext,
  { key: keyName, secret: secretName }: Pick<Names, 'key' | 'secret'>,
  wanted: OneWanted | null,
): Promise<OneOutcome | Answer> {
  const id = parameter(parameters, keyName);
  if (id === undefined) return refused(MISSING, `缺少参数 ${keyName}`);
  const key = await findApiKey(gateways, id);
  if (!key) return noKey;
  if (secretName === null) return sendOne(gateways, { key, credential: { kind: 'address' }, address, locale, request: requestId }, wanted);
  const secret = parameter(parameters, secretName);
  if (secret === undefined) return authenticationFailed;
  const credential = { kind: 'secret', sha256: await sha256Hex(secret) } as const;
  return sendOne(gateways, { key, credential, address, locale, request: requestId }, wanted);
}

const isAnswer = (outcome: OneOutcome | Answer): outcome is Answer => 'msg' in outcome;

/** What did not become a message. */
type Unsent = Exclude<OneOutcome, { kind: 'accepted' | 'admitted' }>;

function refusalOf(outcome: Unsent, { locale }: RequestContext): Answer {
  switch (outcome.kind) {
    case 'refused':
      return outcome.why === 'disabled' || outcome.why === 'unknown_key' ? noKey : authenticationFailed;
    case 'rate_limited':
      return refused(THROTTLED, '请求过于频繁');
    case 'insufficient_balance':
      return refused(QUOTA, '余额不足');
    case 'rejected':
      if (outcome.code === 'no_price') return refused(UNROUTABLE, '该国家/地区暂不支持');
      if (outcome.code === 'not_approved') return refused(BARRED, '国内短信的签名或模板未经审核');
      return outcome.code === 'text_too_long' ? refused(TOO_LONG, '短信内容过长') : refused(INVALID, '参数 to 无效');
    case 'blocked':
      switch (outcome.reason) {
        case 'blacklisted':
          return refused(BLACKLISTED, '号码在黑名单中');
        case 'country_blocked':
        case 'country_not_allowed': {
          const { country } = outcome.message;
          return refused(BLACKLISTED, '国家/地区在黑名单中', {
            country_code: country,
            country_prefix: countryOf(country)?.dial ?? '',
            country_name: countryName(country, locale),
          });
        }
        case 'too_many_identical':
        case 'too_many_different':
          return refused(BARRED, '向该号码发送过于频繁');
        case 'daily_messages':
        case 'daily_spend':
          return refused(QUOTA, '超出每日上限');
        case 'key_disabled':
          return noKey;
      }
  }
}

async function answered(
  request: IRequest,
  context: RequestContext,
  names: Names,
  success: (outcome: Extract<OneOutcome, { kind: 'accepted' }>) => Answer,
): Promise<Response> {
  const outcome = await send(request, context, names);
  if (isAnswer(outcome)) return answerJson(outcome, context.requestId);
  if (outcome.kind === 'admitted') throw new Error('a request was neither sent nor refused');
  if (outcome.kind === 'accepted') return answerJson(success(outcome), context.requestId);
  return refusedJson(outcome, context);
}

function refusedJson(outcome: Unsent, context: RequestContext): Response {
  const wait: Record<string, string> =
    outcome.kind === 'rate_limited' ? { 'retry-after': String(Math.ceil(outcome.retryAfterMs / 1_000)) } : {};
  return answerJson(refusalOf(outcome, context), context.requestId, wait);
}

const SENT = '发送成功!';

/** `/send/v2/check` → `{"msg":"发送成功!","code":0,"data":true}` */
export const sendV2Check = (request: IRequest, context: RequestContext): Promise<Response> =>
  answered(request, context, { key: 'baseKey', secret: 'secret', text: 'msg', takesCallback: false }, () => ({
    msg: SENT,
    code: 0,
    data: true,
  }));

/** `/sendCallback`: without a secret, so only for keys on which an operator switched that on, and only from their addresses. */
export const sendCallback = (request: IRequest, context: RequestContext): Promise<Response> =>
  answered(request, context, { key: 'baseKey', secret: null, text: 'msg', takesCallback: true }, ({ id }) => ({
    msg: SENT,
    code: 0,
    data: true,
    messageID: id,
  }));

/** `/beta/send`: `data` is the message id. */
export const betaSend = (request: IRequest, context: RequestContext): Promise<Response> =>
  answered(request, context, { key: 'appKey', secret: 'appSecret', text: 'content', takesCallback: false }, ({ id }) => ({
    msg: SENT,
    code: 0,
    data: id,
  }));

/** `/getBalance` → `{"msg":"请求成功","code":0,"data":{"balance":100.0,"currency":"€"}}`; the sign is the tenant's. */
export async function legacyBalance(request: IRequest, context: RequestContext): Promise<Response> {
  const parameters = await readParameters(request, context.url);
  const outcome = await ask(parameters, context, { key: 'baseKey', secret: 'secret' }, null);
  if (isAnswer(outcome)) return answerJson(outcome, context.requestId);
  if (outcome.kind === 'accepted') throw new Error('a question about the balance sent a message');
  if (outcome.kind !== 'admitted') return refusedJson(outcome, context);
  const key = await findApiKey(context.gateways, parameters['baseKey'] ?? '');
  if (!key) return answerJson(noKey, context.requestId);
  const { availableMicros } = await context.gateways.objects.ledger(key.tenant).balance();
  const data = { balance: availableMicros / MICROS_PER_UNIT, currency: key.currencySign };
  return answerJson({ msg: '请求成功', code: 0, data }, context.requestId);
}
