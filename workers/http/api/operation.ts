/** One call of v1: what it takes, what it answers and what it does. The router, the validation and the OpenAPI document are all made from this. */
import type { z } from 'zod';
import type { Actor } from '../../../schema/console';
import type { ErrorCode } from '../../../schema/errors';
import type { RequestClaim } from '../../../schema/protocol/objects';
import type { Gateways } from '../../gateways';
import type { ApiKey } from '../../gateways/stores/api-keys';
import type { Admitted } from '../../messages/admit';
import type { PlannedMessage } from '../../messages/plan-request';
import type { RequestContext } from '../context';
import type { Reach } from './key-reach';

export interface ApiAnswer {
  readonly status: number;
  readonly body?: unknown;
  /** A file, instead of `body`. */
  readonly file?: Response;
}

export interface Sending {
  readonly messages: readonly PlannedMessage[];
  /** Called once the key has admitted them. */
  answer(admitted: Admitted): Promise<ApiAnswer>;
}

export interface ApiCall<Params, Query, Body> {
  readonly context: RequestContext;
  readonly request: Request;
  readonly key: ApiKey;
  /** The key, acting for its tenant. */
  readonly actor: Actor;
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  /** ms UTC */
  readonly now: number;
  /** Of the Idempotency-Key; null without one. */
  readonly repeatKey: string | null;
}

/** What people read, in both languages; the OpenAPI document is in English. */
export interface Said {
  readonly en: string;
  readonly zh: string;
}

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

interface Described {
  readonly method: Method;
  /** OpenAPI's way: `/v1/messages/{id}`. */
  readonly path: `/v1/${string}`;
  readonly id: string;
  readonly tag: string;
  readonly summary: Said;
  readonly description?: string;
  /** Status → what it means and its shape; null = no body, 'file' = not JSON. */
  readonly answers: Readonly<Record<number, { readonly text: string; readonly shape: z.ZodType | 'file' | null }>>;
  /** Refusals beside those that every call has. */
  readonly errors: readonly ErrorCode[];
  /** Takes an Idempotency-Key. */
  readonly isRepeatable?: boolean;
  /** The body is a file, not JSON. */
  readonly takesFile?: boolean;
}

interface Reaching<Call> {
  /** What it changes beside what is the key's own; absent: nothing. */
  readonly reach?: Reach<Call>;
}

interface Shapes<Params extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType> {
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
}

type CallOf<Params extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType> = ApiCall<
  z.output<Params>,
  z.output<Query>,
  z.output<Body>
>;

/**
 * What it does: `answer` for most; `send` for what makes messages, which must be known before the key is asked. The claim is that of the
 * request's Idempotency-Key, null without one.
 */
type Work<Call> =
  | { readonly answer: (call: Call, claim: RequestClaim | null) => Promise<ApiAnswer> }
  | {
      readonly send: (call: Call) => Promise<Sending>;
      /** What a run that died was going to answer, whatever has changed since; null when it had accepted nothing. */
      readonly earlier: (gateways: Gateways, key: ApiKey, at: number, repeatKey: string) => Promise<ApiAnswer | null>;
    };

/** With the types of its shapes forgotten: what the router and the document see. */
export type Operation = Described &
  Shapes<z.ZodType, z.ZodType, z.ZodType> &
  Reaching<ApiCall<unknown, unknown, unknown>> &
  Work<ApiCall<unknown, unknown, unknown>>;

export function operation<Params extends z.ZodType = z.ZodNever, Query extends z.ZodType = z.ZodNever, Body extends z.ZodType = z.ZodNever>(
  described: Described & Shapes<Params, Query, Body> & Reaching<CallOf<Params, Query, Body>> & Work<CallOf<Params, Query, Body>>,
): Operation {
  // The runner parses with exactly these shapes before it calls, so the call has exactly these types.
  return described as unknown as Operation;
}
