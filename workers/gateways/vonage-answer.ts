/** Vonage's answer to a send, in our words. Pure; what the SDK throws is read in vonage.ts. */
import type { SendOutcome } from '../../schema/protocol/message-shard';
import { sendStatusOf } from '../rules/vonage-status';

/** One element a part. Fields as the SDK spells them; numbers or strings, as the carrier pleases. */
interface AnsweredPart {
  readonly messageId?: unknown;
  readonly status?: unknown;
  readonly network?: unknown;
}

/** How long a carrier that throttles is left alone: its limits are a second wide. */
const THROTTLED_MS = 1_000;

const textOf = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : null;

/** @param parts `messages` of the answer; anything else means that the answer says nothing */
export function outcomeOfAnswer(parts: unknown): SendOutcome {
  if (!Array.isArray(parts) || parts.length === 0) return { kind: 'unanswered' };
  const answered = parts as readonly AnsweredPart[];
  const taken = answered.filter(({ status }) => textOf(status) === '0');
  const carrierIds = taken.map(({ messageId }) => textOf(messageId)).filter((id) => id !== null);
  const network = textOf(taken[0]?.network);
  if (taken.length === answered.length) return { kind: 'submitted', carrierIds, network };
  const refusals = answered
    .filter(({ status }) => textOf(status) !== '0')
    .map(({ status }) => sendStatusOf(Number(textOf(status) ?? Number.NaN)));
  const telling = refusals.find(({ retry }) => !retry) ?? refusals[0];
  const error = telling?.error ?? 'carrier_refused';
  if (taken.length > 0) return { kind: 'partial', carrierIds, network, error };
  if (telling?.retry) return { kind: 'retry', error, delayMs: error === 'throttled' ? THROTTLED_MS : 0 };
  return { kind: 'rejected', error };
}

/** Gave up waiting for what lies behind it: whether the message was taken, it does not know. */
const GATEWAY_TIMEOUT = 504;
const TOO_MANY_REQUESTS = 429;

/** @param status HTTP status ≥ 400 */
export function outcomeOfHttpStatus(status: number): SendOutcome {
  if (status === GATEWAY_TIMEOUT) return { kind: 'unanswered' };
  if (status === TOO_MANY_REQUESTS) return { kind: 'retry', error: 'throttled', delayMs: THROTTLED_MS };
  if (status >= 500) return { kind: 'retry', error: 'carrier_unavailable', delayMs: 0 };
  return { kind: 'rejected', error: status === 401 || status === 403 ? 'invalid_credentials' : 'carrier_refused' };
}
