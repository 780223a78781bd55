/** The session cookie: a signed name of a session row. `__Host-` binds it to this host, whole site, TLS only. */
import type { SessionId, UserId } from '../../schema/ids';
import { SESSION_LIFETIME_MS } from '../../schema/limits';
import type { Gateways } from '../gateways';
import { readToken, signToken } from '../gateways/tokens';

const NAME = '__Host-jmc';
export const ATTRIBUTES = 'Path=/; Secure; HttpOnly; SameSite=Lax';

/** Complete `Set-Cookie` value. */
export async function sessionCookie({ env }: Pick<Gateways, 'env'>, session: SessionId, user: UserId, now: number): Promise<string> {
  const token = await signToken(env, 'session', { sid: session, uid: user }, now, now + SESSION_LIFETIME_MS);
  return `${NAME}=${token}; ${ATTRIBUTES}; Max-Age=${SESSION_LIFETIME_MS / 1000}`;
}

/** `Set-Cookie` value that makes the browser forget the session. */
export const forgetfulCookie = `${NAME}=; ${ATTRIBUTES}; Max-Age=0`;

/** Which session the request names; null when it names none, or not in our hand. */
export async function readSessionCookie(
  { env }: Pick<Gateways, 'env'>,
  request: Request,
  now: number,
): Promise<{ session: SessionId; user: UserId } | null> {
  const token = cookieValue(request.headers.get('cookie') ?? '', NAME);
  if (token === null) return null;
  const claims = await readToken(env, 'session', token, now);
  if (typeof claims?.['sid'] !== 'string' || typeof claims['uid'] !== 'string') return null;
  return { session: claims['sid'] as SessionId, user: claims['uid'] as UserId };
}

export function cookieValue(header: string, wanted: string): string | null {
  for (const pair of header.split(';')) {
    const [name, value] = pair.trim().split('=', 2);
    if (name === wanted && value) return value;
  }
  return null;
}
