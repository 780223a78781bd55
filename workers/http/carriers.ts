/** What carriers call: receipts and inbound messages, by GET, form or JSON. One request, one call of the message's home. */
import type { IRequest } from 'itty-router';
import { AppError } from '../../schema/errors';
import { ReceiptJob } from '../../schema/jobs';
import { receiveMessage } from '../messages/inbound';
import { takeReceipt } from '../messages/receipts';
import { verifyWebhook } from '../messages/verify-webhook';
import { readAtMost } from './body';
import type { RequestContext } from './context';

const BODY_MAX_BYTES = 64 * 1024;

/** Carriers look at the status only. */
const taken = (): Response => new Response(null, { status: 200, headers: { 'cache-control': 'no-store' } });

export async function receiveReceipt(request: IRequest, context: RequestContext): Promise<Response> {
  const parameters = await readParameters(request, context.url);
  // Carriers call once without anything to see whether the address answers.
  if (parameters['messageId'] === undefined && parameters['status'] === undefined) return taken();
  const now = Date.now();
  await verifyWebhook(context.gateways, parameters, now);
  const job = ReceiptJob.safeParse(receiptJob(parameters, now));
  const ours = job.success && (await takeReceipt(context.gateways, job.data));
  // Of a message that is not ours: said once, or the carrier would repeat it for a day.
  if (!ours) console.error(JSON.stringify({ requestId: context.requestId, receipts: 'without our reference' }));
  return taken();
}

function receiptJob(parameters: Readonly<Record<string, string>>, receivedAt: number): unknown {
  const code = parameters['err-code'];
  return {
    ref: parameters['client-ref'] ?? '',
    carrierId: parameters['messageId'] ?? '',
    status: parameters['status'] ?? '',
    errorCode: code !== undefined && /^\d{1,4}$/.test(code) ? Number(code) : null,
    network: parameters['network-code'] ?? null,
    price: parameters['price'] ?? null,
    receivedAt,
  };
}

/** Answered when the message is safe; what follows from it is done before, or by the repair. */
export async function receiveInbound(request: IRequest, context: RequestContext): Promise<Response> {
  const parameters = await readParameters(request, context.url);
  if (parameters['messageId'] === undefined) return taken();
  const now = Date.now();
  await verifyWebhook(context.gateways, parameters, now);
  const outcome = await receiveMessage(context.gateways, parameters, now);
  if (outcome !== 'taken') console.error(JSON.stringify({ requestId: context.requestId, inbound: outcome }));
  return taken();
}

/** All values as text. @throws AppError for a body that is neither form nor JSON object */
async function readParameters(request: Request, url: URL): Promise<Record<string, string>> {
  if (request.method === 'GET') return Object.fromEntries(url.searchParams);
  const text = await readText(request);
  const type = request.headers.get('content-type') ?? '';
  if (/^application\/json\b/i.test(type)) return textValues(text);
  if (/^application\/x-www-form-urlencoded\b/i.test(type)) return Object.fromEntries(new URLSearchParams(text));
  throw new AppError('unsupported_media_type');
}

/** A body that says its length, as every carrier's does, is read in one go: half the time of reading it piece by piece. */
async function readText(request: Request): Promise<string> {
  const length = request.headers.get('content-length');
  if (length !== null && Number(length) <= BODY_MAX_BYTES) return await request.text();
  return new TextDecoder().decode(await readAtMost(request, BODY_MAX_BYTES));
}

function textValues(json: string): Record<string, string> {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new AppError('malformed_json');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new AppError('invalid_request');
  return Object.fromEntries(Object.entries(value).flatMap(([name, field]) => (typeof field === 'object' ? [] : [[name, String(field)]])));
}
