/** Age of a signed request, in Vonage's way of signing. */
import { SIGNATURE_AGE_MS } from '../../schema/limits';

/** @param timestamp seconds since 1970, as text; or `YYYY-MM-DD HH:mm:ss` in UTC, as older clients write it */
export function isTimely(timestamp: string | undefined, now: number): boolean {
  if (timestamp === undefined) return false;
  const at = /^\d{1,12}$/.test(timestamp) ? Number(timestamp) * 1_000 : Date.parse(`${timestamp.replace(' ', 'T')}Z`);
  return Math.abs(now - at) <= SIGNATURE_AGE_MS;
}
