/** The simulator's own routes, for tests and for people: everything that Vonage does not have. */
import type { z } from 'zod';
import type { Carrier } from './carrier';
import { InboundOrder, sendInbound } from './inbound';
import { parseKnobs } from './knobs';
import type { KnobError } from './knobs';
import { ReceiptOrder, sendSingleReceipt } from './single-receipt';

const json = (value: unknown, status = 200): Response => Response.json(value, { status, headers: { 'cache-control': 'no-store' } });
const badInput = (errors: readonly KnobError[]): Response => json({ error: 'invalid_request', errors }, 400);
const notAllowed = (allow: string): Response => new Response(null, { status: 405, headers: { allow } });

/** @returns undefined when the body is not JSON */
async function readJson(request: Request): Promise<unknown> {
  try {
    return await request.json();
  } catch {
    return undefined;
  }
}

/** GET reads the knobs, PATCH changes those that are written, PUT sets the others to their defaults. */
export async function turnKnobs(request: Request, carrier: Carrier): Promise<Response> {
  if (request.method === 'PUT' || request.method === 'PATCH') {
    const parsed = parseKnobs(await readJson(request), request.method === 'PUT' ? carrier.defaults : carrier.knobs);
    if (!parsed.ok) return badInput(parsed.errors);
    carrier.turn(parsed.knobs);
  } else if (request.method !== 'GET') {
    return notAllowed('GET, PUT, PATCH');
  }
  return json(carrier.knobs);
}

export function reset(request: Request, carrier: Carrier): Response {
  if (request.method !== 'POST') return notAllowed('POST');
  carrier.reset();
  return json(carrier.knobs);
}

/** Reads an order, carries it out, answers with what the webhook said. */
async function carryOut<Output>(
  request: Request,
  schema: z.ZodType<Output>,
  deed: (order: Output) => Promise<object | null>,
): Promise<Response> {
  if (request.method !== 'POST') return notAllowed('POST');
  const parsed = schema.safeParse(await readJson(request));
  if (!parsed.success) return badInput(parsed.error.issues.map(({ path, message }) => ({ field: path.join('.'), message })));
  const result = await deed(parsed.data);
  return result === null ? badInput([{ field: 'apiKey', message: 'no such account, or its webhook URL is null' }]) : json(result);
}

export const controlInbound = (request: Request, carrier: Carrier): Promise<Response> =>
  carryOut(request, InboundOrder, async (order) => {
    const parts = await sendInbound(order, carrier);
    return parts === null ? null : { parts };
  });

export const controlReceipt = (request: Request, carrier: Carrier): Promise<Response> =>
  carryOut(request, ReceiptOrder, (order) => sendSingleReceipt(order, carrier));

/** The latest accepted messages, newest first; `from`, `to`, `clientRef` and `limit` narrow them down. */
export function listMessages(url: URL, carrier: Carrier): Response {
  const from = url.searchParams.get('from');
  const to = url.searchParams.get('to');
  const clientRef = url.searchParams.get('clientRef');
  const limit = Math.min(1_000, Math.max(1, Number(url.searchParams.get('limit') ?? 100) || 100));
  const messages = carrier.recent.find(
    (message) =>
      (from === null || message.from === from) &&
      (to === null || message.to === to) &&
      (clientRef === null || message.clientRef === clientRef),
    limit,
  );
  return json({ messages });
}

export const readStatistics = (carrier: Carrier): Response => json(carrier.statistics());
