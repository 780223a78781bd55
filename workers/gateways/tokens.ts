/**
 * What the platform signs for itself: session cookies, sign-in challenges, hashes of one-time codes. All under SESSION_SECRET;
 * the audience keeps one kind of token from passing as another.
 */
import { errors, jwtVerify, SignJWT } from 'jose';
import type { Env } from '../../schema/env';

export type TokenAudience = 'session' | 'operator_session' | 'challenge';

const ALGORITHM = 'HS256';
/** RFC 7518 §3.2: an HS256 key is at least as long as its hash. */
const SECRET_MIN_BYTES = 32;

/** Fails closed: a deployment without a real secret answers no session at all. */
function secretBytes({ SESSION_SECRET }: Env): Uint8Array<ArrayBuffer> {
  const bytes = Uint8Array.from(atob(SESSION_SECRET ?? ''), (character) => character.charCodeAt(0));
  if (bytes.length < SECRET_MIN_BYTES) throw new Error(`SESSION_SECRET must be base64 of at least ${SECRET_MIN_BYTES} bytes`);
  return bytes;
}

/** @param expiresAt ms UTC; a JWT counts whole seconds, rounded down. */
export function signToken(
  env: Env,
  audience: TokenAudience,
  claims: Readonly<Record<string, string>>,
  now: number,
  expiresAt: number,
): Promise<string> {
  return new SignJWT({ ...claims })
    .setProtectedHeader({ alg: ALGORITHM })
    .setAudience(audience)
    .setIssuedAt(new Date(now))
    .setExpirationTime(new Date(expiresAt))
    .sign(secretBytes(env));
}

/** The claims of a token that is ours, of this audience and not expired; null for every other text. */
export async function readToken(
  env: Env,
  audience: TokenAudience,
  token: string,
  now: number,
): Promise<Readonly<Record<string, unknown>> | null> {
  try {
    const { payload } = await jwtVerify(token, secretBytes(env), {
      audience,
      algorithms: [ALGORITHM],
      currentDate: new Date(now),
      requiredClaims: ['exp'],
    });
    return payload;
  } catch (thrown) {
    if (thrown instanceof errors.JOSEError) return null;
    throw thrown;
  }
}

/** HMAC-SHA256, hex. Without the secret a six-digit code could be found from its hash in a second. */
export async function keyedHash(env: Env, text: string): Promise<string> {
  const key = await crypto.subtle.importKey('raw', secretBytes(env), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  const hash = await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(text));
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
