/** When a webhook that failed is tried again. */
import { WEBHOOK_LIFETIME_MS, WEBHOOK_PAUSES_MS } from '../../schema/limits';

/** Share of a pause that chance adds, so that what failed together does not come back together. */
const JITTER = 0.2;

/**
 * @param attempts tries that failed so far, from 1
 * @param beganAt of the first try's round, ms UTC
 * @param askedMs what the customer asked for; null when nothing
 * @returns ms UTC; null = given up
 */
export function nextTryAt(
  attempts: number,
  beganAt: number,
  now: number,
  askedMs: number | null,
  random: () => number = Math.random,
): number | null {
  const pause = WEBHOOK_PAUSES_MS[attempts - 1];
  if (pause === undefined) return null;
  const at = now + Math.max(Math.round(pause * (1 + JITTER * random())), askedMs ?? 0);
  return at - beganAt > WEBHOOK_LIFETIME_MS ? null : at;
}

/** Nobody is waited for longer than after the last failure: a slip of theirs, or malice, must not end the traffic. */
const PAUSE_MAX_MS = Math.max(...WEBHOOK_PAUSES_MS);

/** `Retry-After` in either form: seconds or a date; the longest pause at most. @returns null when there is none that can be read, or one in the past */
export function retryAfterMs(header: string | null, now: number): number | null {
  if (header === null) return null;
  const text = header.trim();
  const waitMs = /^\d+$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - now;
  return waitMs > 0 ? Math.min(waitMs, PAUSE_MAX_MS) : null;
}
