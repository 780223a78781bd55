/** One request of v1, from its key to its answer: who asks, what is asked, may it, and the same answer for a repeat. */
import { z } from 'zod';
import type { Actor } from '../../../schema/console';
import { AppError, type FieldError } from '../../../schema/errors';
import type { SessionId, UserId } from '../../../schema/ids';
import { IDEMPOTENCY_KEY_MAX } from '../../../schema/limits';
import type { KeyRate, KeyVerdict, RequestClaim } from '../../../schema/protocol/objects';
import { findApiKey, type ApiKey } from '../../gateways/stores/api-keys';
import { admitRequest, type Admitted } from '../../messages/admit';
import type { RequestContext } from '../context';
import { problem } from '../problem';
import { authorization, sha256Hex } from './credentials';
import type { ApiAnswer, ApiCall, Operation, Sending } from './operation';
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
  const { gateways, url, address } = context;
  headers['www-authenticate'] = 'Bearer realm="jmc", Basic realm="jmc"';
  const given = authorization(request.headers.get('authorization'));
  const key = given && (await findApiKey(gateways, given.key));
  if (!given || !key) throw new AppError('authentication_failed');
  const credential = { kind: 'secret', sha256: await sha256Hex(given.secret) } as const;

  // What is wrong with a request is told only to those who may make it: a refusal waits until the key was asked.
  let refusal: AppError | null = null;
  let call: AnyCall | null = null;
  let sending: Sending | null = null;
  let repeat: Repeat | null = null;
  try {
    const bytes = operation.body ? await readBytes(request) : null;
    const asked: AnyCall = {
      context,
      request,
      key,
      actor: actorOf(key, context),
      params: checked(operation.params ?? NOTHING, params),
      query: checked(operation.query ?? NOTHING, queryOf(url.searchParams)),
      body: operation.body && bytes ? checked(operation.body, jsonOf(request, bytes)) : undefined,
      now: Date.now(),
      repeatKey: operation.isRepeatable ? repeatKeyOf(request) : null,
    };
    if ('send' in operation) sending = await operation.send(asked);
    if (asked.repeatKey !== null) {
      repeat = { key: asked.repeatKey, fingerprint: await fingerprintOf(request, url, bytes ?? new Uint8Array()) };
    }
    call = asked;
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    refusal = thrown;
  }
  const verdict = await admitRequest(gateways, key, { credential, address, repeat }, sending?.messages ?? []);
  if ('rate' in verdict) setRate(headers, verdict.rate);
  if (verdict.kind !== 'replayed') refuseUnlessAdmitted(verdict);
  delete headers['www-authenticate'];
  if (refusal) throw refusal;
  if (!call) throw new Error('a call that was not refused was read');
  if (verdict.kind === 'replayed') {
    headers['idempotency-replayed'] = 'true';
    return responseOf(JSON.parse(verdict.answer) as ApiAnswer, headers);
  }
  return responseOf(await workedOut(operation, call, sending, verdict), headers);
}

const NOTHING = z.strictObject({});

/** Does the work; of a repeatable request the answer is remembered, or forgotten that it was made. */
async function workedOut(operation: Operation, call: AnyCall, sending: Sending | null, admitted: Admitted): Promise<ApiAnswer> {
  const gate = call.context.gateways.objects.keyGate(call.key.id);
  if (sending) {
    const answer = await sending.answer(admitted);
    await remember(call, answer);
    return answer;
  }
  if (!('answer' in operation)) throw new Error('an operation that neither sends nor answers');
  try {
    const answer = await operation.answer(call, await claimOf(call, admitted));
    await remember(call, answer);
    return answer;
  } catch (thrown) {
    if (thrown instanceof AppError && admitted.ticket !== null) await gate.takeBack(admitted.ticket);
    throw thrown;
  }
}

async function claimOf({ key, repeatKey }: AnyCall, { at, takenOver }: Admitted): Promise<RequestClaim | null> {
  if (repeatKey === null) return null;
  const named = new TextEncoder().encode(`${key.id} ${at} ${repeatKey}`);
  return { seed: new Uint8Array(await crypto.subtle.digest('SHA-256', named)), at, takenOver };
}

async function remember({ context, key, repeatKey }: AnyCall, answer: ApiAnswer): Promise<void> {
  if (repeatKey === null) return;
  try {
    await context.gateways.objects.keyGate(key.id).remember(repeatKey, JSON.stringify(answer));
  } catch (thrown) {
    // What was asked is done. A repeat finds it under the same ids, whatever the gate knows.
    console.error(JSON.stringify({ requestId: context.requestId, remembering: thrown instanceof Error ? thrown.name : typeof thrown }));
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

function repeatKeyOf(request: Request): string | null {
  const given = request.headers.get('idempotency-key');
  if (given === null) return null;
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
