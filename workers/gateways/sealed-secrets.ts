/** Secrets of carriers at rest: AES-256-GCM under DATA_KEY, a fresh nonce each. Sealed text is `v1.<nonce>.<ciphertext>`, base64. */
import type { Env } from '../../schema/env';

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const VERSION = 'v1';

const toBytes = (base64: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
const toBase64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes));

function dataKey({ DATA_KEY }: Pick<Env, 'DATA_KEY'>, use: 'encrypt' | 'decrypt'): Promise<CryptoKey> {
  const bytes = toBytes(DATA_KEY ?? '');
  if (bytes.length !== KEY_BYTES) throw new Error(`DATA_KEY must be base64 of ${KEY_BYTES} bytes`);
  return crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, [use]);
}

/** The same text seals differently each time. */
export async function sealSecret(env: Pick<Env, 'DATA_KEY'>, text: string): Promise<string> {
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv: nonce }, await dataKey(env, 'encrypt'), new TextEncoder().encode(text));
  return [VERSION, toBase64(nonce), toBase64(new Uint8Array(sealed))].join('.');
}

/** @throws when the text was not sealed under this DATA_KEY, or has been changed since. */
export async function openSecret(env: Pick<Env, 'DATA_KEY'>, sealed: string): Promise<string> {
  const [version, nonce, ciphertext] = sealed.split('.');
  if (version !== VERSION || !nonce || !ciphertext) throw new Error('a sealed secret is not readable');
  const opened = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: toBytes(nonce) }, await dataKey(env, 'decrypt'), toBytes(ciphertext));
  return new TextDecoder().decode(opened);
}
