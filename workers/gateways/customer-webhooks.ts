/** One request to a customer's server. Whatever comes back is a value. */
import { WEBHOOK_ANSWER_SHOWN_BYTES, WEBHOOK_TIMEOUT_MS } from '../../schema/limits';
import { retryAfterMs } from '../rules/webhook-retry';

export interface CustomerRequest {
  readonly url: string;
  readonly method: 'POST' | 'PUT';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface CustomerAnswer {
  /** null = no answer came. */
  readonly status: number | null;
  /** null = taken: any 2xx. A redirect is a refusal: where it leads was never checked, and the body would go there too. */
  readonly error: 'timeout' | 'unreachable' | 'redirect' | 'status' | null;
  /** First bytes, as text; what was in our own headers is left out should it be echoed. */
  readonly answer: string;
  readonly durationMs: number;
  readonly retryAfterMs: number | null;
}

export async function callCustomer(
  { url, method, headers, body }: CustomerRequest,
  secretTexts: readonly string[],
  timeoutMs = WEBHOOK_TIMEOUT_MS,
): Promise<CustomerAnswer> {
  const startedAt = Date.now();
  // A timer of our own, because it can be ended: AbortSignal.timeout would keep the lane awake, and billed, until it is over.
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), timeoutMs);
  const { signal } = abort;
  try {
    const response = await fetch(url, { method, headers, body, redirect: 'manual', signal });
    const answer = masked(await firstBytes(response, signal), secretTexts);
    const { status } = response;
    const isRedirect = status >= 300 && status < 400;
    return {
      status,
      error: response.ok ? null : isRedirect ? 'redirect' : 'status',
      answer,
      durationMs: Date.now() - startedAt,
      retryAfterMs: retryAfterMs(response.headers.get('retry-after'), Date.now()),
    };
  } catch {
    const error = signal.aborted ? 'timeout' : 'unreachable';
    return { status: null, error, answer: '', durationMs: Date.now() - startedAt, retryAfterMs: null };
  } finally {
    clearTimeout(timer);
  }
}

/** The status is what counts: an answer whose body never ends, or breaks off, was an answer all the same. */
async function firstBytes(response: Response, signal: AbortSignal): Promise<string> {
  if (!response.body) return '';
  const reader = response.body.getReader();
  const bytes = new Uint8Array(WEBHOOK_ANSWER_SHOWN_BYTES);
  let size = 0;
  const stop = new Promise<{ done: true; value?: undefined }>((resolve) => {
    signal.addEventListener('abort', () => resolve({ done: true }), { once: true });
  });
  try {
    while (size < bytes.length) {
      const { done, value } = await Promise.race([reader.read(), stop]);
      if (done || !value) break;
      const part = value.subarray(0, bytes.length - size);
      bytes.set(part, size);
      size += part.length;
    }
  } catch {
    // What was read is shown.
  }
  reader.cancel().catch(() => undefined);
  // NUL and other control characters would break whatever shows them.
  return new TextDecoder().decode(bytes.subarray(0, size)).replace(/[^\P{Cc}\n\t]/gu, '�');
}

const masked = (text: string, secrets: readonly string[]): string =>
  secrets.reduce((shown, secret) => (secret.length < 4 ? shown : shown.replaceAll(secret, '***')), text);
