/**
 * Signatures of webhooks as Standard Webhooks describe them (spec "symmetric", version v1): HMAC-SHA256 over `id.timestamp.body` under
 * the bytes of the secret, base64. With two live secrets the header holds a signature of each, separated by a space.
 */

const SECRET_PREFIX = 'whsec_';
/** The standard wants 24 to 64. */
const SECRET_BYTES = 32;

const toBase64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes));
const fromBase64 = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));

export const newWebhookSecret = (): string => SECRET_PREFIX + toBase64(crypto.getRandomValues(new Uint8Array(SECRET_BYTES)));

/** Importing a key costs more than signing: each text of a secret is imported once a lane. */
export type WebhookKey = CryptoKey;
export const webhookKey = (secret: string): Promise<WebhookKey> =>
  crypto.subtle.importKey('raw', fromBase64(secret.slice(SECRET_PREFIX.length)), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);

/**
 * Value of `webhook-signature`.
 * @param keys the newest first
 * @param timestamp seconds since 1970, as in `webhook-timestamp`
 */
export async function signWebhook(keys: readonly WebhookKey[], id: string, timestamp: number, body: string): Promise<string> {
  const content = new TextEncoder().encode(`${id}.${timestamp}.${body}`);
  const signatures = await Promise.all(
    keys.map(async (key) => `v1,${toBase64(new Uint8Array(await crypto.subtle.sign('HMAC', key, content)))}`),
  );
  return signatures.join(' ');
}
