/** One request of v1, from its key to its answer: who asks, what is asked, may it, and the same answer for a repeat. */
import { z } from 'zod';
import type { Actor } from '../../../schema/console';
import { AppError, type FieldError } from '../../../schema/errors';
import type { SessionId, UserId } from '../../../schema/ids';
import { IDEMPOTENCY_KEY_MAX } from '../../../schema/limits';
import type { KeyRate, KeyVerdict, RequestClaim } from '../../../schema/protocol/objects';
import type { Gateways } from '../../gateways';
import { findApiKey, type ApiKey } from '../../gateways/stores/api-keys';
import { admitRequest, type Admitted } from '../../messages/admit';
import type { RequestContext } from '../context';
import { problem } from '../problem';
import { authorization, sha256Hex } from './credentials';
import type { ApiAnswer, ApiCall, Operation, Sending } from './operation';
import { refuseBeyondReach } from './key-reach';
import { checked, jsonOf, queryOf, readBytes } from './read-input';

/** Plain: what is written into `Headers` one by one costs more than the request's own work. */
type AnswerHeaders = Record<string, string>;
type AnyCall = ApiCall<unknown, unknown, unknown>;
type Repeat = { readonly key: string; readonly fingerprint: string };

export async function runOperation(operation: Operation, request: Request, params: unknown, context: RequestContext): Promise<Response> {
  const headers: AnswerHeaders = { 'cache-control': 'no-store', 'x-request-id': context.requestId };
  try {
    return await answered(operation, request, params, context, headers);
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'authentication_failed') {
      headers['www-authenticate'] = 'Bearer realm="jmc", Basic realm="jmc"';
    }
    return withHeaders(problem(inApiWords(thrown), context.locale, context.requestId), headers);
  }
}

async function answered(
  operation: Operation,
  request: Request,
  params: unknown,
  context: RequestContext,
  headers: AnswerHeaders,
): Promise<Response> {
  const { gateways, address } = context;
  const given = authorization(request.headers.get('authorization'));
  const key = given && (await findApiKey(gateways, given.key));
  if (!given || !key) throw new AppError('authentication_failed');
  const credential = { kind: 'secret', sha256: await sha256Hex(given.secret) } as const;

  const { repeat, work } = await readAll(operation, request, params, context, key);
  const sending = work instanceof AppError ? null : work.sending;
  const asked = repeat && { ...repeat, begins: !(work instanceof AppError) };
  const verdict = await admitRequest(gateways, key, { credential, address, repeat: asked }, sending?.messages ?? []);
  if ('rate' in verdict) setRate(headers, verdict.rate);
  if (verdict.kind === 'replayed') {
    headers['idempotency-replayed'] = 'true';
    return responseOf(JSON.parse(verdict.answer) as ApiAnswer, headers);
  }
  refuseUnlessAdmitted(verdict);
  return responseOf(await workedOut(operation, { gateways, key, repeat, requestId: context.requestId }, work, verdict), headers);
}

interface Asked {
  readonly call: AnyCall;
  readonly sending: Sending | null;
}

/**
 * What is wrong with a request is told only to those who may make it, and only if it was not answered before: what has passed since (a time
 * to send at, a template) is no fault of a repeat. So a refusal waits until the key was asked.
 */
async function readAll(
  operation: Operation,
  request: Request,
  params: unknown,
  context: RequestContext,
  key: ApiKey,
): Promise<{ readonly repeat: Repeat | null; readonly work: Asked | AppError }> {
  const { url } = context;
  let repeat: Repeat | null = null;
  try {
    const repeatKey = repeatKeyOf(operation, request);
    const bytes = operation.body ? await readBytes(request) : null;
    if (repeatKey !== null) repeat = { key: repeatKey, fingerprint: await fingerprintOf(request, url, bytes ?? new Uint8Array()) };
    const call: AnyCall = {
      context,
      request,
      key,
      actor: actorOf(key, context),
      params: checked(operation.params ?? NOTHING, params),
      query: checked(operation.query ?? NOTHING, queryOf(url.searchParams)),
      body: operation.body && bytes ? checked(operation.body, jsonOf(request, bytes)) : undefined,
      now: Date.now(),
      repeatKey,
    };
    return { repeat, work: { call, sending: 'send' in operation ? await operation.send(call) : null } };
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    return { repeat, work: thrown };
  }
}

const NOTHING = z.strictObject({});

interface Run {
  readonly gateways: Gateways;
  readonly key: ApiKey;
  readonly repeat: Repeat | null;
  readonly requestId: string;
}

/** Does the work; of a repeatable request the answer is remembered, or forgotten that it was made. */
async function workedOut(operation: Operation, run: Run, work: Asked | AppError, admitted: Admitted): Promise<ApiAnswer> {
  const { gateways, key, repeat } = run;
  const gate = gateways.objects.keyGate(key.id);
  try {
    const answer = (await earlierAnswer(operation, run, admitted)) ?? (await madeNow(operation, work, admitted));
    await remember(run, answer);
    return answer;
  } catch (thrown) {
    // What sends takes back by itself what was not accepted.
    const isOwn = thrown === work || !('send' in operation);
    if (thrown instanceof AppError && isOwn && admitted.ticket !== null) await gate.takeBack(admitted.ticket);
    if (!(thrown instanceof AppError) && repeat !== null) await abandon(run, repeat);
    throw thrown;
  }
}

/** Of the run that this one takes over, if it came so far; null = it did not. */
const earlierAnswer = async (
  operation: Operation,
  { gateways, key, repeat }: Run,
  { takenOver, at }: Admitted,
): Promise<ApiAnswer | null> =>
  takenOver && repeat !== null && 'send' in operation ? operation.earlier(gateways, key, at, repeat.key) : null;

async function madeNow(operation: Operation, work: Asked | AppError, admitted: Admitted): Promise<ApiAnswer> {
  if (work instanceof AppError) throw work;
  const { call, sending } = work;
  if (sending) return sending.answer(admitted);
  if (!('answer' in operation)) throw new Error('an operation that neither sends nor answers');
  await refuseBeyondReach(operation.reach, call);
  return operation.answer(call, await claimOf(call, admitted));
}

async function claimOf({ key, repeatKey }: AnyCall, { at, takenOver }: Admitted): Promise<RequestClaim | null> {
  if (repeatKey === null) return null;
  const named = new TextEncoder().encode(`${key.id} ${at} ${repeatKey}`);
  return { seed: new Uint8Array(await crypto.subtle.digest('SHA-256', named)), at, takenOver };
}

async function remember({ gateways, key, repeat, requestId }: Run, answer: ApiAnswer): Promise<void> {
  if (repeat === null) return;
  try {
    await gateways.objects.keyGate(key.id).remember(repeat.key, JSON.stringify(answer));
  } catch (thrown) {
    // What was asked is done. A repeat finds it under the same ids, whatever the gate knows.
    console.error(JSON.stringify({ requestId, remembering: thrown instanceof Error ? thrown.name : typeof thrown }));
  }
}

/** Nothing runs any more: a repeat need not wait until that is noticed. */
async function abandon({ gateways, key, requestId }: Run, repeat: Repeat): Promise<void> {
  try {
    await gateways.objects.keyGate(key.id).abandon(repeat.key);
  } catch (thrown) {
    console.error(JSON.stringify({ requestId, abandoning: thrown instanceof Error ? thrown.name : typeof thrown }));
  }
}

/** @throws AppError for every verdict but `admitted` */
function refuseUnlessAdmitted(verdict: Exclude<KeyVerdict, { kind: 'replayed' }>): asserts verdict is Admitted {
  switch (verdict.kind) {
    case 'admitted':
      return;
    case 'unknown_key':
    case 'bad_secret':
    case 'bad_signature':
      throw new AppError('authentication_failed');
    case 'disabled':
      throw new AppError('key_disabled');
    case 'address_refused':
      throw new AppError('address_refused');
    case 'in_progress':
      throw new AppError('request_in_progress', { details: { seconds: 1 } });
    case 'other_request':
      throw new AppError('idempotency_mismatch');
    case 'rate_limited':
      throw new AppError('rate_limited', { details: { seconds: Math.ceil(verdict.retryAfterMs / 1_000) } });
  }
}

function setRate(headers: AnswerHeaders, { limit, remaining, resetMs }: KeyRate): void {
  headers['ratelimit-limit'] = String(limit);
  headers['ratelimit-remaining'] = String(remaining);
  headers['ratelimit-reset'] = String(Math.ceil(resetMs / 1_000));
  headers['ratelimit-policy'] = `${limit};w=1`;
}

const REPEAT_KEY = new RegExp(`^[\\x21-\\x7e]{1,${IDEMPOTENCY_KEY_MAX}}$`);

/** Where a repeat could not be told from a new request, saying that it is one is a mistake; what only reads or sets is as good twice. */
function repeatKeyOf({ method, isRepeatable }: Operation, request: Request): string | null {
  const given = request.headers.get('idempotency-key');
  if (given === null || (!isRepeatable && method !== 'POST')) return null;
  if (!isRepeatable) throw new AppError('invalid_request', { fields: [{ field: 'Idempotency-Key', code: 'not_repeatable' }] });
  if (!REPEAT_KEY.test(given)) throw new AppError('invalid_request', { fields: [{ field: 'Idempotency-Key', code: 'invalid' }] });
  return given;
}

async function fingerprintOf(request: Request, url: URL, body: Uint8Array): Promise<string> {
  const head = new TextEncoder().encode(`${request.method} ${url.pathname}${url.search}\n`);
  const whole = new Uint8Array(head.byteLength + body.byteLength);
  whole.set(head);
  whole.set(body, head.byteLength);
  return sha256Hex(whole);
}

/** A key acts for its tenant as somebody who may send; what it makes bears its id. */
const actorOf = ({ id, name, tenant, tenantName, masksBodies }: ApiKey, { locale, address }: RequestContext): Actor => ({
  tenant,
  tenantName,
  user: id as string as UserId,
  session: id as string as SessionId,
  name,
  email: '',
  role: 'sender',
  locale,
  timeZone: 'UTC',
  address,
  mustChangePassword: false,
  masksBodies,
});

function responseOf({ status, body, file }: ApiAnswer, headers: AnswerHeaders): Response {
  if (file) return withHeaders(file, headers);
  return body === undefined ? new Response(null, { status, headers }) : Response.json(body, { status, headers });
}

function withHeaders(response: Response, headers: AnswerHeaders): Response {
  const all = new Headers(response.headers);
  for (const [name, value] of Object.entries(headers)) all.set(name, value);
  return new Response(response.body, { status: response.status, headers: all });
}

/** Verbs of the console name their fields as its forms do. */
const FIELD_NAMES: Readonly<Record<string, string>> = {
  sender: 'from',
  textType: 'type',
  upload: 'upload_id',
  callbackUrl: 'callback_url',
  startsAt: 'start_at',
  fileName: 'file_name',
  receivedUntil: 'created_until',
  groupBy: 'group_by',
};

function inApiWords(thrown: unknown): unknown {
  if (!(thrown instanceof AppError) || !thrown.fields.some(({ field }) => Object.hasOwn(FIELD_NAMES, field))) return thrown;
  const fields = thrown.fields.map((error): FieldError => ({ ...error, field: FIELD_NAMES[error.field] ?? error.field }));
  return new AppError(thrown.code, { fields, details: thrown.details });
}
