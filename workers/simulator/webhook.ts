/** One call of a webhook by "Vonage": signed, by GET, form or JSON. */
import type { HttpLanes } from './http-lane';
import type { Account, Knobs } from './knobs';
import { signParameters } from './signature';

export interface WebhookResult {
  /** `again`: Vonage would repeat it (429, 5xx, no answer). `refused`: any other status, which Vonage takes as it is. */
  readonly outcome: 'taken' | 'again' | 'refused';
  /** null when there was no answer. */
  readonly httpStatus: number | null;
}

export interface WebhookCall {
  readonly url: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly account: Account;
  readonly wrongSignature: boolean;
}

/** @param lanes of the invocation that calls */
export async function callWebhook(call: WebhookCall, { receiptMethod, receiptTimeoutMs }: Knobs, lanes: HttpLanes): Promise<WebhookResult> {
  try {
    const { origin, host, target } = placeOf(call.url);
    const status = await lanes.call(origin, requestText(host, target, stamped(call), receiptMethod), receiptTimeoutMs);
    if (status >= 200 && status < 300) return { outcome: 'taken', httpStatus: status };
    return { outcome: status === 429 || status >= 500 ? 'again' : 'refused', httpStatus: status };
  } catch {
    return { outcome: 'again', httpStatus: null };
  }
}

/** Adds `message-timestamp` and, when the account signs, `timestamp`, `nonce` and `sig`. A repeat is signed afresh, as an old timestamp is refused. */
function stamped({ parameters, account, wrongSignature }: WebhookCall): Record<string, string> {
  const now = Date.now();
  const fields: Record<string, string> = { ...parameters, 'message-timestamp': timestampText(now) };
  if (account.signatureMethod === 'none') return fields;
  fields.timestamp = String(Math.floor(now / 1_000));
  fields.nonce = crypto.randomUUID();
  fields.sig = signParameters(fields, wrongSignature ? `not ${account.signatureSecret}` : account.signatureSecret, account.signatureMethod);
  return fields;
}

/** ASCII only, so that its length in characters is its length in bytes. */
function requestText(host: string, target: string, fields: Record<string, string>, method: Knobs['receiptMethod']): string {
  const head = `Host: ${host}\r\nUser-Agent: jmc-carrier-simulator\r\nAccept: */*\r\n`;
  if (method === 'get') return `GET ${target}${target.includes('?') ? '&' : '?'}${formText(fields)} HTTP/1.1\r\n${head}\r\n`;
  const body = method === 'json' ? asciiJson(fields) : formText(fields);
  const type = method === 'json' ? 'application/json' : 'application/x-www-form-urlencoded';
  return `POST ${target} HTTP/1.1\r\n${head}Content-Type: ${type}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

const formText = (fields: Record<string, string>): string => new URLSearchParams(fields).toString();
const asciiJson = (fields: Record<string, string>): string =>
  JSON.stringify(fields).replace(/[^\0-~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

interface Place {
  readonly origin: string;
  readonly host: string;
  /** Path and query. */
  readonly target: string;
}
let lastUrl = '';
let lastPlace: Place = { origin: '', host: '', target: '' };
/** Nearly every call goes where the last one went. */
function placeOf(url: string): Place {
  if (url !== lastUrl) {
    const { origin, host, pathname, search } = new URL(url);
    lastPlace = { origin, host, target: pathname + search };
    lastUrl = url;
  }
  return lastPlace;
}

let textSecond = 0;
let textOfSecond = '';
/** `YYYY-MM-DD HH:MM:SS` UTC, made once a second. */
function timestampText(now: number): string {
  const second = Math.floor(now / 1_000);
  if (second !== textSecond) {
    textSecond = second;
    textOfSecond = new Date(now).toISOString().slice(0, 19).replace('T', ' ');
  }
  return textOfSecond;
}
