/**
 * Vonage's signature of a set of parameters: sorted by name, `&name=value` joined, `&` and `=` inside values written as `_`, `sig` left out.
 * Source: Vonage, "Signing messages".
 */
import { createHash, createHmac } from 'node:crypto';
import type { SignatureMethod } from '../rules/vonage-words';

/** @returns upper-case hex, as Vonage sends it */
export function signParameters(
  parameters: Readonly<Record<string, string>>,
  secret: string,
  method: Exclude<SignatureMethod, 'none'>,
): string {
  let text = '';
  for (const name of Object.keys(parameters).sort()) {
    if (name !== 'sig') text += `&${name}=${(parameters[name] ?? '').replace(/[&=]/g, '_')}`;
  }
  const digest =
    method === 'md5hash'
      ? createHash('md5')
          .update(text + secret)
          .digest('hex')
      : createHmac(method, secret).update(text).digest('hex');
  return digest.toUpperCase();
}
