/** The OpenAPI 3.1 document, made from the shapes that validate and from the calls that are routed. */
import { z } from 'zod';
import { Problem } from '../../../schema/api/common';
import { ERRORS, type ErrorCode } from '../../../schema/errors';
import { IDEMPOTENCY_KEY_MAX } from '../../../schema/limits';
import { FACES, type Face } from './faces';
import type { Operation } from './operation';
import { OPERATIONS } from './operations';

export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };
export type JsonObject = { readonly [name: string]: Json };

const VERSION = '1.0.0';
/** Refusals that every call of v1 may have. */
const COMMON_ERRORS: readonly ErrorCode[] = ['invalid_request', 'authentication_failed', 'key_disabled', 'address_refused', 'rate_limited'];
const REPEAT_ERRORS: readonly ErrorCode[] = ['request_in_progress', 'idempotency_mismatch'];
const REACH_ERRORS: readonly ErrorCode[] = ['key_not_allowed'];
const BODY_ERRORS: readonly ErrorCode[] = ['malformed_json', 'too_large', 'unsupported_media_type'];

/** Schemas by name, gathered while the paths are written. */
class Components {
  readonly schemas: Record<string, Json> = {};

  /** The shape as JSON schema; named ones become references. */
  of(shape: z.ZodType): JsonObject {
    const { $schema: _, $defs = {}, ...schema } = z.toJSONSchema(shape, { io: 'input', unrepresentable: 'any', override: tidy });
    for (const [name, named] of Object.entries($defs)) this.schemas[name] = reference(named as Json);
    return reference(schema as Json) as JsonObject;
  }
}

/** What zod writes for its own sake: the grammar of a date beside its format, the bounds of exact integers. */
function tidy({ jsonSchema }: { jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
}

/** `#/$defs/X` → `#/components/schemas/X`, wherever it stands. */
function reference(json: Json): Json {
  if (typeof json !== 'object' || json === null) return json;
  if (isList(json)) return json.map(reference);
  return Object.fromEntries(
    Object.entries(json).map(([name, value]) => [
      name,
      name === '$ref' && typeof value === 'string' ? value.replace('#/$defs/', '#/components/schemas/') : reference(value),
    ]),
  );
}
const isList = (json: Json): json is readonly Json[] => Array.isArray(json);

function parametersOf(components: Components, shape: z.ZodType | undefined, place: 'path' | 'query'): Json[] {
  if (!shape) return [];
  const { properties = {}, required = [] } = components.of(shape) as { properties?: JsonObject; required?: readonly string[] };
  return Object.entries(properties).map(([name, schema]) => {
    const { description, ...rest } = schema as JsonObject;
    return { name, in: place, required: required.includes(name), ...(description !== undefined && { description }), schema: rest };
  });
}

const REPEAT_HEADER: Json = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'The same request with the same key has the same answer for 24 hours (`Idempotency-Replayed: true`).',
  schema: { type: 'string', maxLength: IDEMPOTENCY_KEY_MAX },
};

const headers = (...named: readonly (readonly [name: string, type: 'integer' | 'string'])[]): Readonly<Record<string, Json>> =>
  Object.fromEntries(named.map(([name, type]) => [name, { schema: { type } }]));
const REQUEST_HEADERS = headers(['X-Request-Id', 'string']);
/** On whatever the key itself answered. */
const RATE_HEADERS = headers(
  ['RateLimit-Limit', 'integer'],
  ['RateLimit-Remaining', 'integer'],
  ['RateLimit-Reset', 'integer'],
  ['RateLimit-Policy', 'string'],
);
const REPLAY_HEADERS = headers(['Idempotency-Replayed', 'string']);
const WAIT_HEADERS = headers(['Retry-After', 'integer']);
/** Refusals that came before the key was known to be the caller's: they tell nothing of its rate. */
const UNRATED: ReadonlySet<ErrorCode> = new Set(['authentication_failed', 'key_disabled', 'address_refused']);
const WAITED: ReadonlySet<ErrorCode> = new Set(['rate_limited', 'request_in_progress']);

const headersOf = (codes: readonly ErrorCode[]): Json => ({
  ...REQUEST_HEADERS,
  ...(codes.some((code) => !UNRATED.has(code)) && RATE_HEADERS),
  ...(codes.some((code) => WAITED.has(code)) && WAIT_HEADERS),
  ...(codes.includes('authentication_failed') && headers(['WWW-Authenticate', 'string'])),
});

/** @param ofKey a key is asked first, whose headers a refusal has then */
function problemsOf(codes: readonly ErrorCode[], ofKey: boolean): Record<string, Json> {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of new Set(codes)) byStatus.set(ERRORS[code].status, [...(byStatus.get(ERRORS[code].status) ?? []), code]);
  return Object.fromEntries(
    [...byStatus].map(([status, ofStatus]) => [
      String(status),
      {
        description: ofStatus.map((code) => `\`${code}\`: ${ERRORS[code].en}`).join('\n\n'),
        ...(ofKey && { headers: headersOf(ofStatus) }),
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    ]),
  );
}

function answersOf(components: Components, { answers, errors, body, isRepeatable, reach }: Operation): JsonObject {
  const good = Object.entries(answers).map(([status, { text, shape }]): [string, Json] => [
    status,
    {
      description: text,
      headers: { ...REQUEST_HEADERS, ...RATE_HEADERS, ...(isRepeatable && REPLAY_HEADERS) },
      ...(shape === 'file' && { content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } } }),
      ...(shape !== null && shape !== 'file' && { content: { 'application/json': { schema: components.of(shape) } } }),
    },
  ]);
  const refusals = [
    ...COMMON_ERRORS,
    ...(body ? BODY_ERRORS : []),
    ...(isRepeatable ? REPEAT_ERRORS : []),
    ...(reach === undefined ? [] : REACH_ERRORS),
    ...errors,
  ];
  return { ...Object.fromEntries(good), ...problemsOf(refusals, true) };
}

function operationOf(components: Components, operation: Operation): JsonObject {
  const { id, tag, summary, description, params, query, body, isRepeatable, takesFile } = operation;
  return {
    operationId: id,
    tags: [tag],
    summary: summary.en,
    ...(description !== undefined && { description }),
    parameters: [
      ...parametersOf(components, params, 'path'),
      ...parametersOf(components, query, 'query'),
      ...(isRepeatable ? [REPEAT_HEADER] : []),
    ],
    ...(body && { requestBody: { required: true, content: { 'application/json': { schema: components.of(body) } } } }),
    ...(takesFile && {
      requestBody: { required: true, content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } } },
    }),
    responses: answersOf(components, operation),
  };
}

const FORMS = ['application/json', 'application/x-www-form-urlencoded', 'multipart/form-data'] as const;

function faceOf(components: Components, face: Face, method: 'get' | 'post'): JsonObject {
  const { id, tag, summary, parameters, shape, refusals = {}, takesBasic } = face;
  const schema = components.of(parameters);
  const json = (of: z.ZodType): Json => ({ 'application/json': { schema: components.of(of) } });
  return {
    operationId: method === 'get' ? `${id}ByQuery` : id,
    tags: [tag],
    summary: summary.en,
    security: takesBasic ? [{}, { basic: [] }] : [],
    ...(method === 'get' && { parameters: parametersOf(components, parameters, 'query') }),
    ...(method === 'post' && {
      requestBody: {
        description: 'Each parameter may stand in the query as well, beside the body or in place of it.',
        content: Object.fromEntries(FORMS.map((type) => [type, { schema }])),
      },
    }),
    responses: {
      '200': {
        description: 'Whatever became of it; see the code.',
        headers: { ...REQUEST_HEADERS, ...WAIT_HEADERS },
        content: json(shape),
      },
      ...Object.fromEntries(
        Object.entries(refusals).map(([status, refused]) => [
          status,
          {
            description: refused.text,
            headers: { ...REQUEST_HEADERS, ...(status === '429' && WAIT_HEADERS) },
            content: json(refused.shape),
          },
        ]),
      ),
      ...problemsOf(['invalid_request', ...BODY_ERRORS], false),
    },
  };
}

let made: JsonObject | undefined;

/** Made once: nothing in it depends on who asks. */
export function openApiDocument(): JsonObject {
  if (made) return made;
  const components = new Components();
  components.of(Problem);
  const paths: Record<string, Record<string, Json>> = {};
  const add = (path: string, method: string, described: Json): void => {
    paths[path] = { ...paths[path], [method]: described };
  };
  for (const operation of OPERATIONS) add(operation.path, operation.method.toLowerCase(), operationOf(components, operation));
  add('/v1/openapi.json', 'get', {
    operationId: 'getOpenApi',
    tags: ['Reference'],
    summary: 'This document',
    security: [],
    responses: { '200': { description: 'OpenAPI 3.1.', content: { 'application/json': { schema: { type: 'object' } } } } },
  });
  for (const face of FACES) {
    add(face.path, 'get', faceOf(components, face, 'get'));
    add(face.path, 'post', faceOf(components, face, 'post'));
  }
  made = {
    openapi: '3.1.0',
    info: {
      title: 'JMC 锦木通信平台',
      version: VERSION,
      description: 'Sending messages to 200+ countries. Numbers are E.164, times ISO 8601, money decimal text in EUR.',
    },
    security: [{ bearer: [] }, { basic: [] }],
    paths,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: '`Authorization: Bearer <key>:<secret>`' },
        basic: { type: 'http', scheme: 'basic', description: 'The key and its secret.' },
      },
      schemas: components.schemas,
    },
  };
  return made;
}
