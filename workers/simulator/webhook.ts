/** One call of a webhook of ours by "Vonage": signed, by GET, form or JSON. */
import type { Account, Knobs } from './knobs';
import { signParameters } from './signature';

/** `again`: Vonage would repeat it (429, 5xx, no answer). `refused`: any other status, which Vonage takes as it is. */
export type WebhookResult = { readonly outcome: 'taken' | 'again' | 'refused'; readonly httpStatus: number | null };

const JSON_HEADERS = { 'content-type': 'application/json' };
const FORM_HEADERS = { 'content-type': 'application/x-www-form-urlencoded' };

export interface WebhookCall {
  readonly url: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly account: Account;
  readonly wrongSignature: boolean;
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

export async function callWebhook(call: WebhookCall, { receiptMethod, receiptTimeoutMs }: Knobs): Promise<WebhookResult> {
  const fields = stamped(call);
  const signal = AbortSignal.timeout(receiptTimeoutMs);
  try {
    const response = await send(call.url, fields, receiptMethod, signal);
    await response.body?.cancel();
    const { status } = response;
    if (status >= 200 && status < 300) return { outcome: 'taken', httpStatus: status };
    return { outcome: status === 429 || status >= 500 ? 'again' : 'refused', httpStatus: status };
  } catch {
    return { outcome: 'again', httpStatus: null };
  }
}

function send(url: string, fields: Record<string, string>, method: Knobs['receiptMethod'], signal: AbortSignal): Promise<Response> {
  const redirect = 'manual';
  if (method === 'json') return fetch(url, { method: 'POST', headers: JSON_HEADERS, body: JSON.stringify(fields), signal, redirect });
  const form = new URLSearchParams(fields).toString();
  if (method === 'form') return fetch(url, { method: 'POST', headers: FORM_HEADERS, body: form, signal, redirect });
  return fetch(`${url}${url.includes('?') ? '&' : '?'}${form}`, { signal, redirect });
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
