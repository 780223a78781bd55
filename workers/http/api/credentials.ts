/** Who a request of the API says it is: `Bearer <key>:<secret>` or Basic with the same two. */
import { AppError } from '../../../schema/errors';

export interface KeyAndSecret {
  readonly key: string;
  readonly secret: string;
}

const SECRET_MAX = 256;

/** null where nothing is said. @throws AppError authentication_failed for a header that says it wrongly */
export function authorization(header: string | null): KeyAndSecret | null {
  if (header === null) return null;
  const match = /^(bearer|basic)\s+(\S+)\s*$/i.exec(header);
  if (!match) throw new AppError('authentication_failed');
  const [, scheme = '', token = ''] = match;
  const text = scheme.toLowerCase() === 'basic' ? fromBase64(token) : token;
  const colon = text.indexOf(':');
  const secret = text.slice(colon + 1);
  if (colon < 1 || secret === '' || secret.length > SECRET_MAX) throw new AppError('authentication_failed');
  return { key: text.slice(0, colon), secret };
}

function fromBase64(text: string): string {
  try {
    return atob(text);
  } catch {
    return '';
  }
}

/** Lower-case hex. */
export async function sha256Hex(content: string | Uint8Array<ArrayBuffer>): Promise<string> {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const hash = await crypto.subtle.digest('SHA-256', bytes);
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
