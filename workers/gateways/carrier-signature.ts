/**
 * Signatures of the carrier's webhooks (Vonage, "Signing messages"): parameters sorted by name, `&name=value` joined, `&` and `=` inside
 * values written as `_`, `sig` left out; then md5 over text and secret, or an HMAC. Compared without case and in constant time.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

const HMAC_METHODS = ['md5', 'sha1', 'sha256', 'sha512'] as const;

/** @returns lower-case hex; null for a method that nobody knows */
export function signatureOf(parameters: Readonly<Record<string, string>>, secret: string, method: string): string | null {
  let text = '';
  for (const name of Object.keys(parameters).toSorted()) {
    if (name !== 'sig') text += `&${name}=${(parameters[name] ?? '').replace(/[&=]/g, '_')}`;
  }
  if (method === 'md5hash')
    return createHash('md5')
      .update(text + secret)
      .digest('hex');
  const algorithm = HMAC_METHODS.find((known) => known === method);
  return algorithm === undefined ? null : createHmac(algorithm, secret).update(text).digest('hex');
}

export function signatureMatches(parameters: Readonly<Record<string, string>>, secret: string, method: string): boolean {
  const expected = signatureOf(parameters, secret, method);
  const given = (parameters['sig'] ?? '').toLowerCase();
  return expected !== null && given.length === expected.length && timingSafeEqual(Buffer.from(given), Buffer.from(expected));
}
