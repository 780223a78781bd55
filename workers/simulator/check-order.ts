/** What a request asks for, held against Vonage's rules for it. */
import { measureText } from '../rules/sms-parts';
import { parameter } from './parameters';
import type { Parameters } from './parameters';
import { CALLBACK_MAX, CLIENT_REF_MAX, TEXT_MAX, TTL_MAX_MS, TTL_MIN_MS, invalid, missing, refusal } from '../rules/vonage-words';
import type { Refusal } from '../rules/vonage-words';

export interface Order {
  readonly to: string;
  readonly from: string;
  /** As the handset shows it: with type `text` every character outside GSM-7 has become a question mark. */
  readonly text: string;
  readonly parts: number;
  readonly clientRef: string | null;
  readonly callback: string | null;
  readonly wantsReceipt: boolean;
}

const SENDER = /^(?:\d{1,15}|[A-Za-z0-9]{1,11})$/;
const RECIPIENT = /^\d{7,15}$/;
const DIGITS = /^\d+$/;

/** Vonage takes a leading + though its reference asks for none. */
export const recipientOf = (parameters: Parameters): string | undefined => parameter(parameters, 'to')?.replace(/^\+/, '');

export function checkOrder(parameters: Parameters, refusedSenders: readonly string[]): Order | Refusal {
  const to = recipientOf(parameters);
  const from = parameter(parameters, 'from')
    ?.replace(/^\+(?=\d+$)/, '')
    .replaceAll(' ', '');
  const text = parameter(parameters, 'text');
  if (from === undefined) return missing('from param');
  if (to === undefined) return missing('to param');
  if (text === undefined) return missing('text param');
  if (!DIGITS.test(to)) return invalid('to address is not numeric');
  if (!RECIPIENT.test(to)) return invalid('Invalid to param');
  if (!SENDER.test(from)) return invalid('Invalid from param');
  if (refusedSenders.includes(from)) return refusal(15);
  const type = parameter(parameters, 'type') ?? 'text';
  if (type !== 'text' && type !== 'unicode') return invalid('Invalid type param');
  if (text.length > TEXT_MAX) return refusal(12);
  const options = checkOptions(parameters);
  if ('status' in options) return options;
  const { parts, unsupported } = measureText(text, type);
  return { to, from, text: unsupported.length === 0 ? text : questionMarked(text, unsupported), parts, ...options };
}

type Options = Pick<Order, 'clientRef' | 'callback' | 'wantsReceipt'>;

function checkOptions(parameters: Parameters): Options | Refusal {
  const clientRef = parameter(parameters, 'client-ref') ?? null;
  if (clientRef !== null && clientRef.length > CLIENT_REF_MAX) return invalid('Invalid client-ref param');
  const ttl = parameter(parameters, 'ttl');
  if (ttl !== undefined && !(DIGITS.test(ttl) && Number(ttl) >= TTL_MIN_MS && Number(ttl) <= TTL_MAX_MS))
    return invalid('value for ttl field out of range');
  const messageClass = parameter(parameters, 'message-class');
  if (messageClass !== undefined && !/^[0-3]$/.test(messageClass)) return invalid('Invalid message-class param');
  const callback = parameter(parameters, 'callback') ?? null;
  if (callback !== null && (callback.length > CALLBACK_MAX || !/^https?:\/\//i.test(callback) || !URL.canParse(callback)))
    return refusal(23);
  const asked = parameter(parameters, 'status-report-req');
  return { clientRef, callback, wantsReceipt: asked !== '0' && asked !== 'false' };
}

function questionMarked(text: string, unsupported: readonly string[]): string {
  return Array.from(text, (character) => (unsupported.includes(character) ? '?' : character)).join('');
}
